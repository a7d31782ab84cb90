"""Prices as they are observed, quote by quote: what a tracker follows while the executor runs."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from phoenix.adapters.simulation.prices import MarketQuote, PriceBar, PriceFeed, Tick


class ObservedFeed(PriceFeed):
    """Hands on each quote once. One that is not newer than the last is no news."""

    is_quote_driven = True

    def __init__(self, pair: str) -> None:
        self.pair = pair
        self._unread: deque[Tick] = deque()
        self._last: Tick | None = None

    def add(self, tick: Tick) -> None:
        """Observe a quote."""
        if self._last is None or tick.start > self._last.start:
            self._unread.append(tick)
            self._last = tick

    def next_at(self, not_before: datetime) -> datetime | None:
        return next((tick.start for tick in self._unread if tick.start >= not_before), None)

    def take(self, not_before: datetime) -> PriceBar:
        while self._unread:
            tick = self._unread.popleft()
            if tick.start >= not_before:
                return tick
        raise LookupError(f"no quote of {self.pair} was observed since {not_before.isoformat()}")

    def quote(self, now: datetime) -> MarketQuote | None:
        last = self._last
        return None if last is None or last.start > now else MarketQuote(last.bid, last.ask, last.start)

    def position(self) -> str:
        return ""

    def resume(self, position: str) -> None:
        """What was observed before belongs to another process."""
