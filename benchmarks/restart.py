"""P9 and P13: what a start takes in time and in memory, whatever the length of the chain."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._histories import write_history
from benchmarks.harness import Measurement, benchmark, measured, paired
from phoenix.adapters.checkpoints import make_key
from phoenix.adapters.snapshots import FileSnapshots, fold_fingerprint
from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.state import State
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.snapshots import Snapshot
from phoenix.ports.store import Fold

SHORT, LONG, LONGEST = 10_000, 100_000, 1_000_000
A_FEW, MANY = 10, 5_000
"""Open positions."""


class Home:
    """A store in a folder of its own, with a signed snapshot of its state."""

    def __init__(self, folder: Path, beads: int, still_open: int = A_FEW) -> None:
        folder.mkdir()
        self.path, self.snapshot, self._key = folder / "phoenix.db", folder / "phoenix.db.snapshot", folder / "key"
        self.public_key = make_key(self._key)
        self.head = write_history(self.path, beads, still_open)

    def open(self, snapshot: Snapshot[State] | None = None) -> SqliteStore[State]:
        return SqliteStore.open(self.path, Fold(EMPTY, evolve), ClaimOffice(), SqliteSettings(), snapshot)

    @property
    def beads(self) -> str:
        return f"{self.head.seq:,}"

    def state(self) -> State:
        with closing(self.open()) as store:
            return store.view().state

    def keep_snapshot(self, state: State) -> None:
        self._snapshots(self._key).keep(Snapshot(self.head, state))

    def fold(self) -> None:
        """Start at the beginning of the chain."""
        self.open().close()

    def start(self) -> None:
        """Start at the snapshot."""
        found = self._snapshots(None).latest()
        if not isinstance(found, Snapshot):
            raise SystemExit(f"P9: {found}")
        self.open(found).close()

    def _snapshots(self, key: Path | None) -> FileSnapshots[State]:
        return FileSnapshots(self.snapshot, State, fold_fingerprint(), key, self.public_key)


@benchmark("P9")
def start() -> Sequence[Measurement]:
    """Opening a store: its chain folded, against being read and decoded; and with a snapshot, long against short."""
    with _home(LONG) as long, _home(SHORT) as short, closing(long.open()) as store:

        def read() -> None:
            deque(store.read(), maxlen=0)

        whole = paired(long.fold, read, operations=1)
        for home in (long, short):
            home.keep_snapshot(home.state())
        from_snapshot = paired(long.start, short.start, operations=10)
    return (
        measured("P9", f"fold {long.beads} beads at a start, against reading and decoding them", whole.wall(), 3.0),
        measured("P9 cpu", "the same, processor time", whole.cpu(), None),
        measured(
            "P9 snapshot", f"start from a snapshot, {long.beads} beads against {short.beads}", from_snapshot.wall(), 1.2
        ),
        measured("P9 snapshot cpu", "the same, processor time", from_snapshot.cpu(), None),
    )


@benchmark("P13")
def memory() -> Sequence[Measurement]:
    """What a process of its own comes to that opens a store and reads it from end to end."""
    with _home(LONGEST) as longest, _home(SHORT) as few, _home(MANY, MANY) as many:
        longest.keep_snapshot(few.state())  # as many positions are open; to fold a million beads would take a minute
        long = _told_by(longest.path, longest.snapshot, longest.public_key)
        a_few, a_lot = _told_by(few.path), _told_by(many.path)
    each_kb = (a_lot["known_mb"] - a_few["known_mb"]) * 1024 / (a_lot["positions"] - a_few["positions"])
    short_mb, long_mb = a_few["most_mb"], long["most_mb"]
    return (
        Measurement(
            "P13", f"the most held at {longest.beads} beads, MB", long_mb, 200.0, long_mb, short_mb,
            unit="MB",
        ),
        Measurement(
            "P13 position", f"held for each of {MANY:,} open positions, KB", each_kb, 2.0, a_lot["known_mb"],
            a_few["known_mb"], unit="MB",
        ),
    )  # fmt: skip


@contextmanager
def _home(beads: int, still_open: int = A_FEW) -> Iterator[Home]:
    with TemporaryDirectory() as folder:
        yield Home(Path(folder) / "home", beads, still_open)


def _told_by(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks._memory", *map(str, arguments)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told
