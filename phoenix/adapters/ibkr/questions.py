"""Questions that wait for their answer. An answer is complete at its end marker, and not before."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from phoenix.ports.answers import Answer, Complete, Unknown

FIRST_REQUEST_ID = 2_000_000_000
"""Far above any order id, since errors name orders and requests in one field."""


class Kind(StrEnum):
    """Questions whose answers the wire does not number: one at a time."""

    OPEN_ORDERS = "open orders"
    COMPLETED_ORDERS = "completed orders"
    HOLDINGS = "positions"
    TIME = "server time"


Turn: TypeAlias = Callable[[], Awaitable[Unknown | None]]
"""Waits until a question may be sent, and says why it could not be answered then; None where it could."""


@dataclass(slots=True, eq=False)
class Pending:
    """What was heard so far of one answer. `as_of` is when the gateway was asked: it knew no less than that.

    The first verdict stands: what comes in the same breath as an end or a failure changes neither.
    """

    as_of: datetime
    items: list[Any] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Unknown | None = None

    def heard(self, item: Any) -> None:
        if not self.ended.is_set():
            self.items.append(item)

    def end(self, failure: Unknown | None = None) -> None:
        if not self.ended.is_set():
            self.failure = failure
            self.ended.set()


class Questions:
    """Answers being waited for. Late ones are not lost on whoever asks next, nor taken for newer than they are.

    Answers without a number come in the order of the questions. So an answer that nobody waits for any more is still
    collected to its end marker; whoever asked meanwhile is given it then, whole and dated back.
    """

    def __init__(self, now: Callable[[], datetime], timeout_s: float) -> None:
        self._now = now
        self._timeout_s = timeout_s
        self._next_id = FIRST_REQUEST_ID
        self._numbered: dict[int, Pending] = {}
        self._kinds: dict[Kind, Pending] = {}
        self._owed: dict[Kind, deque[Pending]] = {kind: deque() for kind in Kind}
        self._locks = {kind: asyncio.Lock() for kind in Kind}

    @property
    def is_anybody_waiting(self) -> bool:
        return bool(self._numbered or self._kinds)

    def new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    async def ask(
        self, what: str, turn: Turn, send: Callable[[int], None], items: list[Any] | None = None
    ) -> Answer[list[Any]]:  # fmt: skip
        """A question with a number of its own, sent when it is its turn. `items` takes what is heard, whole or not."""
        silence = await turn()
        if silence is not None:
            return silence
        request_id = self.new_id()
        pending = self._numbered[request_id] = Pending(self._now(), [] if items is None else items)
        try:
            send(request_id)
            return await self._answer(what, pending)
        finally:
            del self._numbered[request_id]

    async def ask_kind(
        self, kind: Kind, turn: Turn, send: Callable[[], None], stop: Callable[[], Awaitable[None]] | None = None
    ) -> Answer[list[Any]]:  # fmt: skip
        """A question without a number; the next of its kind waits until it is answered, and stopped where it has to."""
        async with self._locks[kind]:
            silence = await turn()
            if silence is not None:
                return silence
            pending = self._kinds[kind] = Pending(self._now())
            self._owed[kind].append(Pending(pending.as_of))
            try:
                send()
                return await self._answer(kind.value, pending)
            finally:
                del self._kinds[kind]
                if stop is not None:
                    await stop()

    def heard(self, request_id: int, item: Any) -> bool:
        """One item of a numbered answer; whether anybody waits for it."""
        pending = self._numbered.get(request_id)
        if pending is not None:
            pending.heard(item)
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
        """An item belongs to the oldest answer that has not ended."""
        if self._owed[kind]:
            self._owed[kind][0].heard(item)

    def ended_of(self, kind: Kind) -> None:
        """The oldest answer is complete, unless something of it was lost. A marker that nobody asked for is nothing."""
        if not self._owed[kind]:
            return
        owed = self._owed[kind].popleft()
        waiting = self._kinds.get(kind)
        if waiting is not None and not waiting.ended.is_set():
            waiting.as_of, waiting.items = owed.as_of, owed.items
            waiting.end(owed.failure)

    def fail_all(self, why: str) -> None:
        """Something was lost, or nobody will answer any more: no answer that is on its way can be whole."""
        owed = (pending for kind in Kind for pending in self._owed[kind])
        for pending in (*self._numbered.values(), *self._kinds.values(), *owed):
            pending.end(Unknown(why))

    async def _answer(self, what: str, pending: Pending) -> Answer[list[Any]]:
        try:
            async with asyncio.timeout(self._timeout_s):
                await pending.ended.wait()
        except TimeoutError:
            return Unknown(f"the gateway did not answer for {what} completely within {self._timeout_s:g} s")
        if pending.failure is not None:
            return Unknown(f"{what}: {pending.failure.reason}", pending.failure.remedy)
        return Complete(pending.items, pending.as_of)
