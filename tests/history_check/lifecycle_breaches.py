"""Breaches of the lifecycle, of what stops entries, and of what is unknown."""

from __future__ import annotations

from tests.history_check.breaches import breaks, trade
from tests.history_check.histories import HUMAN, Draft, History, alert, conflict, digest, instant, kill_flag
from tests.history_check.trades import (
    QUANTITY,
    Trade,
    adopted_execution,
    adopted_order,
    beats,
    one_trade,
    opened,
)

# --- lifecycle -------------------------------------------------------------------------------------------------------


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


@breaks("INV-POSITION-AUDIT-1")
def intent_without_a_position_bead() -> History:
    history = opened()
    Trade(history, at=10).proposed()
    history.drop("POSITION")
    return history


@breaks("INV-POSITION-AUDIT-1")
def approval_without_a_position_bead() -> History:
    history = opened()
    Trade(history, at=10).approved()
    history.drop("POSITION", state="APPROVED")
    return history


@breaks("INV-POSITION-AUDIT-1")
def attempt_without_a_position_bead() -> History:
    history = opened()
    Trade(history, at=10).submitted()
    history.drop("POSITION", state="SUBMITTED")
    return history


@breaks("INV-POSITION-AUDIT-1")
def expired_token_that_left_its_position_approved() -> History:
    history = opened()
    Trade(history, at=10).approved().token("EXPIRED", 311)
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


# --- what stops entries ----------------------------------------------------------------------------------------------


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def entry_under_a_kill_flag() -> History:
    history, _ = one_trade()
    kill_flag(history, 12, "flag")
    history.last_to(history.drafts.index(history.find("T2_TOKEN", event="USED")))
    return history


def while_killed(draft: Draft, history: History) -> History:
    """With a flag that is set just before one bead and lifted just behind it."""
    place = history.drafts.index(draft)
    kill_flag(history, draft.at, "flag", "LIFTED", signer=HUMAN)
    history.last_to(place + 1)
    kill_flag(history, draft.at, "flag")
    history.last_to(place)
    return history


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def token_issued_under_a_kill_flag() -> History:
    history, _ = one_trade()
    return while_killed(history.find("T2_TOKEN", event="ISSUED"), history)


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def token_used_under_a_kill_flag() -> History:
    history, _ = one_trade()
    return while_killed(history.find("T2_TOKEN", event="USED"), history)


@breaks("INV-KILL-BLOCKS-ENTRY-1")
def order_prepared_under_a_kill_flag() -> History:
    history, _ = one_trade()
    return while_killed(history.find("ORDER", event="PREPARED"), history)


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
def order_on_an_anchor_that_went_stale_meanwhile() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["stale_at"] = instant(11.5)
    return history


@breaks("INV-STALE-KILL-1")
def token_on_a_stale_anchor() -> History:
    history = opened()
    Trade(history, at=10).approved()
    history.find("EVIDENCE").payload["stale_at"] = instant(10.5)
    return history


@breaks("INV-STALE-KILL-1")
def anchor_that_is_called_fresh_for_an_hour() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["stale_at"] = instant(3610)
    return history


# --- signals ---------------------------------------------------------------------------------------------------------


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


# --- the unknown -----------------------------------------------------------------------------------------------------


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


# --- adoption --------------------------------------------------------------------------------------------------------


@breaks("INV-UNKNOWN-1")
def order_adopted_on_the_side_that_the_books_deny() -> History:
    return adopted_order(action="SELL")


@breaks("INV-UNKNOWN-1")
def execution_adopted_in_another_quantity() -> History:
    return adopted_execution(filled=str(int(QUANTITY) // 2))
