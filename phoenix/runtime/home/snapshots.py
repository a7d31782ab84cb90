"""The home's snapshots of the folded state: where a start begins to fold, and when the next one is due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from phoenix.domain.state import State
from phoenix.ports.errors import StoreUnavailable
from phoenix.ports.snapshots import Snapshot, SnapshotSink, Unusable
from phoenix.ports.store import BeadStore
from phoenix.runtime.home.directory import Home
from phoenix.runtime.saying import Say

if TYPE_CHECKING:
    from phoenix.adapters.snapshots import FileSnapshots


def open_snapshots(home: Home) -> FileSnapshots[State]:
    """The home's snapshots, with the key that signs them. Raises ConfigurationError."""
    return _snapshots(home, home.private_key)


def latest_snapshot(home: Home) -> Snapshot[State] | Unusable | None:
    """The newest snapshot, for whoever has the public key. Raises ConfigurationError where that is no key."""
    if not home.snapshot.exists():
        return None
    if not home.settings.checkpoints.public_key:
        return Unusable("the snapshot cannot be trusted: there is no checkpoints.public_key to verify it with")
    return _snapshots(home, None).latest()


def _snapshots(home: Home, private_key: Path | None) -> FileSnapshots[State]:
    """Verifying and signing take a while to import, so only where there is a snapshot, or one is due."""
    from phoenix.adapters.snapshots import FileSnapshots, fold_fingerprint

    public_key = home.settings.checkpoints.public_key
    return FileSnapshots(home.snapshot, State, fold_fingerprint(), private_key, public_key)


def starting_point(home: Home, say: Say) -> Snapshot[State] | None:
    """Where folding may begin; None for the beginning of the chain, and it is said why where a snapshot is no use."""
    found = latest_snapshot(home)
    if isinstance(found, Unusable):
        say(f"{home.snapshot}: {found.reason}. It is left aside and the whole chain is folded")
        return None
    return found


class Snapshots:
    """Watches how many beads a start would have to fold, and keeps a snapshot when they are too many."""

    def __init__(
        self, store: BeadStore[State], sink: SnapshotSink[State], every_beads: int, folded_seq: int, say: Say
    ) -> None:
        self._store = store
        self._sink = sink
        self._every_beads = every_beads
        self._folded_seq = folded_seq
        self._say = say

    def keep_if_due(self) -> None:
        if self._store.head().seq - self._folded_seq >= self._every_beads:
            self.keep()

    def keep(self) -> None:
        """Keep a snapshot of the state as it is now, unless the last one is of it.

        Where that fails it is said, and tried again when the next one is due: the chain holds everything.
        """
        view = self._store.view()
        if view.head.seq == self._folded_seq:
            return
        self._folded_seq = view.head.seq
        try:
            self._sink.keep(Snapshot(view.head, view.state))
        except StoreUnavailable as error:
            self._say(f"{error}. Nothing is lost: the next start folds more of the chain")
