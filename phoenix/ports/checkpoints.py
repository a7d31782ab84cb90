"""Where signed checkpoints of the chain's head are kept, apart from the database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain ended at `seq` with `bead_hash` (hexadecimal) at `taken_at`."""

    seq: int
    bead_hash: str
    taken_at: datetime


class CheckpointSink(ABC):
    @abstractmethod
    def keep(self, checkpoint: Checkpoint) -> None:
        """Sign and keep a checkpoint durably."""

    @abstractmethod
    def latest(self) -> Checkpoint | None:
        """The newest checkpoint, its signature verified; None when none was ever kept. Raises StoreCorrupt."""
