"""The rolling result scores a strategy by its last closed trades, and says each score once."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from phoenix.adapters.signalman import RollingResult
from phoenix.adapters.signalman.rolling import rolling_result
from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload
from phoenix.domain.beads.safety import DecayPayload
from phoenix.ports.errors import ConfigurationError
from phoenix.rehearsal.performance import autopsy

AT = datetime(2026, 3, 2, tzinfo=UTC)


def bead(payload: Payload) -> Bead:
    return Bead("id", payload, SYSTEM, AT)


def after(*multiples: str, window: int = 4) -> RollingResult:
    source = RollingResult(window)
    for number, multiple in enumerate(multiples):
        source.observe(bead(autopsy(number, r_multiple=Decimal(multiple))))
    return source


@pytest.mark.parametrize(
    ("multiples", "score"),
    [
        (("-1", "-1", "-1", "-1"), "1"),
        (("-2", "-3", "-1", "-1"), "1"),
        (("0", "0"), "0.5"),
        (("-1", "0.2"), "0.7"),
        (("9", "-1", "-1", "-1", "-1"), "1"),
    ],
)
def test_the_mean_of_the_last_trades_makes_the_score(multiples: tuple[str, ...], score: str) -> None:
    (reading,) = after(*multiples).readings()
    assert (reading.strategy_id, reading.score) == ("fvg-retest", Decimal(score))
    assert "on average" in reading.detail


def test_with_less_than_half_a_window_nothing_is_said() -> None:
    assert after("-1").readings() == []


def test_a_sound_strategy_is_not_worth_a_word() -> None:
    assert after("2", "1", "1", "2").readings() == []


def test_a_score_is_said_once_and_again_when_it_changes() -> None:
    source = after("-1", "-1")
    assert len(source.readings()) == 1
    assert source.readings() == []
    source.observe(bead(autopsy(9, r_multiple=Decimal(2))))
    assert [one.score for one in source.readings()] == [Decimal("0.5")]


def test_what_was_said_before_a_restart_is_not_said_again() -> None:
    source = after("-1", "-1")
    source.observe(bead(DecayPayload("fvg-retest", Decimal(1), "said before")))
    assert source.readings() == []


def test_strategies_are_scored_apart() -> None:
    source = after("-1", "-1")
    for number in range(2):
        source.observe(bead(autopsy(20 + number, "breakout", r_multiple=Decimal(-1))))
    assert [one.strategy_id for one in source.readings()] == ["breakout", "fvg-retest"]


@pytest.mark.parametrize("options", [{"window": 3}, {"window": "20"}, {"window": True}, {"windows": 20}])
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=r"signalman\.rolling"):
        rolling_result(options)


def test_the_window_is_an_option() -> None:
    assert isinstance(rolling_result({"window": 8}), RollingResult)
