"""Rules of reconciliation: drift is recorded, told and resolved by a human, and nothing is corrected by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from phoenix.history_check.facts import ZERO, Drift, Facts, stem_and_revision
from phoenix.history_check.ledger import BrokerLedger
from phoenix.history_check.records import Bead, Mismatch
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
    """An open quantity changes by executions, by an adoption, or by a human's correction; by nothing else."""
    payload = bead.payload
    position = context.facts.positions.get(payload["position_id"])
    if payload["adjusted"] is not None:
        yield from _corrected_by_human(context, bead)
    if position is None or position.executions_since or not position.is_derivable:
        return
    left = payload["open_quantity"] + (payload["handed_over"] or 0) - (payload["adjusted"] or 0)
    if left != position.stated_open or payload["filled_quantity"] != position.stated_filled:
        yield (
            f"position {position.position_id} went from {position.stated_open} to {payload['open_quantity']} open "
            "without an execution or a human's resolution"
        )


def _corrected_by_human(context: Context, bead: Bead) -> Said:
    """An adjustment is part of a correction that a named human decided, and the parts make the whole."""
    facts, decision_id = context.facts, bead.payload["decision_id"] or ""
    decision, correction = facts.decisions.get(decision_id), facts.corrections.get(decision_id)
    what = f"the adjustment of position {bead.payload['position_id']}"
    if decision is None or decision.kind != "RESOLVE" or decision.signer_kind != "HUMAN" or bead.signer_kind != "HUMAN":
        yield f"{what} was not a human's"
    elif correction is None or correction.pair != bead.payload["pair"]:
        yield f"{what} follows no resolution that corrects {bead.payload['pair']}"


def _borne(context: Context, bead: Bead) -> Said:
    """In `after`: what a correction changes is what the drift lacked, and positions bear all that is theirs."""
    payload = bead.payload
    drift = context.facts.drifts.get(payload["drift_bead_id"])
    correction = context.facts.corrections.get(payload["decision_id"] or "")
    if payload["resolution"] != "PHOENIX_CORRECTED":
        if payload["quantity"] is not None or payload["unattributed"] is not None:
            yield f"a resolution as {payload['resolution']} changed Phoenix's book, drift {payload['drift_bead_id']}"
        return
    if drift is None or correction is None:
        return
    if drift.change is not None and payload["quantity"] not in (drift.change, ZERO):
        yield f"drift {drift.bead_id} differs by {drift.change} in {drift.pair}, corrected was {payload['quantity']}"
    yield Promise(
        lambda _: correction.left == ZERO,
        f"of the correction of drift {drift.bead_id} {correction.left} {drift.pair} is borne by no position",
    )


READ_ONLY = Rule(
    "INV-RECONCILE-READONLY-1",
    before={"POSITION": _changed_by_execution},
    after={"RECONCILIATION_RESOLUTION": _borne},
    touched_by=("RECONCILIATION_RUN", "RECONCILIATION_DRIFT"),
)


def _drift_recorded(context: Context, bead: Bead) -> Said:
    facts = context.facts
    if bead.payload["verdict"] == "DRIFT" and not any(not drift.resolved for drift in facts.drifts.values()):
        yield Promise(
            lambda _: facts.drifted_at >= bead.seq,
            "a reconciliation ended in DRIFT, and no RECONCILIATION_DRIFT bead says which",
        )
    for mismatch in bead.payload["mismatches"]:
        if _is_overdue(context, bead, mismatch):
            yield (
                f"{mismatch.key} has differed since {mismatch.since.isoformat()}, long past settling, and no "
                "RECONCILIATION_DRIFT bead says so"
            )


def _is_overdue(context: Context, bead: Bead, mismatch: Mismatch) -> bool:
    facts, limits = context.facts, context.limits
    executed = [at for pair, at in facts.executed_at.items() if mismatch.pair in ("", pair)]
    settled_at = context.after(max([mismatch.since, *executed]), limits.settling_s + limits.drift_alert_s)
    is_known = any(drift.key == mismatch.key and not drift.resolved for drift in facts.drifts.values())
    return not is_known and bead.timestamp > settled_at + limits.tolerance


