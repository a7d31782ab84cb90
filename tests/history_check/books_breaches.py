"""Breaches of reconciliation and the running of it."""

from __future__ import annotations

from tests.history_check.breaches import breaks, trade
from tests.history_check.histories import (
    History,
    alert,
    drift,
    net_mismatch,
    resolution,
    run,
    session,
)
from tests.history_check.trades import beats, one_trade, opened

# --- reconciliation, running ------------------------------------------------------------------------------


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
    run(history, 500, "DRIFT")
    return history


@breaks("INV-RECONCILE-AUDIT-1")
def difference_that_settles_for_ever() -> History:
    history, _ = one_trade()
    run(history, 600, "SETTLING", net_mismatch(600, "0", "5000"))
    run(history, 900, "SETTLING", net_mismatch(600, "0", "5000"))
    return history


@breaks("INV-RECONCILE-AUDIT-1")
def holding_at_the_broker_that_no_comparison_saw() -> History:
    history, _ = one_trade()
    history.book("EXTERNAL_HOLDING", 500, account="SIM0001", pair="GBPUSD", quantity="5000", price="1.5")
    run(history, 900, "HEALTHY")
    return history


@breaks("INV-RECONCILE-READONLY-1")
def adjustment_that_nobody_decided() -> History:
    history, made = trade("managed")
    made.open, made.protection = "8000", "OVER"
    made.position("MANAGED", "ADJUSTED", 2001, adjusted="-2000", decision_id=None)
    return history


@breaks("INV-RECONCILE-READONLY-1")
def adjustment_in_the_systems_name() -> History:
    history, made = trade("managed")
    made.corrected(2001)
    history.find("POSITION", trigger="ADJUSTED").signer = ("SYSTEM", "phoenix")
    return history


@breaks("INV-RECONCILE-READONLY-1")
def correction_by_more_than_the_books_differ() -> History:
    history, made = trade("managed")
    made.corrected(2001, quantity="8000")
    history.find("RECONCILIATION_DRIFT").payload["broker_state"] = {"net": "9000"}
    return history


@breaks("INV-RECONCILE-READONLY-1")
def correction_that_no_position_bears() -> History:
    history, made = trade("managed")
    made.corrected(2001)
    history.drop("POSITION", trigger="ADJUSTED")
    return history


@breaks("INV-RECONCILE-READONLY-1")
def acknowledgement_that_changes_the_book() -> History:
    history, _ = one_trade()
    found = drift(history, 500)
    alert(history, 500, "DRIFT_FOUND")
    resolution(history, 520, found.bead_id, pair="GBPUSD", quantity="5000", unattributed="5000")
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


@breaks("INV-RECONCILE-AUDIT-2")
def setting_aside_of_what_was_never_there() -> History:
    history, _ = one_trade()
    resolution(history, 500, "", set_aside="800000001")
    return history
