"""Axes have few, round and enclosing ticks, whatever the range."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.replay.scales import Scale, round_ticks, time_label, time_ticks

FIRST = datetime(2024, 3, 4, 8, 30, tzinfo=UTC)


def test_a_scale_maps_its_ends_and_its_middle() -> None:
    scale = Scale(10, 20, 300, 100)
    assert [scale.at(value) for value in (10, 15, 20)] == [300, 200, 100]
    assert Scale(5, 5, 0, 100).at(5) == 50


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_ticks_enclose_the_range_and_are_few(low: float, span: float) -> None:
    high = low + span
    ticks = round_ticks(low, high, 6)
    slack = max(abs(low), abs(high), 1) * 1e-9
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 12


def test_ticks_are_round() -> None:
    assert round_ticks(82_446, 100_013, 6) == [80_000, 85_000, 90_000, 95_000, 100_000, 105_000]


@pytest.mark.parametrize("span", [timedelta(minutes=1), timedelta(hours=5), timedelta(days=3), timedelta(days=3650)])
def test_time_ticks_lie_within_and_are_few(span: timedelta) -> None:
    ticks = time_ticks(FIRST, FIRST + span, 10)
    assert len(ticks) <= 11
    assert all(FIRST <= tick <= FIRST + span for tick in ticks)


def test_labels_grow_coarser_with_the_span() -> None:
    midnight = datetime(2024, 3, 5, tzinfo=UTC)
    assert time_label(FIRST, timedelta(hours=5)) == "08:30"
    assert time_label(midnight, timedelta(days=20)) == "5 Mar"
    assert time_label(midnight, timedelta(days=2000)) == "Mar 2024"
