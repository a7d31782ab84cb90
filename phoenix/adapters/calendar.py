"""Trading calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from phoenix.adapters.reset_windows import ResetWindow, reset_until
from phoenix.domain.instants import require_utc
from phoenix.ports.calendar import TradingCalendar, TradingSession

_ROLLOVER = time(17)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class _WithResets(TradingCalendar):
    """A calendar that knows the broker's reset windows."""

    def __init__(self, reset_windows: Sequence[ResetWindow] = ()) -> None:
        self._reset_windows = tuple(reset_windows)

    def reset_until(self, instant: datetime) -> datetime | None:
        return reset_until(self._reset_windows, instant)


class FxWeek(_WithResets):
    """Currencies trade from Sunday 17:00 to Friday 17:00 in New York; each weekday's session ends at 17:00 there."""

    def __init__(self, reset_windows: Sequence[ResetWindow] = ()) -> None:
        super().__init__(reset_windows)
        self._new_york = ZoneInfo("America/New_York")

    def session(self, pair: str, instant: datetime) -> TradingSession:  # noqa: ARG002 - all pairs keep the same hours
        """The session of an instant. A session belongs to the date it ends on; at 17:00 sharp the next one starts."""
        local = require_utc(instant).astimezone(self._new_york)
        session_date = local.date() if local.time() < _ROLLOVER else local.date() + _ONE_DAY
        is_open = session_date.weekday() < _SATURDAY
        while session_date.weekday() >= _SATURDAY:
            session_date += _ONE_DAY
        return TradingSession(session_date, is_open, self._end_of(session_date))

    def _end_of(self, session_date: date) -> datetime:
        return datetime.combine(session_date, _ROLLOVER, self._new_york).astimezone(UTC)


class AlwaysOpen(_WithResets):
    """A market that never closes; its sessions are the days of UTC. For replays of data that has gaps of its own."""

    def session(self, pair: str, instant: datetime) -> TradingSession:  # noqa: ARG002 - all pairs keep the same hours
        session_date = require_utc(instant).date()
        return TradingSession(session_date, True, datetime.combine(session_date + _ONE_DAY, time(), UTC))
