"""A core in virtual time whose signals are followed as shadow over bars of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.shadow.memory import MemoryFile
from phoenix.adapters.shadow.tracker import ShadowTracker, TrackerOptions
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.prices import PriceBar, PriceFeed, Tick
from phoenix.application.promotion.shadow_watch import ShadowWatch
from phoenix.application.simulation import run_now
from phoenix.ports.calendar import TradingCalendar
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.world import World


class ShadowedWorld(World):
    """A world with a tracker beside it. `tick` moves the tracker's own prices; nothing there reaches the broker."""

    def __init__(
        self, *, feed: PriceFeed | None = None, calendar: TradingCalendar | None = None, file: MemoryFile | None = None,
        **settings: Any,
    ) -> None:  # fmt: skip
        super().__init__(**settings)
        start = self.now
        self.quotes = QuoteFeed("GBPUSD", [Tick(start, Decimal("1.26000"), Decimal("1.26010"))])
        self.calendar = calendar or AlwaysOpen()
        feeds = {"GBPUSD": feed or self.quotes}
        self.tracker = ShadowTracker(TrackerOptions(INSTRUMENTS), feeds, self.calendar, start, file)
        self.watch = ShadowWatch(self.container.store(), self.tracker, self.executor, self.calendar)
        run_now(self.watch.start())

    def turn(self) -> None:
        run_now(self.watch.turn(self.now))

    def tick(self, bid: str, seconds: float = 1) -> None:
        """A price a while from now, which the tracker sees when it comes."""
        at = self.now + timedelta(seconds=seconds)
        self.quotes.add(Tick(at, Decimal(bid), Decimal(bid) + Decimal("0.0001")))
        self.wait(seconds)
        self.turn()

    def until(self, at: datetime) -> None:
        self.wait((at - self.now).total_seconds())
        self.turn()


def midnight_after(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def bars_until(bars: Sequence[PriceBar]) -> datetime:
    """The instant at which the last bar is over."""
    return bars[-1].start + timedelta(minutes=1)
