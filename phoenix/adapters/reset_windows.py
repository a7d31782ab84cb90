"""The hours in which a broker resets its servers every night, by the clock of a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import require_utc

_WRITTEN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d) (\S+)", re.ASCII)
_REMEDY = 'Write it as "23:45-00:45 America/New_York": from, to, and the zone whose clock it goes by'
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ResetWindow:
    """From `begins` up to `ends`, every day, by the wall clock of `zone`; over midnight where it ends before it begins.

    Where that clock is put forward or back within the window, the window is the longer of what it could be.
    """

    begins: time
    ends: time
    zone: ZoneInfo

    def until(self, instant: datetime) -> datetime | None:
        """When the window around an instant ends, in UTC; None outside of it."""
        today = require_utc(instant).astimezone(self.zone).date()
        around = (self._span(today + _ONE_DAY * days) for days in (-1, 0, 1))
        return max((ends for begins, ends in around if begins <= instant < ends), default=None)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        last_day = day if self.ends > self.begins else day + _ONE_DAY
        return min(self._readings(day, self.begins)), max(self._readings(last_day, self.ends))

    def _readings(self, day: date, at: time) -> tuple[datetime, datetime]:
        """Both instants that a wall clock's reading can mean on a day when it is changed; one and the same else."""
        first, second = (datetime.combine(day, at.replace(fold=fold), self.zone).astimezone(UTC) for fold in (0, 1))
        return first, second


def read_reset_window(text: str) -> ResetWindow:
    """The window of a setting. Raises InvalidValue."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise InvalidValue("reset_windows", f"{text[:80]!r} is no window", _REMEDY)
    try:
        begins, ends = time.fromisoformat(written[1]), time.fromisoformat(written[2])
        zone = ZoneInfo(written[3])
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise InvalidValue("reset_windows", f"{text[:80]!r} is no window: {error}", _REMEDY) from error
    if begins == ends:
        raise InvalidValue("reset_windows", f"{text[:80]!r} would last all day", _REMEDY)
    return ResetWindow(begins, ends, zone)


def reset_until(windows: Sequence[ResetWindow], instant: datetime) -> datetime | None:
    """When the windows around an instant are over, windows that follow on one another together; None outside of any."""
    over: datetime | None = None
    for _ in windows:
        later = max((end for window in windows if (end := window.until(over or instant)) is not None), default=None)
        if later is None:
            break
        over = later
    return over
