"""Statistics of shadow sessions agree with the definitions, worked out a second time in fractions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.promotion.record import SessionRecord
from phoenix.domain.promotion.statistics import max_drawdown, sharpe, statistics_of, worst_day
from phoenix.domain.vocabulary import MarketRegime

CLOSE = Fraction(1, 10**7)
_SCALE = 10**60


def sessions_of(results: list[str], starting: str = "100000") -> list[SessionRecord]:
    """Sessions with these results, one after another."""
    equity, sessions = Decimal(starting), []
    for number, result in enumerate(results):
        equity += Decimal(result)
        day = date(2026, 1, 5) + timedelta(days=number)
        sessions.append(SessionRecord(day, MarketRegime.TREND, 1, Decimal(result), equity, 0, 0, "made up"))
    return sessions


def root(value: Fraction) -> Fraction:
    """The square root, to some thirty digits, by whole numbers only."""
    return Fraction(isqrt(value.numerator * _SCALE // value.denominator), 10**30)


def expected_sharpe(sessions: list[SessionRecord]) -> Fraction:
    returns = [Fraction(one.pnl) / (Fraction(one.equity) - Fraction(one.pnl)) for one in sessions]
    mean = sum(returns, Fraction(0)) / len(returns)
    variance = sum(((one - mean) ** 2 for one in returns), Fraction(0)) / (len(returns) - 1)
    return mean * root(Fraction(252)) / root(variance)


def expected_drawdown(sessions: list[SessionRecord]) -> Fraction:
    """Every later value against every earlier one: slow, and plainly right."""
    curve = [Fraction(sessions[0].equity) - Fraction(sessions[0].pnl), *(Fraction(one.equity) for one in sessions)]
    falls = [(high - low) / high * 100 for i, high in enumerate(curve) for low in curve[i:]]
    return max(falls)


results = st.lists(st.decimals(-2_000, 2_000, places=2), min_size=2, max_size=40).map(lambda rs: [str(r) for r in rs])


@given(results)
def test_the_sharpe_ratio_is_the_defined_one(drawn: list[str]) -> None:
    sessions = sessions_of(drawn)
    figure = sharpe(sessions)
    if figure.value is None:
        returns = {Fraction(one.pnl) / Fraction(one.starting_equity) for one in sessions}
        assert len(returns) == 1
        return
    expected = expected_sharpe(sessions)
    assert abs(Fraction(figure.value) - expected) <= CLOSE * max(Fraction(1), abs(expected))


@given(results)
def test_the_drawdown_is_the_deepest_fall_below_an_earlier_high(drawn: list[str]) -> None:
    sessions = sessions_of(drawn)
    value = max_drawdown(sessions).value
    assert value is not None
    assert abs(Fraction(value) - expected_drawdown(sessions)) <= CLOSE


@given(results)
def test_money_is_exact(drawn: list[str]) -> None:
    statistics = statistics_of(sessions_of(drawn))
    assert statistics is not None
    assert Fraction(statistics.pnl) == sum((Fraction(one) for one in drawn), Fraction(0))
    assert Fraction(statistics.equity) == 100_000 + Fraction(statistics.pnl)
    assert statistics.worst_day.value == min(map(Decimal, drawn))


def test_a_known_month() -> None:
    statistics = statistics_of(sessions_of(["1000", "-2020", "500", "-980", "1500"]))
    assert statistics is not None
    assert statistics.max_drawdown.text(" %") == "2.47524752 % (2500 below the peak on 2026-01-08)"
    assert statistics.worst_day.text() == "-2020 (2026-01-06)"


def test_the_first_of_equally_bad_days_is_named() -> None:
    assert worst_day(sessions_of(["5", "-10", "-10"])).note == "2026-01-06"


def test_equity_that_never_fell_has_no_drawdown() -> None:
    assert max_drawdown(sessions_of(["5", "0", "10"])).value == 0


def test_a_loss_on_the_first_day_is_a_drawdown() -> None:
    assert max_drawdown(sessions_of(["-1000"])).value == Decimal(1)


@pytest.mark.parametrize(
    ("drawn", "starting", "reason"),
    [
        (["10"], "100000", "one session has no deviation"),
        (["0", "0", "0"], "100000", "the same return"),
        (["-50", "10"], "50", "began without equity"),
    ],
)
def test_a_sharpe_ratio_that_is_not_defined_says_why(drawn: list[str], starting: str, reason: str) -> None:
    figure = sharpe(sessions_of(drawn, starting))
    assert figure.value is None
    assert reason in figure.reason


def test_without_sessions_nothing_is_recorded() -> None:
    assert statistics_of([]) is None


def test_overrides_are_counted_per_trade_and_undefined_without_any() -> None:
    sessions = sessions_of(["1", "2", "3"])
    with_overrides = [SessionRecord(s.session_date, s.market_regime, 2, s.pnl, s.equity, 1, 1, "") for s in sessions]
    known = statistics_of(with_overrides)
    assert known is not None
    assert (known.override_frequency.value, known.would_have_killed) == (Decimal("0.5"), 3)
    without = statistics_of(
        [SessionRecord(s.session_date, s.market_regime, 0, s.pnl, s.equity, 0, 1, "") for s in sessions]
    )
    assert without is not None
    assert without.override_frequency.value is None
    assert "no trade" in without.override_frequency.reason


def session_with(day: int, pnl: str, equity: str) -> SessionRecord:
    return SessionRecord(date(2026, 1, day), MarketRegime.TREND, 1, Decimal(pnl), Decimal(equity), 0, 0, "made up")


@pytest.mark.parametrize("zeros", [20, 40, 55, 58, 70])
def test_returns_that_hardly_differ_have_no_ratio_and_say_why(zeros: int) -> None:
    hair = f".{'0' * zeros}1"
    figure = sharpe([session_with(5, "1", "2"), session_with(6, f"1{hair}", f"2{hair}")])
    assert figure.value is None
    assert "same return" in figure.reason
