"""Small markets for the tracker, from the worlds of the replay tests: one line a minute from Monday 08:00 UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.market.minute_bar import MinuteBar
from phoenix.adapters.shadow.memory import MemoryFile
from phoenix.adapters.shadow.tracker import ShadowTracker, TrackerOptions
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.application.signals.cse import read_signal
from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.signal import Signal
from phoenix.ports.performance import ShadowClose, ShadowRefusal, ShadowSession
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.signals import signal_document
from tests.replay.oracle import Bar
from tests.replay.worlds import market, minute

STRATEGY = "fvg-retest"


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def minute_bars(bars: Sequence[Bar]) -> list[MinuteBar]:
    return [MinuteBar(bar.start, *map(decimal, (*bar.bid, *bar.ask))) for bar in bars]


def signal(number: int = 1, at_minute: int = 0, **changes: Any) -> Signal:
    changes = {"entry": "1.25000", "stop": "1.24800", "target": "1.25400", **changes}
    return read_signal(signal_document(number=number, at=minute(at_minute), **changes))


class TrackedMarket:
    """A tracker over bars of GBPUSD, told of signals and moved through time by the minute."""

    def __init__(self, *lines: str, file: MemoryFile | None = None, hours_min: int = 1) -> None:
        self.bars = minute_bars(market(*lines))
        options = TrackerOptions(INSTRUMENTS, regime=RegimeRule(hours_min=hours_min))
        self.tracker = ShadowTracker(options, {"GBPUSD": BarFeed("GBPUSD", self.bars)}, AlwaysOpen(), minute(0), file)

    def follow(self, *signals: Signal) -> TrackedMarket:
        for one in signals:
            self.tracker.follow(one, one.timestamp)
        return self

    def until(self, at_minute: int) -> TrackedMarket:
        self.tracker.advance(minute(at_minute), (STRATEGY,))
        return self

    def until_instant(self, at: datetime, strategies: Sequence[str] = (STRATEGY,)) -> TrackedMarket:
        self.tracker.advance(at, strategies)
        return self

    @property
    def closes(self) -> list[AutopsyInput]:
        return [one.closed for one in self.tracker.reports() if isinstance(one, ShadowClose)]

    @property
    def sessions(self) -> list[ShadowSession]:
        return [one for one in self.tracker.reports() if isinstance(one, ShadowSession)]

    @property
    def refusals(self) -> list[ShadowRefusal]:
        return [one for one in self.tracker.reports() if isinstance(one, ShadowRefusal)]


MIDNIGHT = minute(0).replace(hour=0) + timedelta(days=1)
"""The end of the session that a made-up market lies in."""
