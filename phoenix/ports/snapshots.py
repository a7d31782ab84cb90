"""Where the folded state is kept between two starts, so that a start need not fold the whole chain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from phoenix.ports.store import Head

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[S]):
    """The state folded from every bead up to `head`."""

    head: Head
    state: S


@dataclass(frozen=True, slots=True)
class Unusable:
    """A snapshot is there and cannot be trusted or read, for this reason."""

    reason: str


class SnapshotSink(ABC, Generic[S]):
    """Keeps the newest snapshot. It is a view of the chain, never a source: it can be thrown away at any time."""

    @abstractmethod
    def keep(self, snapshot: Snapshot[S]) -> None:
        """Sign a snapshot and keep it durably in the place of the former one. Raises StoreUnavailable."""

    @abstractmethod
    def latest(self) -> Snapshot[S] | Unusable | None:
        """The newest snapshot, its signature verified; None when none was ever kept."""