def _nothing_unsaid(context: Context, ledger: BrokerLedger) -> Conclusion:
    """What the broker's own ledger holds otherwise than the beads, though the books were compared since."""
    facts, limits = context.facts, context.limits
    if not context.settled or facts.compared_at is None or facts.session.event != "RECONCILED":
        return
    ours, stalled = _nets_of_beads(facts), {p.pair for p in facts.positions.values() if p.state == "STALLED"}
    told = {drift.pair for drift in facts.open_drifts()} | facts.questioned | stalled
    for pair, (net, changed_at) in _nets_of_ledger(ledger).items():
        since = max(changed_at, facts.executed_at.get(pair, changed_at))
        is_settled = facts.compared_at > context.after(since, limits.settling_s + limits.drift_alert_s)
        if is_settled and net != ours.get(pair, ZERO) and told.isdisjoint((pair, f"net:{pair}")):
            yield (
                None,
                f"the broker holds {net} {pair}, Phoenix {ours.get(pair, ZERO)}, and nothing says that it drifts",
            )


def _nets_of_beads(facts: Facts) -> dict[str, Decimal]:
    nets = dict(facts.unattributed)
    for position in facts.positions.values():
        nets[position.pair] = nets.get(position.pair, ZERO) + position.signed_open
    return nets


def _nets_of_ledger(ledger: BrokerLedger) -> dict[str, tuple[Decimal, datetime]]:
    """The broker's net of each instrument and when it last changed: corrections replace, busts take away."""
    nets: dict[str, tuple[Decimal, datetime]] = {}
    for pair, quantity, at in _changes(ledger):
        nets[pair] = (nets.get(pair, (ZERO, at))[0] + quantity, at)
    return nets


def _changes(ledger: BrokerLedger) -> Iterator[tuple[str, Decimal, datetime]]:
    standing: dict[str, Decimal] = {}
    for record in ledger.holdings:
        quantity = record.number("quantity") or ZERO
        pair = record.text("pair")
        if pair is None:
            continue
        if record.kind == "EXTERNAL_HOLDING":
            yield pair, quantity, record.at
            continue
        stem, _ = stem_and_revision(record.text("execution_id") or "")
        signed = ZERO if record.kind == "BUST" else quantity if record.text("action") == "BUY" else -quantity
        yield pair, signed - standing.get(stem, ZERO), record.at
        standing[stem] = signed


DRIFT_RECORDED = Rule(
    "INV-RECONCILE-AUDIT-1",
    before={"RECONCILIATION_RUN": _drift_recorded},
    books=_nothing_unsaid,
    touched_by=("RECONCILIATION_RUN", "RECONCILIATION_DRIFT"),
)


def _resolved_by_human(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    drift = context.facts.drifts.get(payload["drift_bead_id"])
    decision = context.facts.decisions.get(payload["decision_id"] or "")
    if payload["set_aside"] is not None:
        yield from _set_aside(context.facts, payload["set_aside"], payload["resolution"])
    elif drift is None:
        yield f"a resolution names drift {payload['drift_bead_id']}, which no bead recorded"
    elif drift.resolved:
        yield f"drift {drift.bead_id} was resolved twice"
    if not payload["resolved_by"].strip() or not payload["notes"].strip():
        yield f"the resolution of drift {payload['drift_bead_id']} lacks who or why"
    by_decision = decision is not None and decision.kind == "RESOLVE" and decision.signer_kind == "HUMAN"
    if bead.signer_kind != "HUMAN" and not by_decision:
        yield f"the resolution of drift {payload['drift_bead_id']} was not a human's"


def _set_aside(facts: Facts, name: str, resolution: str) -> Said:
    """What a human sets aside is something that the broker had and nobody claimed; saying so changes no book."""
    if name not in facts.parked and name not in facts.unmatched:
        yield f"{name} was set aside, and nothing called so was nobody's"
    if resolution != "ACKNOWLEDGED":
        yield f"{name} was set aside as {resolution}"


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
