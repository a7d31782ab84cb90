"""Questions that wait for their answer. An answer is complete at its end marker, and not before."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from phoenix.ports.answers import Answer, Complete, Unknown

FIRST_REQUEST_ID = 2_000_000_000
"""Far above any order id, since errors name orders and requests in one field."""
_NEVER_ANSWERED = timedelta(seconds=60)
"""An end marker that is owed for longer than this will not come."""


class Kind(StrEnum):
    """Questions whose answers the wire does not number: one at a time."""

    OPEN_ORDERS = "open orders"
    COMPLETED_ORDERS = "completed orders"
    HOLDINGS = "positions"
    TIME = "server time"


@dataclass(slots=True, eq=False)
class Pending:
    """What was heard so far of one answer. `as_of` is when the gateway was asked: it knew no less than that."""

    as_of: datetime
    items: list[Any] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Unknown | None = None

    def end(self, failure: Unknown | None = None) -> None:
        self.failure = failure
        self.ended.set()


class Questions:
    """Answers being waited for. Late ones are not lost on whoever asks next, nor taken for newer than they are."""

    def __init__(self, now: Callable[[], datetime], timeout_s: float) -> None:
        self._now = now
        self._timeout_s = timeout_s
        self._next_id = FIRST_REQUEST_ID
        self._numbered: dict[int, Pending] = {}
        self._kinds: dict[Kind, Pending] = {}
        self._unanswered: dict[Kind, deque[datetime]] = {kind: deque() for kind in Kind}
        self._locks = {kind: asyncio.Lock() for kind in Kind}

    def new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    async def ask(self, what: str, send: Callable[[int], None]) -> Answer[list[Any]]:
        """A question with a number of its own."""
        request_id = self.new_id()
        pending = self._numbered[request_id] = Pending(self._now())
        try:
            send(request_id)
            return await self._answer(what, pending)
        finally:
            del self._numbered[request_id]

    async def ask_kind(self, kind: Kind, send: Callable[[], None]) -> Answer[list[Any]]:
        """A question without a number. An end marker that is owed to an earlier one ends this one, dated back to it."""
        async with self._locks[kind]:
            pending = self._kinds[kind] = Pending(self._now())
            self._owe(kind, pending.as_of)
            try:
                send()
                return await self._answer(kind.value, pending)
            finally:
                del self._kinds[kind]

    def heard(self, request_id: int, item: Any) -> bool:
        """One item of a numbered answer; whether anybody waits for it."""
        pending = self._numbered.get(request_id)
        if pending is not None:
            pending.items.append(item)
        return pending is not None

    def ended(self, request_id: int) -> None:
        pending = self._numbered.get(request_id)
        if pending is not None:
            pending.end()

    def refused(self, request_id: int, why: Unknown) -> bool:
        """An error in place of a numbered answer; whether anybody waits for it."""
        pending = self._numbered.get(request_id)
        if pending is not None:
            pending.end(why)
        return pending is not None

    def refused_kinds(self, kinds: Iterable[Kind], why: Unknown) -> bool:
        """An error that names no question, in place of answers that the wire does not number; whether any waits."""
        waiting = [self._kinds[kind] for kind in kinds if kind in self._kinds]
        for pending in waiting:
            pending.end(why)
        return bool(waiting)

    def heard_of(self, kind: Kind, item: Any) -> None:
        pending = self._kinds.get(kind)
        if pending is not None:
            pending.items.append(item)

    def ended_of(self, kind: Kind) -> None:
        owed = self._unanswered[kind]
        asked_at = owed.popleft() if owed else None
        pending = self._kinds.get(kind)
        if pending is not None:
            pending.as_of = asked_at or pending.as_of
            pending.end()

    def fail_all(self, why: str) -> None:
        """Nobody will answer any more."""
        for pending in (*self._numbered.values(), *self._kinds.values()):
            pending.end(Unknown(why))

    def _owe(self, kind: Kind, asked_at: datetime) -> None:
        owed = self._unanswered[kind]
        while owed and owed[0] < asked_at - _NEVER_ANSWERED:
            owed.popleft()
        owed.append(asked_at)

    async def _answer(self, what: str, pending: Pending) -> Answer[list[Any]]:
        try:
            await asyncio.wait_for(pending.ended.wait(), self._timeout_s)
        except TimeoutError:
            return Unknown(f"the gateway did not answer for {what} completely within {self._timeout_s:g} s")
        if pending.failure is not None:
            return Unknown(f"{what}: {pending.failure.reason}", pending.failure.remedy)
        return Complete(pending.items, pending.as_of)
