from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.autopsy import AutopsyInput, perform
from phoenix.domain.vocabulary import ExitReason, Side
from phoenix.rehearsal.signals import EVIDENCE, MONDAY

LONG = AutopsyInput(
    position_id="position-1",
    signal_id="signal-1",
    strategy_id="fvg-retest",
    pair="GBPUSD",
    side=Side.LONG,
    setup_type="FVG_RETEST",
    entry_price=Decimal("1.26000"),
    stop_price=Decimal("1.25900"),
    target_price=Decimal("1.26200"),
    average_entry_price=Decimal("1.26010"),
    average_exit_price=Decimal("1.25890"),
    pnl=Decimal(-1200),
    equity=Decimal(100_000),
    opened_at=MONDAY,
    closed_at=MONDAY + timedelta(hours=2, minutes=3, seconds=4),
    exit_reason=ExitReason.STOP_LOSS,
    evidence=EVIDENCE,
    evidence_hash="a" * 64,
    shadow=False,
)
SHORT = replace(
    LONG, side=Side.SHORT, stop_price=Decimal("1.26100"), target_price=Decimal("1.25800"),
    average_entry_price=Decimal("1.26005"), average_exit_price=Decimal("1.25790"), pnl=Decimal(2150),
    exit_reason=ExitReason.TAKE_PROFIT,
)  # fmt: skip


def test_a_stopped_long_that_slipped_both_ways() -> None:
    autopsy = perform(LONG)
    assert autopsy.outcome == "LOSS"
    assert autopsy.r_multiple == Decimal("-1.2")
    assert autopsy.pnl_percent == Decimal("-1.2")
    assert autopsy.entry_slippage == Decimal("0.0001")
    assert autopsy.exit_slippage == Decimal("0.0001")
    assert autopsy.duration_s == 7384


def test_a_short_that_won_and_got_better_prices_than_planned() -> None:
    autopsy = perform(SHORT)
    assert autopsy.outcome == "WIN"
    assert autopsy.r_multiple == Decimal("2.15")
    assert autopsy.entry_slippage == Decimal("-0.00005")
    assert autopsy.exit_slippage == Decimal("-0.0001")


def test_no_profit_and_no_loss_is_breakeven() -> None:
    assert perform(replace(LONG, pnl=Decimal("0.00"))).outcome == "BREAKEVEN"


def test_r_counts_the_planned_risk_and_not_the_risk_after_slippage() -> None:
    worse_entry = replace(LONG, average_entry_price=Decimal("1.26100"), average_exit_price=Decimal("1.25900"))
    assert perform(worse_entry).r_multiple == -2


def test_a_manual_exit_has_no_level_to_slip_from() -> None:
    assert perform(replace(LONG, exit_reason=ExitReason.MANUAL)).exit_slippage is None


@pytest.mark.parametrize(
    ("changes", "unknown"),
    [
        ({"stop_price": None}, ("r_multiple", "exit_slippage")),
        ({"stop_price": Decimal("1.26000")}, ("r_multiple",)),
        ({"average_entry_price": None}, ("r_multiple", "entry_slippage")),
        ({"average_exit_price": None}, ("r_multiple", "exit_slippage")),
        ({"equity": None}, ("pnl_percent",)),
        ({"equity": Decimal(0)}, ("pnl_percent",)),
    ],
)
def test_what_is_not_known_stays_unknown(changes: dict[str, Any], unknown: tuple[str, ...]) -> None:
    autopsy = perform(replace(LONG, **changes))
    assert all(getattr(autopsy, name) is None for name in unknown)
    assert autopsy.happened


def test_the_thesis_is_the_approved_evidence_in_words() -> None:
    checks: Any = [{"name": "session", "passed": True}, {"name": "spread", "passed": False}, {"name": "news"}]
    thesis = perform(replace(LONG, evidence={**EVIDENCE, "red_checks": checks})).thesis
    for words in (
        "FVG_RETEST: LONG GBPUSD at 1.26, stop 1.259, target 1.262", "quality 0.81", "HTF 4H, BULLISH, above",
        "LTF 15M, FVG, gap", "red checks failed: spread, news",
    ):  # fmt: skip
        assert words in thesis


def test_what_happened_is_told_against_the_plan() -> None:
    assert perform(LONG).happened == (
        "entered at 1.2601 (0.0001 worse than planned); left at 1.2589 (0.0001 worse than planned) by STOP_LOSS "
        "after 2 h 3 min; LOSS, -1.20 R"
    )
    assert "better than planned" in perform(SHORT).happened


@pytest.mark.parametrize("evidence", [None, "text", [], {}, {"quality": "good", "htf": [1], "red_checks": ["x", {}]}])
def test_evidence_of_any_shape_still_makes_an_autopsy(evidence: Any) -> None:
    assert perform(replace(LONG, evidence=evidence)).thesis


@given(st.decimals("0.5", "2", places=5), st.decimals("0.0001", "0.05", places=5), st.decimals("-0.1", "0.1", places=5))
def test_r_of_a_long_is_the_negative_of_r_of_the_short(entry: Decimal, risk: Decimal, move: Decimal) -> None:
    at: dict[str, Any] = {"entry_price": entry, "average_entry_price": entry, "average_exit_price": entry + move}
    long = perform(replace(LONG, stop_price=entry - risk, **at)).r_multiple
    short = perform(replace(LONG, side=Side.SHORT, stop_price=entry + risk, **at)).r_multiple
    assert long is not None
    assert short == -long
    assert abs(long - move / risk) <= Decimal("0.00000001")
