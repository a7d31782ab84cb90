"""Rules of executions: every one is booked, none twice, none invented, and they add up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from phoenix.history_check.facts import TERMINAL, ZERO, Facts, Position, stem_and_revision
from phoenix.history_check.ledger import BrokerLedger, LedgerRecord, is_ours
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Conclusion, Context, Promise, Rule, Said


def _booked_once(context: Context, bead: Bead) -> Said:
    execution_id = bead.payload["execution_id"]
    stem, revision = stem_and_revision(execution_id)
    former = context.facts.executed.get(stem)
    if bead.event == "BUSTED":
        if former is not None and former.busted:
            yield f"execution {stem} was busted twice"
        return
    if bead.payload["quantity"] is None or bead.payload["price"] is None:
        yield f"execution {execution_id} was booked without quantity or price"
    if former is not None and (former.busted or revision <= former.revision):
        yield f"execution {execution_id} was booked although a report as new of {stem} already was"


def _stray_is_loud(context: Context, bead: Bead) -> Said:
    """An execution for an ended position, or beyond what was asked for: alert, drift and a global kill flag."""
    position = context.facts.positions.get(bead.payload["position_id"] or "")
    if position is None or position.adopted or bead.event != "BOOKED":
        return
    over = position.entered > position.requested and bead.payload["role"] == "ENTRY"
    if not over and position.executed_open >= ZERO and position.state not in TERMINAL:
        return
    execution_id, since = bead.payload["execution_id"], bead.timestamp - context.limits.tolerance
    yield Promise(
        kept=lambda until: _is_loud(context.facts, position, since, until),
        otherwise=f"execution {execution_id} came for {position.state} position {position.position_id} or beyond its "
        "quantities, and alert, drift and global kill flag did not all follow",
        due=bead.timestamp,
    )


def _is_loud(facts: Facts, position: Position, since: datetime, until: datetime) -> bool:
    killed = any(flag.strategy_id is None for flag in facts.flags.values() if flag.set_at <= until)
    drifted = any(drift.position_id in (position.position_id, None) for drift in facts.drifts.values())
    return killed and drifted and facts.critical_alert(position.position_id, since, until)


def _adds_up(context: Context, bead: Bead) -> Said:
    """What a POSITION bead states behind executions is what they add up to."""
    payload = bead.payload
    position = context.facts.positions.get(payload["position_id"])
    if position is None or not position.is_derivable or not position.executions_since:
        return
    if position.state in TERMINAL or position.entered > position.requested:
        return
    stated = (payload["filled_quantity"], payload["open_quantity"])
    added = (position.entered, position.executed_open + (payload["adjusted"] or ZERO))
    if stated != added:
        yield (
            f"position {position.position_id} states {stated[0]} filled and {stated[1]} open; "
            f"its executions add up to {added[0]} and {added[1]}"
        )


def _books_agree(context: Context, ledger: BrokerLedger) -> Conclusion:
    reported: set[str] = set()
    for fill in ledger.fills:
        execution_id = fill.text("execution_id") or ""
        reported.add(stem_and_revision(execution_id)[0] if fill.kind == "BUST" else execution_id)
        if not is_ours(ledger.owner(fill)):
            continue
        yield from _bust_booked(context, execution_id) if fill.kind == "BUST" else _fill_booked(context, fill)
    for execution_id, booked in context.facts.execution_ids.items():
        if is_ours(booked.reference) and execution_id not in reported:
            yield booked.seq, f"execution {execution_id} was booked, and the broker never made it"
    if context.settled:
        yield from _sums_agree(context.facts, ledger)


def _fill_booked(context: Context, fill: LedgerRecord) -> Conclusion:
    execution_id = fill.text("execution_id") or ""
    stem, revision = stem_and_revision(execution_id)
    booked, latest = context.facts.execution_ids.get(execution_id), context.facts.executed.get(stem)
    if booked is None:
        superseded = latest is not None and (latest.busted or latest.revision > revision)
        if context.settled and not superseded:
            what = "is parked only" if execution_id in context.facts.parked else "is in no EXECUTION bead"
            yield None, f"execution {execution_id} of the broker (ledger {fill.seq}) {what}"
        return
    stated = (booked.quantity, booked.price, booked.action)
    made = (fill.number("quantity"), fill.number("price"), fill.text("action"))
    if stated != made:
        yield booked.seq, f"execution {execution_id} was booked as {_text(stated)}, the broker made {_text(made)}"


def _text(facts: tuple[Decimal | None, Decimal | None, str | None]) -> str:
    quantity, price, action = facts
    return f"{action} {quantity} at {price}"


def _bust_booked(context: Context, execution_id: str) -> Conclusion:
    latest = context.facts.executed.get(stem_and_revision(execution_id)[0])
    if context.settled and (latest is None or not latest.busted):
        yield None, f"the broker busted execution {execution_id}, and no EXECUTION(BUSTED) says so"


def _sums_agree(facts: Facts, ledger: BrokerLedger) -> Conclusion:
    """Per order: what stands at the broker against what stands in the beads."""
    ours: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for execution in facts.executed.values():
        if execution.reference is not None:
            ours[execution.reference] += execution.effective
    for reference, quantity in standing_fills(ledger).items():
        if is_ours(reference) and ours[reference] != quantity:
            yield None, f"order {reference}: executions add up to {ours[reference]} here, {quantity} at the broker"


def standing_fills(ledger: BrokerLedger) -> dict[str, Decimal]:
    """Per reference, the quantity that stands at the broker: corrections replace, busts take away."""
    latest: dict[str, tuple[str, int, Decimal]] = {}
    for fill in ledger.fills:
        stem, revision = stem_and_revision(fill.text("execution_id") or "")
        reference, former = ledger.owner(fill), latest.get(stem)
        if fill.kind == "BUST":
            if former is not None:
                latest[stem] = (former[0], former[1], ZERO)
        elif reference is not None and (former is None or revision > former[1]):
            latest[stem] = (reference, revision, fill.number("quantity") or ZERO)
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for reference, _, quantity in latest.values():
        sums[reference] += quantity
    return sums


LATE_FILL = Rule(
    "INV-LATE-FILL-1",
    before={"EXECUTION:BOOKED": _booked_once, "EXECUTION:CORRECTED": _booked_once, "EXECUTION:BUSTED": _booked_once,
            "POSITION": _adds_up},
    after={"EXECUTION:BOOKED": _stray_is_loud},
    books=_books_agree,
    touched_by=("EXECUTION",),
)  # fmt: skip
