"""The FX week: Sunday 17:00 to Friday 17:00 in New York, with sessions that end at 17:00 there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.calendar import AlwaysOpen, FxWeek
from phoenix.domain.errors import InvalidValue
from phoenix.ports.calendar import TradingSession


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("instant", "session_date", "is_open", "ends_at"),
    [
        ("2012-02-01T12:00Z", date(2012, 2, 1), True, "2012-02-01T22:00Z"),
        ("2012-02-01T21:59:59.999999Z", date(2012, 2, 1), True, "2012-02-01T22:00Z"),
        ("2012-02-01T22:00Z", date(2012, 2, 2), True, "2012-02-02T22:00Z"),
        ("2012-02-03T21:59:59Z", date(2012, 2, 3), True, "2012-02-03T22:00Z"),
        ("2012-02-03T22:00Z", date(2012, 2, 6), False, "2012-02-06T22:00Z"),
        ("2012-02-04T12:00Z", date(2012, 2, 6), False, "2012-02-06T22:00Z"),
        ("2012-02-05T21:59:59Z", date(2012, 2, 6), False, "2012-02-06T22:00Z"),
        ("2012-02-05T22:00Z", date(2012, 2, 6), True, "2012-02-06T22:00Z"),
        ("2012-07-06T20:59Z", date(2012, 7, 6), True, "2012-07-06T21:00Z"),
        ("2012-07-06T21:00Z", date(2012, 7, 9), False, "2012-07-09T21:00Z"),
        ("2012-03-11T21:00Z", date(2012, 3, 12), True, "2012-03-12T21:00Z"),
        ("2012-03-09T22:00Z", date(2012, 3, 12), False, "2012-03-12T21:00Z"),
    ],
)
def test_the_fx_week(instant: str, session_date: date, is_open: bool, ends_at: str) -> None:
    assert FxWeek().session("GBPUSD", at(instant)) == TradingSession(session_date, is_open, at(ends_at))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_a_session_ends_after_the_instant_and_is_followed_by_the_next(instant: datetime) -> None:
    session = FxWeek().session("GBPUSD", instant)
    assert timedelta() < session.ends_at - instant <= timedelta(days=3, hours=1)
    following = FxWeek().session("GBPUSD", session.ends_at)
    assert following.session_date > session.session_date
    assert session.session_date.weekday() < 5


def test_a_market_that_never_closes_has_days_of_utc() -> None:
    saturday = at("2012-02-04T23:59:59Z")
    expected = TradingSession(date(2012, 2, 4), True, at("2012-02-05T00:00Z"))
    assert AlwaysOpen().session("GBPUSD", saturday) == expected


@pytest.mark.parametrize("calendar", [FxWeek(), AlwaysOpen()])
def test_an_instant_without_an_offset_is_refused(calendar: FxWeek | AlwaysOpen) -> None:
    with pytest.raises(InvalidValue, match="no offset"):
        calendar.session("GBPUSD", datetime(2012, 2, 1))  # noqa: DTZ001 - what is refused
