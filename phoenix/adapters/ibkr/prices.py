"""The best bid and ask of every instrument, as the gateway streams them, and how long they have stood."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.ibkr.causes import delayed
from phoenix.adapters.ibkr.meanings import ASK_TICK, BID_TICK, LIVE_PRICES
from phoenix.domain.numbers import ZERO
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_facts import Quote


@dataclass(slots=True, eq=False)
class Stream:
    """One subscription. `bid_at` and `ask_at` are when each side was last heard."""

    pair: str
    request_id: int
    bid: Decimal | None = None
    ask: Decimal | None = None
    bid_at: datetime | None = None
    ask_at: datetime | None = None
    interrupted_at: datetime | None = None
    kind: int = LIVE_PRICES
    trouble: Unknown | None = None
    quoted: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, tick_type: int, price: Decimal, now: datetime) -> None:
        """Take in a tick. A price of zero or less says that there is none on that side."""
        known = price if price > ZERO else None
        if tick_type == BID_TICK:
            self.bid, self.bid_at = known, now
        elif tick_type == ASK_TICK:
            self.ask, self.ask_at = known, now
        else:
            return
        self.trouble = None
        if self.bid is not None and self.ask is not None:
            self.quoted.set()

    def fail(self, why: Unknown) -> None:
        """The stream broke off, and what it said before is no quote any more."""
        self.trouble, self.bid, self.ask = why, None, None
        self.quoted.set()

    def answer(self) -> Answer[Quote]:
        """Frozen prices are as old as the last session, delayed ones a quarter of an hour: neither can be dated."""
        if self.trouble is not None:
            return Unknown(f"{self.pair}: {self.trouble.reason}", self.trouble.remedy)
        if self.kind != LIVE_PRICES:
            return delayed(self.pair)
        if self.bid is None or self.ask is None or self.bid_at is None or self.ask_at is None:
            return Unknown(f"{self.pair}: the gateway shows no bid and ask")
        as_of = self._as_of(self.bid_at, self.ask_at)
        return Complete(Quote(self.pair, self.bid, self.ask, as_of), as_of)

    def _as_of(self, bid_at: datetime, ask_at: datetime) -> datetime:
        """The last word on either side, since a side that stays is not repeated; unless it may have changed unheard."""
        oldest, latest = sorted((bid_at, ask_at))
        return oldest if self.interrupted_at is not None and oldest <= self.interrupted_at else latest


class Prices:
    """The streams by pair and by request."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._by_pair: dict[str, Stream] = {}
        self._by_request: dict[int, Stream] = {}

    def open(self, pair: str, request_id: int) -> Stream:
        """A new stream in place of the pair's former one."""
        stream = self._by_pair[pair] = self._by_request[request_id] = Stream(pair, request_id)
        return stream

    def close_all(self) -> None:
        """Forget all streams. Whoever waits for one gets no quote of it."""
        self.fail_all("the stream is opened anew")
        self._by_pair, self._by_request = {}, {}

    def of_request(self, request_id: int) -> Stream | None:
        return self._by_request.get(request_id)

    def fail(self, request_id: int, why: Unknown) -> None:
        """No prices come on a stream any more; on none at all, where the request is not one of a stream."""
        stream = self._by_request.get(request_id)
        for failing in self._by_request.values() if stream is None else (stream,):
            failing.fail(why)

    def interrupt(self, now: datetime) -> None:
        """Prices may change from now on without our hearing of it."""
        for stream in self._by_pair.values():
            stream.interrupted_at = now

    def fail_all(self, why: str) -> None:
        """The session is over."""
        for stream in self._by_pair.values():
            stream.fail(Unknown(why))

    async def quote(self, pair: str) -> Answer[Quote]:
        """The latest quote; the first one of a stream is waited for."""
        stream = self._by_pair.get(pair)
        if stream is None:
            return Unknown(f"{pair} is not configured, so its prices are not followed")
        if stream.quoted.is_set():
            return stream.answer()
        try:
            await asyncio.wait_for(stream.quoted.wait(), self._timeout_s)
        except TimeoutError:
            return Unknown(f"the gateway gave no prices of {pair} within {self._timeout_s:g} s")
        return stream.answer()
