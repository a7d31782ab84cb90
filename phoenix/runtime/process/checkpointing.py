"""Taking checkpoints when they are due: the bead first, then the signed line outside the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from phoenix.config.settings import CheckpointSettings
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.beads.operations import CheckpointPayload
from phoenix.domain.state import State
from phoenix.ports.checkpoints import Checkpoint, CheckpointSink
from phoenix.ports.ids import IdSource
from phoenix.ports.store import BeadStore, Head, Proposal, View

_OWN_BEADS = 1
"""The bead of the last checkpoint stands behind it; by itself it calls for no other."""


class Checkpoints:
    """Watches how many beads, and how much time, no checkpoint covers."""

    def __init__(
        self, store: BeadStore[State], sink: CheckpointSink, settings: CheckpointSettings, ids: IdSource,
        covered_seq: int, taken_at: datetime,
    ) -> None:  # fmt: skip
        self._store = store
        self._sink = sink
        self._settings = settings
        self._ids = ids
        self._covered_seq = covered_seq
        self._taken_at = taken_at

    def take_if_due(self, now: datetime) -> None:
        """Take one when enough beads or seconds have passed since the last."""
        uncovered = self._store.head().seq - self._covered_seq - _OWN_BEADS
        is_old = now - self._taken_at >= timedelta(seconds=self._settings.every_s)
        if uncovered >= self._settings.every_beads or (uncovered > 0 and is_old):
            self.take(now)

    def take(self, now: datetime) -> Checkpoint:
        """Take one now. Raises StoreUnavailable or StoreCorrupt."""

        def stated(view: View[State]) -> Proposal[Head]:
            head = view.head
            payload = CheckpointPayload(head.seq, head.bead_hash.hex(), "file")
            return Proposal((Bead(self._ids.new_id(), payload, SYSTEM, now),), head)

        head = self._store.transact(stated).result
        checkpoint = Checkpoint(head.seq, head.bead_hash.hex(), now)
        self._sink.keep(checkpoint)
        self._covered_seq, self._taken_at = head.seq, now
        return checkpoint
