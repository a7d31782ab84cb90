"""A feed that makes its own prices: a seeded random walk."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b

from phoenix.adapters.simulation.prices import MarketQuote, PriceBar, PriceFeed, Tick
from phoenix.domain.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """A random walk: its first bid, its step and spread (price distances), the time between quotes, and its seed."""

    pair: str
    begins_at: datetime
    bid: Decimal
    step: Decimal
    spread: Decimal
    interval: timedelta
    seed: int

    def __post_init__(self) -> None:
        if not (self.bid > 0 and self.step > 0 and self.spread >= 0 and self.interval > timedelta(0)):
            raise InvalidValue(f"walk.{self.pair}", "bid, step and interval must be above zero", "Correct the walk")


class WalkFeed(PriceFeed):
    """A seeded walk of up to three steps a quote, made as far as it is asked for.

    Each move follows from the seed and the quote's number alone, so a walk can be resumed anywhere.
    """

    is_quote_driven = True

    def __init__(self, plan: WalkPlan) -> None:
        self.pair = plan.pair
        self._plan = plan
        self._next = 0
        self._base = 0
        self._bids: deque[Decimal] = deque([plan.bid])

    def next_at(self, not_before: datetime) -> datetime | None:
        return self._start(self._number(not_before))

    def take(self, not_before: datetime) -> PriceBar:
        number = self._number(not_before)
        tick = self._tick(number)
        self._next = number + 1
        return tick

    def forget(self, before: datetime) -> None:
        number = (before - self._plan.begins_at) // self._plan.interval
        if number > self._base:
            self._drop_before(number)

    def quote(self, now: datetime) -> MarketQuote | None:
        number = (now - self._plan.begins_at) // self._plan.interval
        if number < 0:
            return None
        tick = self._tick(max(number, self._base))
        return MarketQuote(tick.bid, tick.ask, tick.start)

    def terms(self) -> str:
        plan = self._plan
        return (
            f"bid {plan.bid}, step {plan.step}, spread {plan.spread}, interval {plan.interval.total_seconds():g} s, "
            f"seed {plan.seed}"
        )

    def position(self) -> str:
        return f"{self._next} {self._base} {self._bids[0]}"

    def resume(self, position: str) -> None:
        upcoming, base, bid = position.split()
        self._next, self._base, self._bids = int(upcoming), int(base), deque([Decimal(bid)])

    def _drop_before(self, number: int) -> None:
        """Go on to a quote, making those on the way and keeping none of them."""
        bids = self._bids
        while self._base < number:
            bid = bids.popleft()
            self._base += 1
            if not bids:
                bids.append(self._moved(bid, self._base))

    def _number(self, not_before: datetime) -> int:
        return max(self._next, -((self._plan.begins_at - not_before) // self._plan.interval))

    def _start(self, number: int) -> datetime:
        return self._plan.begins_at + number * self._plan.interval

    def _tick(self, number: int) -> Tick:
        while len(self._bids) <= number - self._base:
            self._bids.append(self._moved(self._bids[-1], self._base + len(self._bids)))
        bid = self._bids[number - self._base]
        return Tick(self._start(number), bid, bid + self._plan.spread)

    def _moved(self, bid: Decimal, number: int) -> Decimal:
        digest = blake2b(f"{self._plan.seed}/{self.pair}/{number}".encode(), digest_size=8).digest()
        moved = bid + (int.from_bytes(digest, "big") % 7 - 3) * self._plan.step
        return moved if moved > 0 else bid
