"""One minute of an instrument's market, both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MinuteBar:
    """The minute that begins at `start` (UTC). Prices are quoted as the instrument is."""

    start: datetime
    bid_open: Decimal
    bid_high: Decimal
    bid_low: Decimal
    bid_close: Decimal
    ask_open: Decimal
    ask_high: Decimal
    ask_low: Decimal
    ask_close: Decimal

    @property
    def is_crossed(self) -> bool:
        """Whether the minute opened with the ask below the bid."""
        return self.ask_open < self.bid_open


@dataclass(frozen=True, slots=True)
class Bars:
    """The minutes of one pair, oldest first, no two alike. Minutes without a quote are simply not there."""

    pair: str
    minutes: Sequence[MinuteBar]

    @property
    def crossed(self) -> int:
        """How many minutes opened crossed. They are kept: sources have such minutes, and prices are never corrected."""
        return sum(minute.is_crossed for minute in self.minutes)
