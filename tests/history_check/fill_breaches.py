"""Breaches of protection, executions and exits."""

from __future__ import annotations

from tests.history_check.breaches import breaks, trade
from tests.history_check.histories import History, alert, conflict, refusal
from tests.history_check.trades import QUANTITY, Trade, beats, one_trade, opened

# --- protection, executions, exits -----------------------------------------------------------------------------------


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


@breaks("INV-PROTECT-1")
def rejected_stop_under_a_resting_entry() -> History:
    history = opened()
    made = Trade(history, at=10).acknowledged()
    made.order("REJECTED", 14, "S", status="REJECTED")
    beats(history, 100)
    return history


@breaks("INV-PROTECT-1")
def adopted_holding_without_a_stop() -> History:
    history = opened()
    made = Trade(history, at=10, filled=QUANTITY, open=QUANTITY)
    made.decision(20, "ADOPT", subject_id="holding")
    made.position("FILLED", "HOLDING_ADOPTED", 20, adopted_from="holding", signal_id=None)
    beats(history, 100)
    return history


def _revised_twice(event: str, kind: str) -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.made("E", 20, "9000", revision=2, kind=kind)
    made.filled = made.open = "0" if event == "BUSTED" else "9000"
    made.protection = "OVER"
    for _ in range(2):
        made.execution("E", 20, "9000", event=event, revision=2)
        made.position("MANAGED", "EXECUTION", 20)
    alert(history, 21, "POSITION_UNPROTECTED", made.position_id)
    return history


@breaks("INV-LATE-FILL-1")
def correction_booked_twice() -> History:
    return _revised_twice("CORRECTED", "CORRECTION")


@breaks("INV-LATE-FILL-1")
def bust_booked_twice() -> History:
    return _revised_twice("BUSTED", "BUST")


@breaks("INV-EXIT-1")
def exit_stopped_by_a_stale_anchor() -> History:
    history = opened()
    Trade(history, at=10).managed().exit_asked(20)
    conflict(history, 21, "100", intent_id="exit-1")
    return history
