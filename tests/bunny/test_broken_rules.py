"""A rule that is broken turns the vectors red that are about it, and leaves the others green."""

from __future__ import annotations

import pytest

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.choosing import chosen_vectors
from phoenix.bunny.running import run_suite
from phoenix.bunny.verdicts import Verdict
from tests.bunny import broken_rules as broken
from tests.bunny.broken_rules import Break

WAVES = (1, 2, 3, 4, 11)

CASES: tuple[tuple[Break, set[str]], ...] = (
    (broken.replays_unrecorded, {
        "CV_S32_TOKEN_REPLAY", "CV_S32_TOKEN_EXPIRED", "CV_S32_ORDER_WITHOUT_TOKEN", "CV_S32_TOKEN_RACE",
    }),
    (broken.tokens_for_anything, {"CV_S32_TOKEN_WRONG_INTENT"}),
    (broken.claims_unchecked, {"CV_S32_ORDER_WITHOUT_TOKEN"}),
    (broken.kill_guard_off, {"CV_S32_KILL_ENTRY_ATTEMPT", "CV_KILL_LIFT_NO_REASON"}),
    (broken.anchor_guard_off, {"CV_S32_STALE_APPROVAL", "CV_PARAM_CHANGE"}),
    (broken.limits_off, {
        "CV_S32_RECONCILIATION_DRIFT", "CV_QTY_X10", "CV_PRICE_X10", "CV_STALE_QUOTE", "CV_MARKET_CLOSED",
    }),
    (broken.strategy_mode_off, {"CV_S32_PROMOTION_BYPASS"}),
    (broken.promotion_unchecked, {
        "CV_S32_PROMOTION_BYPASS", "CV_S32_PROMOTION_PARTIAL", "CV_S32_PROMOTION_VETO",
    }),
    (broken.lifecycle_open, {"CV_S32_LIFECYCLE_INVALID"}),
    (broken.drift_corrects_itself, {
        "CV_S32_PARTIAL_DRIFT", "CV_S32_RECONCILIATION_DRIFT", "CV_WRONG_ABSENT_ATTESTATION",
    }),
)  # fmt: skip


@pytest.mark.parametrize(("break_it", "red"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_a_broken_rule_turns_its_vectors_red(break_it: Break, red: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)
    suite = run_suite(1, ChaosMode.INSTANT, chosen_vectors(waves=WAVES))
    assert {one.vector.id for one in suite.results if one.verdict is Verdict.FAIL} == red


def test_a_last_look_that_sees_nothing_lets_an_order_pass_a_kill_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    broken.last_look_blind(monkeypatch)
    suite = run_suite(1, ChaosMode.INSTANT, chosen_vectors(waves=(6,)))
    failed = {one.vector.id for one in suite.results if one.verdict is Verdict.FAIL}
    assert failed == {"CV_KILL_BETWEEN_CHECK_AND_SEND"}


def test_an_order_that_is_sent_twice_is_seen_wherever_one_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    broken.sends_twice(monkeypatch)
    suite = run_suite(1, ChaosMode.INSTANT, chosen_vectors(waves=WAVES))
    failed = {one.vector.id: one.remark for one in suite.results if one.verdict is Verdict.FAIL}
    assert {"CV_S32_TOKEN_REPLAY", "CV_S32_TOKEN_RACE", "CV_S32_ORDER_RACE"} <= set(failed), failed
    assert "CV_S32_TOKEN_EXPIRED" not in failed, "nothing was sent there"
