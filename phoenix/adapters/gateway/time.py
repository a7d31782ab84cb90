"""The time that a gateway lives in: the computer's, or one that is told."""

from __future__ import annotations

from datetime import datetime

from phoenix.domain.errors import InvalidValue
from phoenix.ports.clock import Clock


class GatewayTime:
    """Real time comes from a clock. Told time stands still until it is moved."""

    def __init__(self, clock: Clock, told_from: datetime | None = None) -> None:
        self._clock = clock
        self._told = told_from

    @property
    def is_told(self) -> bool:
        return self._told is not None

    def now(self) -> datetime:
        return self._clock.now() if self._told is None else self._told

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant. Raises InvalidValue in real time, and for what is past."""
        if self._told is None:
            raise InvalidValue("to", "this gateway lives in real time", "Start it with --time to tell it the time")
        if instant < self._told:
            raise InvalidValue("to", f"{instant.isoformat()} is past", f"Give an instant from {self._told.isoformat()}")
        self._told = instant
