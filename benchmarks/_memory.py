"""`python -m benchmarks._memory STORE [SNAPSHOT PUBLIC_KEY]`: opens a store and reads it from end to end; tells, as
JSON, how many positions are open, the megabytes it took to know them, and the most that it ever took."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from phoenix.adapters.snapshots import FileSnapshots, fold_fingerprint
from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.state import State
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.snapshots import Snapshot
from phoenix.ports.store import Fold


def main(store: str, *signed: str) -> None:
    opened = SqliteStore.open(store, Fold(EMPTY, evolve), ClaimOffice(), SqliteSettings(), _snapshot(*signed))
    positions = len(opened.view().state.positions)
    gc.collect()
    known_mb = _megabytes("VmRSS")
    decisions = sum(1 for _ in opened.read_of({BeadType.DECISION}))
    if not opened.verify(thorough=False).ok or not decisions:
        raise SystemExit("P13: the chain cannot be read")
    opened.close()
    print(json.dumps({"positions": positions, "known_mb": known_mb, "most_mb": _megabytes("VmHWM")}))


def _snapshot(path: str | None = None, public_key: str = "") -> Snapshot[State] | None:
    if path is None:
        return None
    found = FileSnapshots(path, State, fold_fingerprint(), None, public_key).latest()
    if not isinstance(found, Snapshot):
        raise SystemExit(f"P13: {found}")
    return found


def _megabytes(name: str) -> float:
    """A figure of this process as Linux keeps it: VmRSS is what it holds now, VmHWM the most it ever held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
