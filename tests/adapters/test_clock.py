"""Clocks tell UTC; a simulated one stands still and never runs backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from phoenix.adapters.clock import SimulatedClock, SystemClock
from phoenix.domain.errors import InvalidValue

NOON = datetime(2012, 2, 1, 12, tzinfo=UTC)


def test_the_system_clock_tells_utc_and_goes_on() -> None:
    clock = SystemClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert clock.now() >= first


def test_a_simulated_clock_stands_still_until_told() -> None:
    clock = SimulatedClock(NOON.astimezone(timezone(timedelta(hours=-5))))
    assert clock.now() == clock.now() == NOON
    assert clock.now().tzinfo is UTC
    clock.advance_to(NOON)
    clock.advance_to(NOON + timedelta(microseconds=1))
    assert clock.now() == NOON + timedelta(microseconds=1)


def test_a_simulated_clock_does_not_run_backwards() -> None:
    clock = SimulatedClock(NOON)
    with pytest.raises(InvalidValue, match="where the clock stands"):
        clock.advance_to(NOON - timedelta(microseconds=1))
    assert clock.now() == NOON


def test_a_clock_refuses_an_instant_without_an_offset() -> None:
    with pytest.raises(InvalidValue, match="no offset"):
        SimulatedClock(datetime(2012, 2, 1, 12))  # noqa: DTZ001 - what is refused
