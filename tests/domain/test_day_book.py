"""The counters behind the daily limits: what belongs to a day, and what is carried over midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.day_book import DayBook

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
ONE = "one"


def monday() -> DayBook:
    return DayBook().succeeded(NOON, ())


def realised(book: DayBook, *stated: str | None, had_ended: bool = False) -> DayBook:
    for text in stated:
        book = book.with_realised(ONE, None if text is None else Decimal(text), had_ended=had_ended)
    return book


@pytest.mark.parametrize(("at", "covered"), [(NOON, True), (NOON - timedelta(days=1), True), (MIDNIGHT, False)])
def test_a_day_ends_at_midnight_and_a_clock_that_goes_back_begins_no_other(at: datetime, covered: bool) -> None:
    assert monday().covers(at) is covered


def test_nothing_is_covered_before_the_first_day() -> None:
    assert not DayBook().covers(NOON)


def test_orders_of_the_last_minute_are_carried_over_midnight() -> None:
    early, late = MIDNIGHT - timedelta(seconds=61), MIDNIGHT - timedelta(seconds=10)
    book = monday().with_order(early).with_order(late).succeeded(MIDNIGHT, ())
    assert book.with_order(MIDNIGHT).orders == (late, MIDNIGHT)


@given(st.lists(st.decimals(-1000, 1000, places=2).map(str), min_size=1))
def test_what_a_position_calls_realised_counts_once(stated: list[str]) -> None:
    assert realised(monday(), *stated).realised_pnl == Decimal(stated[-1])


def test_what_is_taken_back_no_longer_counts() -> None:
    assert realised(monday(), "-400", None).realised_pnl == 0


def test_a_partial_exit_of_yesterday_does_not_count_again_today() -> None:
    book = realised(monday(), "-400").succeeded(MIDNIGHT, {ONE})
    assert book.realised_pnl == 0
    assert realised(book, "-500").realised_pnl == -100


def test_a_late_word_on_a_position_that_ended_today_counts_by_its_change() -> None:
    book = realised(monday(), "-400")
    assert realised(book, "-450", had_ended=True).realised_pnl == -450


def test_a_late_word_on_a_position_that_ended_yesterday_counts_nothing_again() -> None:
    book = realised(monday(), "-400").succeeded(MIDNIGHT, ())
    book = realised(book, "-450", had_ended=True)
    assert book.realised_pnl == 0
    assert realised(book, "-480", had_ended=True).realised_pnl == -30
