"""Feeds that are known beforehand: bars of a recorded market, and scripted quotes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from phoenix.adapters.simulation.prices import MarketQuote, PriceBar, PriceFeed, Tick
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import require_utc

MINUTE = timedelta(minutes=1)


class BarFeed(PriceFeed):
    """Recorded bars, oldest first. At an instant, a bar that began then is known only once it was read."""

    is_quote_driven = False

    def __init__(self, pair: str, bars: Sequence[PriceBar], interval: timedelta = MINUTE) -> None:
        self.pair = pair
        self._bars = bars
        self._starts = [require_utc(bar.start) for bar in bars]
        self._interval = interval
        self._cursor = 0
        self.crossed_bars = sum(bar.ask_open < bar.bid_open for bar in bars)
        if any(later <= earlier for earlier, later in zip(self._starts, self._starts[1:], strict=False)):
            raise InvalidValue(f"bars.{pair}", "starts do not rise", "Sort the bars and keep each start once")

    def next_at(self, not_before: datetime) -> datetime | None:
        index = self._index(not_before)
        return self._starts[index] if index < len(self._starts) else None

    def take(self, not_before: datetime) -> PriceBar:
        index = self._index(not_before)
        bar = self._bars[index]
        self._cursor = index + 1
        return bar

    def quote(self, now: datetime) -> MarketQuote | None:
        """The open of a bar that has begun, its close once it is over."""
        index = max(self._cursor, bisect_left(self._starts, now)) - 1
        if index < 0:
            return None
        bar, start = self._bars[index], self._starts[index]
        if now < start + self._interval:
            return MarketQuote(bar.bid_open, bar.ask_open, start)
        return MarketQuote(bar.bid_close, bar.ask_close, start + self._interval)

    def position(self) -> str:
        return str(self._cursor)

    def resume(self, position: str) -> None:
        cursor = int(position)
        if not 0 <= cursor <= len(self._bars):
            raise InvalidValue(f"bars.{self.pair}", f"position {position} is not in them", "Give the bars of this book")
        self._cursor = cursor

    def _index(self, not_before: datetime) -> int:
        cursor = self._cursor
        if cursor < len(self._starts) and self._starts[cursor] < not_before:
            return bisect_left(self._starts, not_before, cursor)
        return cursor


class QuoteFeed(PriceFeed):
    """Scripted quotes; each stands, repeated without pause, until the next."""

    is_quote_driven = True

    def __init__(self, pair: str, quotes: Iterable[Tick]) -> None:
        self.pair = pair
        self._ticks: list[Tick] = []
        self._starts: list[datetime] = []
        self._cursor = 0
        for tick in quotes:
            self.add(tick)

    def add(self, tick: Tick) -> None:
        """Script one more quote, later than those before it."""
        if self._starts and tick.start <= self._starts[-1]:
            raise InvalidValue(f"quotes.{self.pair}", f"{tick.start} is not later", "Add quotes in order of time")
        self._ticks.append(tick)
        self._starts.append(require_utc(tick.start))

    def next_at(self, not_before: datetime) -> datetime | None:
        index = self._index(not_before)
        return self._starts[index] if index < len(self._starts) else None

    def take(self, not_before: datetime) -> PriceBar:
        index = self._index(not_before)
        self._cursor = index + 1
        return self._ticks[index]

    def quote(self, now: datetime) -> MarketQuote | None:
        index = bisect_right(self._starts, now) - 1
        return None if index < 0 else MarketQuote(self._ticks[index].bid, self._ticks[index].ask, now)

    def position(self) -> str:
        return str(self._cursor)

    def resume(self, position: str) -> None:
        self._cursor = int(position)

    def _index(self, not_before: datetime) -> int:
        return max(self._cursor, bisect_left(self._starts, not_before))
