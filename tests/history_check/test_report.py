"""What the history check can't know, it says it doesn't know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phoenix.history_check import LedgerUnreadable, Status, check_history
from phoenix.history_check.catalogue import RULES, STATEMENTS
from tests.history_check.histories import START, instant, status_of
from tests.history_check.trades import Trade, beats, one_trade, opened

NEEDS_LEDGER = [rule.invariant for rule in RULES if rule.books is not None]


def test_every_invariant_of_the_specification_has_a_verdict() -> None:
    report = one_trade()[0].check()
    assert len(STATEMENTS) == 30
    assert set(report.verdicts) == set(STATEMENTS)


def test_every_rule_belongs_to_one_stated_invariant() -> None:
    invariants = [rule.invariant for rule in RULES]
    assert len(invariants) == len(set(invariants))
    assert set(invariants) | {"INV-BEAD-CHAIN-1", "INV-DETERMINISM-1", "INV-IBKR-MOCK-1"} == set(STATEMENTS)


@pytest.mark.parametrize("invariant", NEEDS_LEDGER)
def test_without_a_ledger_nothing_that_needs_it_is_called_ok(invariant: str) -> None:
    report = one_trade()[0].check(without_ledger=True)
    assert report.ok
    assert status_of(report, invariant) is Status.NOT_CHECKED
    assert "ledger" in report.text()


def test_without_a_ledger_a_breach_in_the_beads_is_still_named() -> None:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["order_hash"] = "00"
    assert history.check(without_ledger=True).violated == ("INV-T2-GATE-1",)


def test_an_empty_ledger_is_not_an_unknown_one() -> None:
    history, _ = one_trade()
    history.ledger.clear()
    assert history.check().violated == ("INV-LATE-FILL-1",)


def test_what_nothing_touched_is_not_called_ok() -> None:
    report = opened().check()
    assert status_of(report, "INV-T2-GATE-1") is Status.NOT_EXERCISED
    assert status_of(report, "INV-BEAD-CHAIN-1") is Status.OK


def test_the_statement_about_sources_is_never_claimed_here() -> None:
    assert status_of(one_trade()[0].check(), "INV-IBKR-MOCK-1") is Status.NOT_CHECKED


def test_an_unsettled_history_may_lack_what_is_still_under_way() -> None:
    history, made = one_trade()
    made.made("E", 410, "1000", nth=2)
    assert history.check(settled=False).ok
    assert history.check().violated == ("INV-LATE-FILL-1",)


def test_what_falls_due_behind_the_last_bead_is_judged_when_the_end_is_known() -> None:
    history = opened()
    Trade(history, at=10).submitted()
    assert history.check().ok
    later = history.check(ended_at=START + timedelta(seconds=120))
    assert later.violated == ("INV-POSITION-SUBMITTED-TTL-1",)


def test_limits_are_granted_with_their_tolerance() -> None:
    history = opened()
    Trade(history, at=10).submitted()
    beats(history, 76)
    assert history.check(tolerance_s=5).violated == ()
    assert history.check(tolerance_s=1).violated == ("INV-POSITION-SUBMITTED-TTL-1",)
    assert history.check(tolerance_s=1, ack_limit_s=90).ok


def test_a_named_runbook_must_exist_where_the_runbooks_are_known() -> None:
    history = opened()
    Trade(history, at=10).stalled()
    assert history.check(runbooks=["RB-001"]).ok
    assert history.check(runbooks=["RB-002"]).violated == ("INV-RUNBOOK-1",)


@pytest.mark.parametrize(
    "record",
    [
        {"seq": "1", "kind": "CONNECTED"},
        {"seq": "1", "at": "2026-03-02T09:00:00", "kind": "CONNECTED"},
        {"seq": "one", "at": instant(0), "kind": "CONNECTED"},
        {"seq": "2", "at": instant(0), "kind": "CONNECTED"},
    ],
)
def test_a_ledger_with_a_hole_is_refused_and_the_record_shown(record: dict[str, str]) -> None:
    with pytest.raises(LedgerUnreadable, match="ledger record"):
        check_history([], [record])


def test_a_quantity_that_is_no_number_is_refused_with_its_field() -> None:
    history, made = one_trade()
    history.booked("EXECUTION", reference=made.reference("E"))["quantity"] = "many"
    with pytest.raises(LedgerUnreadable, match="quantity"):
        history.check()


def test_the_text_names_the_bead_the_rule_and_what_is_wrong() -> None:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["order_hash"] = "00"
    seq = history.drafts.index(history.find("ORDER", event="PREPARED")) + 1
    assert f"INV-T2-GATE-1 bead {seq}: order group group-1 is not the order that was approved" in history.check().text()
