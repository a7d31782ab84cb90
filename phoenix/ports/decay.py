"""Who says that a strategy wears out: Signalman, or whoever takes its place (SPEC 3.3)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from phoenix.domain.beads.envelope import Bead, BeadType


@dataclass(frozen=True, slots=True)
class DecayReading:
    """How far a strategy, or without one all of them, has decayed: 0 is sound, 1 is worn out. `detail` says why."""

    strategy_id: str | None
    score: Decimal
    detail: str


class DecaySource(ABC):
    """Watches the chain and speaks up. Neither method may raise, or take long."""

    kinds: frozenset[BeadType] = frozenset({BeadType.AUTOPSY, BeadType.DECAY})
    """The bead types it wants to see."""

    @abstractmethod
    def observe(self, bead: Bead) -> None:
        """Take note of a bead. After a start, all of them are shown again, oldest first."""

    @abstractmethod
    def readings(self) -> Sequence[DecayReading]:
        """What there is to say by now that was not said before. What was said comes back as DECAY beads."""


DecayFactory: TypeAlias = Callable[[Mapping[str, object]], DecaySource]
"""Makes a source from its options; an entry point of the group `phoenix.decay_sources` names one."""
