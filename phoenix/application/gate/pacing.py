"""The broker's message limit, shared by everything that is sent (SPEC 3.13)."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

ORDER_MESSAGES = 3
"""A bracket is three messages; an order passes only when all of them fit."""

CANCEL_MESSAGES = 1


class Pacer:
    """Counts messages in the second behind us. Time is told, never read."""

    def __init__(self, messages_per_second_max: int) -> None:
        self._limit = messages_per_second_max
        self._sent: deque[datetime] = deque()

    def room(self, now: datetime) -> int:
        """How many messages still fit."""
        self._forget(now)
        return max(self._limit - len(self._sent), 0)

    def spend(self, now: datetime, messages: int) -> None:
        """Count messages that are being sent."""
        self._sent.extend([now] * messages)

    def _forget(self, now: datetime) -> None:
        while self._sent and self._sent[0] <= now - timedelta(seconds=1):
            self._sent.popleft()
