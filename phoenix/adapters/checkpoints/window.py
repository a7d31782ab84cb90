"""Holding a chain against its last checkpoint: the chain itself cannot see that its own tail was cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from phoenix.adapters.store.chain import GENESIS
from phoenix.domain.instants import instant_text
from phoenix.ports.checkpoints import Checkpoint, CheckpointSink
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.store import BeadStore


@dataclass(frozen=True, slots=True)
class CheckpointWindow:
    """What no checkpoint covers: the beads behind `checkpoint`, or all of them where there is none."""

    checkpoint: Checkpoint | None
    uncovered_beads: int

    def __str__(self) -> str:
        if self.checkpoint is None:
            return f"no checkpoint covers any of the {self.uncovered_beads} beads"
        taken_at = instant_text(self.checkpoint.taken_at)
        return f"{self.uncovered_beads} beads since the checkpoint at bead {self.checkpoint.seq}, taken {taken_at}"


def verify_against_checkpoint(store: BeadStore[Any], sink: CheckpointSink) -> CheckpointWindow:
    """The window since the last checkpoint. Raises StoreCorrupt where the chain is not the checkpointed one."""
    checkpoint = sink.latest()
    head = store.head()
    if checkpoint is None:
        return CheckpointWindow(None, head.seq)
    seen = f"the checkpoint at bead {checkpoint.seq}, taken {instant_text(checkpoint.taken_at)}"
    if head.seq < checkpoint.seq:
        raise StoreCorrupt(
            f"the chain ends at bead {head.seq}, before {seen}: {checkpoint.seq - head.seq} or more beads are gone. "
            "The tail was cut off or an old backup restored; do not trade, restore the newest copy"
        )
    if _hash_at(store, checkpoint.seq) != checkpoint.bead_hash:
        raise StoreCorrupt(
            f"bead {checkpoint.seq} is not the one of {seen}: this is a different chain, or it was rewritten. "
            "Do not trade, restore the right copy"
        )
    return CheckpointWindow(checkpoint, head.seq - checkpoint.seq)


def _hash_at(store: BeadStore[Any], seq: int) -> str | None:
    if seq == GENESIS.seq:
        return GENESIS.bead_hash.hex()
    return next((item.bead_hash.hex() for item in store.read(after_seq=seq - 1, limit=1)), None)
