"""Rules of reconciliation: drift is recorded, told and resolved by a human, and nothing is corrected by itself."""

from __future__ import annotations

from datetime import datetime

from phoenix.history_check.facts import Drift, Facts
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Conclusion, Context, Promise, Rule, Said


def _alerted(context: Context, bead: Bead) -> Said:
    drift = Drift(bead.bead_id, bead.payload["pair"], bead.payload["position_id"])
    facts, limits, since = context.facts, context.limits, bead.timestamp
    yield Promise(
        kept=lambda until: _told_of(facts, drift, since - limits.tolerance, until),
        otherwise=f"drift in {drift.pair} raised no alert within {limits.drift_alert_s} s",
        due=context.after(since, limits.drift_alert_s),
        grace_s=limits.drift_alert_s,
    )


def _told_of(facts: Facts, drift: Drift, since: datetime, until: datetime) -> bool:
    for alert in reversed(facts.alerts):
        if alert.at < since:
            return False
        names = "DRIFT" in alert.words or drift.bead_id.upper() in alert.words
        if alert.at <= until and (names or (alert.position_id is not None and alert.position_id == drift.position_id)):
            return True
    return False


DRIFT_ALERT = Rule("INV-RECONCILE-ALERT-1", before={"RECONCILIATION_DRIFT": _alerted})


def _changed_by_execution(context: Context, bead: Bead) -> Said:
    """An open quantity changes by executions, by an adoption, or by a human's resolution; by nothing else."""
    position = context.facts.positions.get(bead.payload["position_id"])
    if position is None or position.executions_since or not position.is_derivable:
        return
    if (
        bead.payload["open_quantity"] + (bead.payload["handed_over"] or 0) != position.stated_open
        or bead.payload["filled_quantity"] != position.stated_filled
    ):
        yield (
            f"position {position.position_id} went from {position.stated_open} to {bead.payload['open_quantity']} open "
            "without an execution or a human's resolution"
        )


READ_ONLY = Rule(
    "INV-RECONCILE-READONLY-1",
    before={"POSITION": _changed_by_execution},
    touched_by=("RECONCILIATION_RUN", "RECONCILIATION_DRIFT"),
)


def _drift_recorded(context: Context, bead: Bead) -> Said:
    facts = context.facts
    if bead.payload["verdict"] == "DRIFT":
        yield Promise(
            lambda _: any(not drift.resolved for drift in facts.drifts.values()) or facts.drifted_at >= bead.seq,
            "a reconciliation ended in DRIFT, and no RECONCILIATION_DRIFT bead says which",
        )


DRIFT_RECORDED = Rule(
    "INV-RECONCILE-AUDIT-1",
    before={"RECONCILIATION_RUN": _drift_recorded},
    touched_by=("RECONCILIATION_RUN", "RECONCILIATION_DRIFT"),
)


def _resolved_by_human(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    drift = context.facts.drifts.get(payload["drift_bead_id"])
    decision = context.facts.decisions.get(payload["decision_id"] or "")
    if drift is None:
        yield f"a resolution names drift {payload['drift_bead_id']}, which no bead recorded"
    elif drift.resolved:
        yield f"drift {drift.bead_id} was resolved twice"
    if not payload["resolved_by"].strip() or not payload["notes"].strip():
        yield f"the resolution of drift {payload['drift_bead_id']} lacks who or why"
    by_decision = decision is not None and decision.kind == "RESOLVE" and decision.signer_kind == "HUMAN"
    if bead.signer_kind != "HUMAN" and not by_decision:
        yield f"the resolution of drift {payload['drift_bead_id']} was not a human's"


def _every_resolution_recorded(context: Context) -> Conclusion:
    facts = context.facts
    answered = facts.resolutions_by_decision | facts.refused_decisions
    for decision in facts.decisions.values():
        if context.settled and decision.kind == "RESOLVE" and decision.decision_id not in answered:
            yield (
                None,
                f"decision {decision.decision_id} resolves a drift, and neither a resolution nor a refusal followed",
            )


RESOLVED = Rule(
    "INV-RECONCILE-AUDIT-2",
    before={"RECONCILIATION_RESOLUTION": _resolved_by_human},
    at_end=_every_resolution_recorded,
    touched_by=("RECONCILIATION_RESOLUTION",),
)
