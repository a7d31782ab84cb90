"""Each invariant, broken once in an otherwise sound history: exactly that one is violated, and named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phoenix.history_check.catalogue import RULES
from tests.history_check.histories import (
    ASSISTANT,
    History,
    alert,
    conflict,
    digest,
    drift,
    instant,
    kill_flag,
    refusal,
    resolution,
    session,
)
from tests.history_check.promotions import promoted
from tests.history_check.trades import QUANTITY, Trade, beats, one_trade, opened

Breach = Callable[[], History]
BREACHES: list[tuple[str, Breach]] = []


def breaks(invariant: str) -> Callable[[Breach], Breach]:
    def register(breach: Breach) -> Breach:
        BREACHES.append((invariant, breach))
        return breach

    return register


@pytest.mark.parametrize(("invariant", "breach"), BREACHES, ids=[f"{i}-{b.__name__}" for i, b in BREACHES])
def test_exactly_the_broken_invariant_is_named(invariant: str, breach: Breach) -> None:
    report = breach().check()
    assert report.violated == (invariant,), report.text()
    assert not report.ok
    assert invariant in report.text()


def trade(step: str, until: float = 2000) -> tuple[History, Trade]:
    """A history with one trade brought to a step, in which the executor then lives on."""
    history = opened()
    made = Trade(history, at=10)
    getattr(made, step)()
    beats(history, until)
    return history, made


# --- tokens ---------------------------------------------------------------------------------------------------------


@breaks("INV-T2-TOKEN-1")
def token_used_at_its_expiry() -> History:
    history = opened()
    Trade(history, at=10).closed(delay=301)
    return history


@breaks("INV-T2-TOKEN-1")
def token_that_lives_six_minutes() -> History:
    history, _ = one_trade()
    history.find("T2_TOKEN", event="ISSUED").payload["expires_at"] = instant(371)
    return history


@breaks("INV-T2-TOKEN-1")
def token_used_twice() -> History:
    history, made = one_trade()
    used = history.find("T2_TOKEN", event="USED")
    made.token("USED", used.at)
    history.last_to(history.drafts.index(used) + 1)
    return history


@breaks("INV-T2-TOKEN-1")
def fourth_token_of_an_intent() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    for number in range(2, 5):
        former = made.token_id if number == 2 else f"again-{number - 1}"
        made.token("REJECTED", 12, token_id=former, reason="REVOKED")
        made.token("ISSUED", 12, token_id=f"again-{number}")
    made.token("REJECTED", 13, token_id="again-4", reason="REVOKED")
    made.position("EXPIRED", "TOKEN_ENDED", 13)
    return history


@breaks("INV-T2-TOKEN-1")
def second_token_while_the_first_lives() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    made.token("ISSUED", 12, token_id="again")
    for token_id in (made.token_id, "again"):
        made.token("REJECTED", 13, token_id=token_id, reason="REVOKED")
    made.position("EXPIRED", "TOKEN_ENDED", 13)
    return history


@breaks("INV-T2-TOKEN-AUDIT-1")
def token_that_timed_out_without_a_bead() -> History:
    history, _ = trade("approved")
    return history


@breaks("INV-T2-TOKEN-AUDIT-1")
def token_issued_without_a_trace_of_its_secret() -> History:
    history, _ = one_trade()
    history.find("T2_TOKEN", event="ISSUED").payload["secret_hash"] = None
    return history


@breaks("INV-T2-TOKEN-AUDIT-1")
def position_approved_without_a_token() -> History:
    history = opened()
    made = Trade(history, at=10).proposed()
    made.position("APPROVED", "TOKEN_ISSUED", 11)
    return history


# --- the gate -------------------------------------------------------------------------------------------------------


@breaks("INV-T2-GATE-1")
def order_without_its_token_used() -> History:
    history, made = one_trade()
    history.drop("T2_TOKEN", event="USED")
    made.token("EXPIRED", 311)
    end = next(draft for draft in history.drafts if draft.at > 311)
    history.drafts.insert(history.drafts.index(end), history.drafts.pop())
    return history


@breaks("INV-T2-GATE-1")
def order_that_names_no_token() -> History:
    history, _ = one_trade()
    history.find("ORDER", event="PREPARED").payload["token_id"] = None
    return history


@breaks("INV-T2-GATE-1")
def order_other_than_approved() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["order_hash"] = "00"
    return history


@breaks("INV-T2-GATE-1")
def order_hash_of_another_order() -> History:
    history, _ = one_trade()
    history.find("ORDER", event="PREPARED").payload["order_hash"] = "00"
    return history


@breaks("INV-T2-GATE-1")
def evidence_altered_behind_its_hash() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["bundle"]["order"]["quantity"] = "90000"
    return history


@breaks("INV-T2-GATE-1")
def decision_on_other_evidence() -> History:
    history, _ = one_trade()
    history.find("DECISION").payload["evidence_hash"] = "00"
    return history


@breaks("INV-T2-GATE-1")
def broker_received_another_quantity() -> History:
    history, made = one_trade()
    history.booked("ORDER_RECEIVED", reference=made.reference("E"))["quantity"] = "20000"
    return history


@breaks("INV-T2-GATE-1")
def broker_received_another_time_in_force() -> History:
    history, made = one_trade()
    history.booked("ORDER_RECEIVED", reference=made.reference("S"))["time_in_force"] = "DAY"
    return history


@breaks("INV-T2-GATE-1")
def broker_received_an_order_nobody_prepared() -> History:
    history, _ = one_trade()
    history.book("ORDER_RECEIVED", 500, reference="PXSTRAY-E", quantity="1")
    return history


@breaks("INV-T2-GATE-1")
def broker_received_an_order_without_a_reference() -> History:
    history, _ = one_trade()
    history.book("ORDER_RECEIVED", 500, reference=None, quantity="1")
    return history


@breaks("INV-HUMAN-1")
def paper_approval_without_a_passkey() -> History:
    history = History()
    history.add("CONFIG_CHANGE", 0, config_hash="c", settings={})
    session(history, 0, "CONNECTED", "PAPER", "DU1")
    session(history, 0, "RECONCILED", "PAPER", "DU1")
    Trade(history, at=10, account="DU1", proof="TYPED").closed()
    return history


@breaks("INV-HUMAN-1")
def token_for_another_than_the_approver() -> History:
    history, _ = one_trade()
    history.find("T2_TOKEN", event="ISSUED").payload["approver"] = "bob"
    return history


def test_an_assistants_approval_violates_the_gate_and_the_human_rule() -> None:
    history, _ = one_trade()
    history.find("DECISION").signer = ASSISTANT
    assert history.check().violated == ("INV-T2-GATE-1", "INV-HUMAN-1")


@breaks("INV-PAPER-GUARD-1")
def live_order_without_leave() -> History:
    history = History()
    history.add("CONFIG_CHANGE", 0, config_hash="c", settings={"broker": {"allow_live": False}})
    session(history, 0, "CONNECTED", "LIVE", "U1")
    session(history, 0, "RECONCILED", "LIVE", "U1")
    Trade(history, at=10, account="U1", proof="PASSKEY").closed()
    return history


@breaks("INV-PAPER-GUARD-1")
def live_account_in_paper_mode() -> History:
    history = History()
    session(history, 0, "CONNECTED", "PAPER", "U1")
    session(history, 0, "RECONCILED", "PAPER", "U1")
    Trade(history, at=10, account="U1", proof="PASSKEY").closed()
    return history


# --- submission -----------------------------------------------------------------------------------------------------


@breaks("INV-SUBMIT-ONCE-1")
def second_attempt_of_an_intent() -> History:
    history, made = one_trade()
    second = made.prepared(13)
    legs = [{**leg, "reference": f"PXSECOND-{leg['reference'][-1]}"} for leg in made.legs()]
    second.payload["plan"]["legs"] = legs
    history.last_to(history.drafts.index(history.find("POSITION", state="SUBMITTED")) + 1)
    return history


@breaks("INV-SUBMIT-ONCE-1")
def order_received_twice() -> History:
    history, made = one_trade()
    made.received(12, made.legs()[:1])
    return history


@breaks("INV-BEAD-FIRST-1")
def order_received_before_its_bead() -> History:
    history, made = one_trade()
    history.booked("ORDER_RECEIVED", reference=made.reference("E"))["at"] = instant(11.5)
    return history


@breaks("INV-BEAD-FIRST-1")
def cancel_received_without_a_bead() -> History:
    history, made = one_trade()
    history.book("CANCEL_RECEIVED", 20, reference=made.reference("T"))
    return history


# --- lifecycle ------------------------------------------------------------------------------------------------------


@breaks("INV-POSITION-AUDIT-1")
def transition_without_a_bead() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    made.token("REJECTED", 12, reason="KILL_FLAG")
    return history


@breaks("INV-POSITION-AUDIT-1")
def former_state_that_was_not() -> History:
    history, _ = one_trade()
    history.find("POSITION", state="FILLED").payload["previous_state"] = "STALLED"
    return history


@breaks("INV-POSITION-AUDIT-1")
def execution_without_a_position_bead() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.made("T", 20, "1000", nth=2)
    made.execution("T", 20, "1000", nth=2)
    made.order("STATUS", 20, "S", status="WORKING", filled_quantity="0", remaining_quantity="9000")
    beats(history, 2000)
    return history


@breaks("INV-POSITION-SM-1")
def proposal_that_is_closed_at_once() -> History:
    history = opened()
    Trade(history, at=10).proposed().position("CLOSED", "EXIT_COMPLETED", 11)
    return history


@breaks("INV-POSITION-SM-1")
def submitted_by_a_wrong_trigger() -> History:
    history, _ = one_trade()
    history.find("POSITION", state="SUBMITTED").payload["trigger"] = "BROKER_ACKNOWLEDGED"
    return history


@breaks("INV-POSITION-SUBMITTED-TTL-1")
def silence_without_stalling() -> History:
    history, _ = trade("submitted")
    return history


@breaks("INV-POSITION-SUBMITTED-TTL-1")
def silence_that_stalls_too_late() -> History:
    history, _ = trade("stalled")
    for draft in history.drafts:
        draft.at += 30 if 70 < draft.at < 100 else 0
    beats(history, 90).at = 90
    history.last_to(history.drafts.index(history.find("POSITION", state="STALLED")))
    return history


@breaks("INV-POSITION-SUBMITTED-TTL-1")
def stalling_that_nobody_hears_of() -> History:
    history, _ = trade("stalled")
    history.drop("ALERT", kind="POSITION_STALLED")
    return history


# --- what stops entries ---------------------------------------------------------------------------------------------


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def entry_under_a_kill_flag() -> History:
    history, _ = one_trade()
    kill_flag(history, 12, "flag")
    history.last_to(history.drafts.index(history.find("T2_TOKEN", event="USED")))
    return history


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def proposal_under_a_kill_flag_of_its_strategy() -> History:
    history = opened()
    kill_flag(history, 5, "flag", strategy_id="fvg")
    Trade(history, at=10).proposed()
    return history


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def flag_lifted_by_nobody() -> History:
    history = opened()
    kill_flag(history, 5, "flag")
    kill_flag(history, 6, "flag", "LIFTED")
    return history


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def flag_expired_before_its_time() -> History:
    history = opened()
    kill_flag(history, 5, "flag", expires_at=instant(305))
    kill_flag(history, 304, "flag", "EXPIRED")
    return history


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def entry_received_long_after_a_flag_was_set() -> History:
    history, made = trade("submitted", until=14)
    kill_flag(history, 15, "flag")
    for record in history.ledger:
        record["at"] = instant(60)
    made.order("ACKNOWLEDGED", 61, "E")
    return history


@breaks("INV-STALE-KILL-1")
def stale_conflict_without_a_kill_flag() -> History:
    history = opened()
    made = Trade(history, at=10).proposed()
    conflict(history, 970, "960", intent_id=made.intent_id)
    return history


@breaks("INV-STALE-KILL-1")
def stale_kill_flag_that_is_not_there() -> History:
    history = opened()
    made = Trade(history, at=10).proposed()
    conflict(history, 970, "960", intent_id=made.intent_id, kill_flag_id="none")
    return history


@breaks("INV-STALE-KILL-1")
def stale_kill_flag_without_an_end() -> History:
    history = opened()
    made = Trade(history, at=10).proposed()
    kill_flag(history, 970, "flag", strategy_id="fvg")
    conflict(history, 970, "960", intent_id=made.intent_id, kill_flag_id="flag")
    return history


@breaks("INV-STALE-KILL-1")
def token_on_a_stale_anchor() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["stale_at"] = instant(10.5)
    return history


@breaks("INV-STALE-KILL-1")
def anchor_that_is_called_fresh_for_an_hour() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["stale_at"] = instant(3610)
    return history


# --- signals --------------------------------------------------------------------------------------------------------


@breaks("INV-CSE-1")
def entry_without_a_signal() -> History:
    history, _ = one_trade()
    history.drop("SIGNAL")
    return history


@breaks("INV-CSE-1")
def signal_whose_evidence_was_altered() -> History:
    history, _ = one_trade()
    signal = history.find("SIGNAL").payload
    signal["document"]["evidence"]["quality"]["score"] = "0.99"
    signal["content_hash"] = digest(signal["document"])
    return history


@breaks("INV-CSE-1")
def signal_of_another_format() -> History:
    history, _ = one_trade()
    signal = history.find("SIGNAL").payload
    del signal["document"]["state_anchor"]
    signal["content_hash"] = digest(signal["document"])
    return history


@breaks("INV-CSE-1")
def position_planned_at_other_levels() -> History:
    history, _ = one_trade()
    history.find("POSITION", state="PROPOSED").payload["stop_price"] = "1.48"
    return history


# --- the unknown ----------------------------------------------------------------------------------------------------


@breaks("INV-UNKNOWN-1")
def rejection_that_no_broker_spoke() -> History:
    history, _ = trade("rejected")
    history.drop("ORDER", event="REJECTED")
    return history


@breaks("INV-UNKNOWN-1")
def rejection_that_is_not_in_the_ledger() -> History:
    history, _ = trade("rejected")
    history.ledger.remove(history.booked("REJECTED"))
    return history


@breaks("INV-UNKNOWN-1")
def absence_that_nobody_attested() -> History:
    history, made = trade("stalled")
    made.state = "SUBMITTED"
    made.position("STALLED", "RECOVERY_INCONCLUSIVE", 2001)
    alert(history, 2001, "POSITION_STALLED", made.position_id)
    made.position("CANCELLED", "ATTESTED_ABSENT", 2002)
    return history


@breaks("INV-UNKNOWN-1")
def order_not_sent_that_arrived() -> History:
    history = opened()
    made = Trade(history, at=10).submitted()
    made.order("NOT_SENT", 12)
    made.position("CANCELLED", "NOT_SENT", 12)
    return history


@breaks("INV-UNKNOWN-1")
def entry_before_the_books_were_read() -> History:
    history, _ = one_trade()
    history.drop("BROKER_SESSION", event="RECONCILED")
    return history


@breaks("INV-UNKNOWN-1")
def holding_adopted_without_a_human() -> History:
    history = opened()
    made = Trade(history, at=10, filled=QUANTITY, open=QUANTITY, protection="EXACT")
    made.position("FILLED", "HOLDING_ADOPTED", 20, adopted_from="holding", signal_id=None)
    return history


# --- protection, executions, exits ----------------------------------------------------------------------------------


@breaks("INV-PROTECT-1")
def lost_stop_that_nobody_hears_of() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    history.book("CANCELLED", 20, reference=made.reference("S"))
    made.order("CANCELLED", 20, "S", status="CANCELLED")
    beats(history, 100)
    return history


@breaks("INV-PROTECT-1")
def lost_stop_told_of_too_late() -> History:
    history = lost_stop_that_nobody_hears_of()
    history.drafts.pop()
    beats(history, 50)
    alert(history, 51, "PROTECTION_LOST", "position-1")
    return history


@breaks("INV-PROTECT-1")
def partial_fill_without_a_stop() -> History:
    history = opened()
    made = Trade(history, at=10).acknowledged()
    made.made("E", 14, "4000")
    made.filled = made.open = "4000"
    made.execution("E", 14, "4000")
    made.position("FILLED", "EXECUTION", 14)
    beats(history, 100)
    return history


@breaks("INV-PROTECT-1")
def exact_protection_that_is_a_claim_only() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    history.drafts.remove(history.find("ORDER", event="STATUS", role="STOP_LOSS"))
    alert(history, 16, "POSITION_UNPROTECTED", made.position_id)
    return history


@breaks("INV-LATE-FILL-1")
def execution_that_was_dropped() -> History:
    history, made = one_trade()
    made.made("E", 20, "1000", nth=2)
    return history


@breaks("INV-LATE-FILL-1")
def execution_booked_with_another_quantity() -> History:
    history, made = one_trade()
    history.booked("EXECUTION", reference=made.reference("T"))["quantity"] = "9000"
    return history


@breaks("INV-LATE-FILL-1")
def execution_that_the_broker_never_made() -> History:
    history, made = one_trade()
    history.ledger.remove(history.booked("EXECUTION", reference=made.reference("T")))
    return history


@breaks("INV-LATE-FILL-1")
def correction_that_was_dropped() -> History:
    history, made = one_trade()
    made.made("E", 20, "9000", revision=2, kind="CORRECTION")
    return history


@breaks("INV-LATE-FILL-1")
def bust_that_was_dropped() -> History:
    history, made = one_trade()
    made.made("E", 20, revision=2, kind="BUST")
    return history


@breaks("INV-LATE-FILL-1")
def execution_booked_twice() -> History:
    history, _ = one_trade()
    booked = history.find("EXECUTION", role="ENTRY")
    history.add("EXECUTION", booked.at, **booked.payload)
    history.last_to(history.drafts.index(booked) + 1)
    return history


@breaks("INV-LATE-FILL-1")
def position_that_does_not_add_up() -> History:
    history, _ = one_trade()
    history.find("POSITION", state="FILLED").payload["filled_quantity"] = "9000"
    history.find("POSITION", trigger="PROTECTION_EXACT").payload["filled_quantity"] = "9000"
    return history


@breaks("INV-LATE-FILL-1")
def fill_after_the_end_that_nobody_hears_of() -> History:
    history, made = trade("rejected", until=15)
    made.made("E", 20)
    made.execution("E", 20)
    alert(history, 20, "LATE_EXECUTION", made.position_id)
    beats(history, 2000)
    return history


@breaks("INV-EXIT-1")
def exit_refused_for_a_kill_flag() -> History:
    history = opened()
    Trade(history, at=10).exited()
    refusal(history, 600, "KILL_FLAG", intent_id="exit-1")
    return history


@breaks("INV-EXIT-1")
def exit_for_more_than_is_open() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.exit_asked(20, maximum="99000")
    made.cancels(21)
    made.exit_sent(22, 20, "12000")
    alert(history, 23, "POSITION_UNPROTECTED", made.position_id)
    return history


@breaks("INV-EXIT-1")
def exit_for_more_than_was_approved() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.exit_asked(20, maximum="4000")
    made.cancels(21)
    made.exit_sent(22, 20)
    alert(history, 23, "POSITION_UNPROTECTED", made.position_id)
    return history


@breaks("INV-EXIT-1")
def exit_while_the_stop_still_works() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.exit_asked(20)
    made.exit_sent(22, 20)
    return history


@breaks("INV-EXIT-1")
def token_of_an_exit_ended_by_a_kill_flag() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.exit_asked(20)
    made.exit_token("REJECTED", 21, 20, reason="KILL_FLAG")
    return history


def test_an_exit_that_flips_the_position_is_named() -> None:
    history = opened()
    made = Trade(history, at=10).managed()
    made.protection = "NONE"
    for nth, suffix in enumerate("TS", start=1):
        made.made(suffix, 20 + nth)
        made.open = str(int(made.open) - int(QUANTITY))
        made.execution(suffix, 20 + nth)
        made.position("MANAGED", "EXECUTION", 20 + nth)
    drift(history, 22, made.position_id)
    kill_flag(history, 22, "flag")
    alert(history, 22, "OVERFILL", made.position_id)
    report = history.check()
    assert report.violated == ("INV-EXIT-1",)
    assert {finding.seq is None for finding in report.findings} == {True, False}


# --- reconciliation, promotion, running -----------------------------------------------------------------------------


@breaks("INV-RECONCILE-ALERT-1")
def drift_that_nobody_hears_of() -> History:
    history, _ = one_trade()
    drift(history, 500)
    beats(history, 600)
    return history


@breaks("INV-RECONCILE-READONLY-1")
def quantity_that_changed_by_itself() -> History:
    history, made = trade("managed")
    made.open = "8000"
    made.position("MANAGED", "EXECUTION", 2001)
    return history


@breaks("INV-RECONCILE-AUDIT-1")
def reconciliation_in_drift_without_a_drift_bead() -> History:
    history, _ = one_trade()
    history.add("RECONCILIATION_RUN", 500, trigger="TIMER", verdict="DRIFT", compared="1", detail="")
    return history


@breaks("INV-RECONCILE-AUDIT-2")
def resolution_of_nothing() -> History:
    history, _ = one_trade()
    resolution(history, 500, "no-such-bead")
    return history


@breaks("INV-RECONCILE-AUDIT-2")
def resolution_by_nobody() -> History:
    history, _ = one_trade()
    found = drift(history, 500)
    alert(history, 500, "DRIFT_FOUND")
    resolution(history, 520, found.bead_id).signer = ("SYSTEM", "phoenix")
    return history


@breaks("INV-RECONCILE-AUDIT-2")
def decision_to_resolve_without_an_outcome() -> History:
    history, made = one_trade()
    made.decision(500, "RESOLVE")
    return history


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_after_nineteen_sessions() -> History:
    return promoted(sessions=19)


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_without_a_range_session() -> History:
    return promoted(regimes=("TREND",))


@breaks("INV-PROMOTION-T2-1")
def promotion_without_a_token() -> History:
    history = promoted()
    history.find("T2_TOKEN", event="USED").payload.update(event="REJECTED", reason="REVOKED", final=True)
    return history


@breaks("INV-PROMOTION-T2-1")
def strategy_live_without_a_promotion() -> History:
    history = opened()
    history.add("STRATEGY", 10, strategy_id="fvg", mode="LIVE", description="", promotion_intent_id=None)
    return history


@breaks("INV-PROMOTION-SAFE-1")
def promotion_under_a_kill_flag() -> History:
    history = promoted()
    kill_flag(history, 20, "flag")
    history.last_to(history.drafts.index(history.find("PROMOTION")))
    return history


@breaks("INV-PROMOTION-SAFE-2")
def promotion_in_drift() -> History:
    history = promoted()
    drift(history, 20)
    history.last_to(history.drafts.index(history.find("PROMOTION")))
    alert(history, 21, "DRIFT_FOUND")
    return history


@breaks("INV-RECONNECT-1")
def fourth_attempt_to_reconnect() -> History:
    history = opened()
    for at in (5, 20, 65):
        session(history, at, "RECONNECTING")
    alert(history, 66, "RECONNECT_FAILED")
    session(history, 200, "RECONNECTING")
    return history


@breaks("INV-RECONNECT-1")
def three_failed_attempts_that_nobody_hears_of() -> History:
    history = opened()
    for at in (5, 20, 65):
        session(history, at, "RECONNECTING")
    beats(history, 600)
    return history


@breaks("INV-RUNBOOK-1")
def critical_alert_without_a_runbook() -> History:
    history = opened()
    alert(history, 5, "CONNECTION_LOST", runbook=None)
    return history


def test_every_invariant_that_a_history_can_show_is_broken_here() -> None:
    assert {rule.invariant for rule in RULES} == {invariant for invariant, _ in BREACHES}
