"""The broker's reset windows: by the wall clock of a place, over midnight, through summer time and back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.calendar import AlwaysOpen, FxWeek
from phoenix.adapters.reset_windows import ResetWindow, read_reset_window, reset_until
from phoenix.domain.errors import InvalidValue

NEW_YORK = "23:45-00:45 America/New_York"
ZONES = ("America/New_York", "Europe/London", "Asia/Tokyo", "UTC", "Australia/Lord_Howe")

walls = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.integers(0, 366 * 86_400).map(
    lambda seconds: datetime(2012, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@st.composite
def windows(draw: st.DrawFn) -> ResetWindow:
    begins = draw(walls)
    return ResetWindow(begins, draw(walls.filter(lambda ends: ends != begins)), ZoneInfo(draw(st.sampled_from(ZONES))))


@pytest.mark.parametrize(
    ("instant", "until"),
    [
        ("2012-01-10T04:44:59.999999Z", None),
        ("2012-01-10T04:45Z", "2012-01-10T05:45Z"),
        ("2012-01-10T05:00Z", "2012-01-10T05:45Z"),
        ("2012-01-10T05:44:59.999999Z", "2012-01-10T05:45Z"),
        ("2012-01-10T05:45Z", None),
        ("2012-07-10T03:45Z", "2012-07-10T04:45Z"),
        ("2012-07-10T05:00Z", None),
    ],
)
def test_a_window_over_midnight_goes_by_the_clock_of_its_place(instant: str, until: str | None) -> None:
    for calendar in (FxWeek([read_reset_window(NEW_YORK)]), AlwaysOpen([read_reset_window(NEW_YORK)])):
        assert calendar.reset_until(at(instant)) == (None if until is None else at(until))


def test_a_calendar_without_windows_has_no_reset() -> None:
    assert FxWeek().reset_until(at("2012-01-10T05:00Z")) is None


@pytest.mark.parametrize(
    ("hours", "begins", "ends"),
    [
        ("01:30-03:30", "2012-03-11T06:30Z", "2012-03-11T07:30Z"),  # the clock goes from 02:00 to 03:00
        ("02:15-02:45", "2012-03-11T06:15Z", "2012-03-11T07:45Z"),  # neither reading exists on that day
        ("01:30-02:30", "2012-11-04T05:30Z", "2012-11-04T07:30Z"),  # the clock goes from 02:00 back to 01:00
        ("01:10-01:20", "2012-11-04T05:10Z", "2012-11-04T06:20Z"),  # both readings come twice
    ],
)
def test_on_the_day_a_clock_is_changed_the_window_is_the_longer_one(hours: str, begins: str, ends: str) -> None:
    window = read_reset_window(f"{hours} America/New_York")
    step = timedelta(microseconds=1)
    assert window.until(at(begins)) == window.until(at(ends) - step) == at(ends)
    assert window.until(at(begins) - step) is None
    assert window.until(at(ends)) is None


@given(windows(), instants)
def test_inside_is_what_the_wall_clock_says(window: ResetWindow, instant: datetime) -> None:
    wall = instant.astimezone(window.zone).time()
    is_over_midnight = window.ends < window.begins
    inside = window.begins <= wall < window.ends
    if is_over_midnight:
        inside = wall >= window.begins or wall < window.ends
    if inside:
        assert window.until(instant) is not None
    near = (instant + timedelta(hours=hours) for hours in (-26, 26))
    if len({moment.astimezone(window.zone).utcoffset() for moment in near}) == 1:
        assert (window.until(instant) is not None) == inside


@given(windows(), instants)
def test_a_window_ends_later_within_a_day_by_its_own_clock_and_is_over_then(
    window: ResetWindow, instant: datetime
) -> None:
    until = window.until(instant)
    if until is not None:
        assert instant < until <= instant + timedelta(hours=26)
        assert until.tzinfo is UTC


@given(st.lists(windows(), max_size=3), instants)
def test_windows_that_follow_on_one_another_are_one(several: list[ResetWindow], instant: datetime) -> None:
    until = reset_until(several, instant)
    ends = [end for window in several if (end := window.until(instant)) is not None]
    assert (until is None) == (not ends)
    if until is not None:
        assert until >= max(ends)


def test_the_second_of_two_windows_prolongs_the_first() -> None:
    both = [read_reset_window("23:45-00:45 UTC"), read_reset_window("00:30-01:15 UTC")]
    assert reset_until(both, at("2012-01-10T23:50Z")) == at("2012-01-11T01:15Z")


def test_windows_without_an_end_are_looked_at_no_more_often_than_there_are_windows() -> None:
    day_and_night = [ResetWindow(time(0), time(12), ZoneInfo("UTC")), ResetWindow(time(12), time(0), ZoneInfo("UTC"))]
    assert reset_until(day_and_night, at("2012-01-10T03:00Z")) == at("2012-01-11T00:00Z")


@pytest.mark.parametrize(
    "text",
    ["", "23:45-00:45", "23:45 - 00:45 UTC", "24:45-00:45 UTC", "23:45-00:45 Nowhere/Land", "23:45-23:45 UTC",
     "23:45-00:45 ../etc/passwd", "23:45-00:45 /etc/localtime", "23:45-00:60 UTC", "x" * 500],
)  # fmt: skip
def test_what_is_no_window_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(InvalidValue, match="America/New_York") as refused:
        read_reset_window(text)
    assert len(str(refused.value)) < 400
