"""The gateway's message limit: fifty a second over all requests, and orders never wait behind questions."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from phoenix.adapters.pauses import pause

_WINDOW_S = 1.0
MESSAGES_PER_SECOND = 50
KEPT_FOR_ORDERS = 12
"""Questions leave so many of a second's messages to orders and cancels: four brackets."""
_BACK_OFF_S = 5.0
_WITHOUT_LIMIT = 10**9


class Pace:
    """Counts messages in the second behind us. `monotonic` tells seconds, `pause` lets some of them pass."""

    def __init__(
        self, monotonic: Callable[[], float], pause: Callable[[float], Awaitable[None]] = pause,
        limit: int = MESSAGES_PER_SECOND,
    ) -> None:  # fmt: skip
        self._monotonic = monotonic
        self._pause = pause
        self._limit = limit
        self._sent: deque[float] = deque()
        self._quiet_until = 0.0
        self._back_off_s = _BACK_OFF_S

    def lift(self) -> None:
        """Hold no limit any more: before a simulator whose seconds are not real ones."""
        self._limit, self._back_off_s = _WITHOUT_LIMIT, 0.0

    def back_off(self) -> None:
        """The gateway says that we sent too much: questions wait for a while."""
        self._quiet_until = self._monotonic() + self._back_off_s

    @property
    def is_backing_off(self) -> bool:
        return self._monotonic() < self._quiet_until

    async def turn_for_order(self) -> None:
        """Wait until a message of an order fits, and count it."""
        await self._turn(self._limit)

    async def turn_for_question(self) -> None:
        """Wait until a question fits, and count it."""
        while self.is_backing_off:
            await self._pause(self._quiet_until - self._monotonic())
        await self._turn(self._limit - KEPT_FOR_ORDERS)

    async def _turn(self, limit: int) -> None:
        while len(self._sent) >= limit and self._wait_s(limit) > 0:
            await self._pause(self._wait_s(limit))
        self._sent.append(self._monotonic())

    def _wait_s(self, limit: int) -> float:
        """How long until fewer than `limit` messages lie within the window."""
        now = self._monotonic()
        while self._sent and self._sent[0] <= now - _WINDOW_S:
            self._sent.popleft()
        return self._sent[len(self._sent) - limit] + _WINDOW_S - now if len(self._sent) >= limit else 0.0
