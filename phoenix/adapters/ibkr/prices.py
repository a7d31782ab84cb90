"""The best bid and ask of every instrument, as the gateway streams them, and how long they have stood."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.ibkr.causes import delayed
from phoenix.adapters.ibkr.meanings import ASK_TICK, BID_TICK, FROZEN_PRICES, LIVE_PRICES
from phoenix.domain.numbers import ZERO
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_facts import Quote

_USABLE_KINDS = (LIVE_PRICES, FROZEN_PRICES)


@dataclass(slots=True, eq=False)
class Stream:
    """One subscription. `as_of` is when a price was last heard."""

    pair: str
    request_id: int
    bid: Decimal | None = None
    ask: Decimal | None = None
    as_of: datetime | None = None
    kind: int = LIVE_PRICES
    trouble: Unknown | None = None
    quoted: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, tick_type: int, price: Decimal, now: datetime) -> None:
        """Take in a tick. A price of zero or less says that there is none on that side."""
        if tick_type not in (BID_TICK, ASK_TICK):
            return
        known = price if price > ZERO else None
        if tick_type == BID_TICK:
            self.bid = known
        else:
            self.ask = known
        self.as_of, self.trouble = now, None
        if self.bid is not None and self.ask is not None:
            self.quoted.set()

    def fail(self, why: Unknown) -> None:
        self.trouble = why
        self.quoted.set()

    def answer(self) -> Answer[Quote]:
        if self.trouble is not None:
            return Unknown(f"{self.pair}: {self.trouble.reason}", self.trouble.remedy)
        if self.kind not in _USABLE_KINDS:
            return delayed(self.pair)
        if self.bid is None or self.ask is None or self.as_of is None:
            return Unknown(f"{self.pair}: the gateway shows no bid and ask")
        return Complete(Quote(self.pair, self.bid, self.ask, self.as_of), self.as_of)


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

    def close_all(self) -> list[int]:
        """Forget all streams; their requests."""
        requests = list(self._by_request)
        self._by_pair, self._by_request = {}, {}
        return requests

    def of_request(self, request_id: int) -> Stream | None:
        return self._by_request.get(request_id)

    def fail(self, request_id: int, why: Unknown) -> None:
        """No prices come on a stream any more; on none at all, where the request is not one of a stream."""
        stream = self._by_request.get(request_id)
        for failing in self._by_request.values() if stream is None else (stream,):
            failing.fail(why)

    def pairs(self) -> Iterable[str]:
        return tuple(self._by_pair)

    async def quote(self, pair: str) -> Answer[Quote]:
        """The latest quote; the first one of a stream is waited for."""
        stream = self._by_pair.get(pair)
        if stream is None:
            return Unknown(f"{pair} is not configured, so its prices are not followed")
        try:
            await asyncio.wait_for(stream.quoted.wait(), self._timeout_s)
        except TimeoutError:
            return Unknown(f"the gateway gave no prices of {pair} within {self._timeout_s:g} s")
        return stream.answer()
