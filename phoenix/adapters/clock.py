"""Sources of `now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import instant_text, require_utc
from phoenix.ports.clock import Clock


class SystemClock(Clock):
    """The computer's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock(Clock):
    """A clock that stands still until it is told to go on."""

    def __init__(self, start: datetime) -> None:
        self._now = require_utc(start)

    def now(self) -> datetime:
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Go on to an instant. Raises InvalidValue for one that is past: time does not run backwards."""
        instant = require_utc(instant)
        if instant < self._now:
            raise InvalidValue(
                "instant",
                f"{instant_text(instant)} is before {instant_text(self._now)}, where the clock stands",
                "Give a later instant",
            )
        self._now = instant

    def set_back(self, by: timedelta) -> None:
        """Somebody sets the clock back, as happens to real ones."""
        self._now -= by
