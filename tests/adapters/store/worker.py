"""A process of its own that works on a store, for tests of several processes and of sudden death.

append NAME COUNT   append COUNT signals, one to a unit of work; a line for each once it is acknowledged
claim COUNT         try to use each of COUNT tokens; a line for each that was won
"""

from __future__ import annotations

import sys

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreConflict
from tests.adapters.store.beads import TALLY, Tally, prepared, proposal, signal, token_used


def main() -> None:
    path, what, *arguments = sys.argv[1:]
    store = SqliteStore.open(path, TALLY, ClaimOffice())
    if what == "append":
        append(store, arguments[0], int(arguments[1]))
    else:
        claim(store, arguments[0], int(arguments[1]))
    store.close()


def append(store: SqliteStore[Tally], name: str, count: int) -> None:
    for number in range(count):
        bead = signal(f"{name} {number}")
        committed = store.transact(lambda _, bead=bead: proposal(bead))  # type: ignore[misc]
        say(f"{committed.sealed[0].seq} {bead.bead_id}")


def claim(store: SqliteStore[Tally], name: str, count: int) -> None:
    for number in range(count):
        intent, token = f"I{number}", f"T{number}"
        beads = (token_used(intent, token, f"{name} uses {token}"), prepared(intent, token, f"{name} sends {token}"))
        try:
            store.transact(lambda _, beads=beads: proposal(*beads))  # type: ignore[misc]
        except StoreConflict:
            continue
        say(token)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
