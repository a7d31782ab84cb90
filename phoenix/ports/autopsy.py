"""Who examines closed positions. It works beside the trading, and can never touch a position (SPEC 3.11)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.beads.trading import AutopsyPayload


@dataclass(frozen=True, slots=True)
class Examined:
    """An autopsy that is done."""

    closed: AutopsyInput
    autopsy: AutopsyPayload


@dataclass(frozen=True, slots=True)
class ExaminationFailed:
    """An autopsy that came to nothing. It can be begun again."""

    closed: AutopsyInput
    reason: str


Examination: TypeAlias = Examined | ExaminationFailed


class Autopsist(ABC):
    """Examines closed positions, shadow trades among them. Neither method may raise, or take long."""

    @abstractmethod
    def begin(self, closed: AutopsyInput) -> None:
        """Begin an examination and return at once. One that is under way is not begun twice."""

    @abstractmethod
    def finished(self) -> Sequence[Examination]:
        """What has been finished since the last call, in order."""
