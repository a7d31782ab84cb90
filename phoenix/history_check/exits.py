"""Rules of exits: never blocked by what blocks entries, and never through zero."""

from __future__ import annotations

from decimal import Decimal

from phoenix.history_check.facts import ZERO, Facts, Position
from phoenix.history_check.ledger import BrokerLedger
from phoenix.history_check.records import Bead, Plan
from phoenix.history_check.rules import Conclusion, Context, Promise, Rule, Said

ENTRY_REASONS = frozenset({"KILL_FLAG", "STATE_CONFLICT", "RISK_LIMIT", "STRATEGY_MODE", "SIZING"})
"""Reasons for which only an entry may be refused."""

EXIT_KINDS = frozenset({"EXIT", "PROTECT"})
_EXIT_DECISIONS = frozenset({"CLOSE", "PROTECT"})


def _is_exit(facts: Facts, intent_id: str | None, decision_id: str | None = None) -> bool:
    decision = facts.decisions.get(decision_id or "")
    return facts.kind_of(intent_id) in EXIT_KINDS or (decision is not None and decision.kind in _EXIT_DECISIONS)


def _not_refused(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    decision_id = payload["decision_id"] or payload["subject_id"]
    intent_id = payload["intent_id"] or payload["subject_id"]
    if payload["reason"] in ENTRY_REASONS and _is_exit(context.facts, intent_id, decision_id):
        yield f"an exit ({payload['subject_id']}) was refused for {payload['reason']}"


def _no_conflict(context: Context, bead: Bead) -> Said:
    if _is_exit(context.facts, bead.payload["intent_id"]):
        yield f"an exit ({bead.payload['intent_id']}) met a state conflict"


def _token_not_blocked(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    if payload["reason"] in ("KILL_FLAG", "STATE_CONFLICT") and _is_exit(context.facts, payload["intent_id"]):
        yield f"token {payload['token_id']} of an exit was rejected for {payload['reason']}"


def _within_open(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    intent, plan = facts.intents.get(payload["intent_id"] or ""), payload["plan"]
    position = facts.positions.get(payload["position_id"] or "")
    if payload["intent_kind"] not in EXIT_KINDS or plan is None:
        return
    if intent is None or position is None:
        yield f"order group {plan.order_group_id} exits a position that no bead knows"
        return
    yield from _reduces(plan, position, intent.maximum_quantity)
    if payload["intent_kind"] == "EXIT":
        for reference in position.legs:
            if facts.legs[reference].is_alive:
                yield f"order group {plan.order_group_id} exits while order {reference} was still alive"


def _reduces(plan: Plan, position: Position, maximum: Decimal | None) -> Said:
    open_quantity = position.executed_open if position.is_derivable else position.stated_open
    closing = "SELL" if position.side == "LONG" else "BUY"
    for leg in plan.legs:
        if leg.role == "ENTRY" or leg.action != closing:
            yield f"order {leg.reference} of an exit would add to position {position.position_id}"
        if leg.quantity > open_quantity:
            yield f"order {leg.reference} of an exit is for {leg.quantity}, open are {open_quantity}"
        if maximum is not None and leg.quantity > maximum:
            yield f"order {leg.reference} of an exit is for {leg.quantity}, approved were at most {maximum}"


def _not_flipped(context: Context, bead: Bead) -> Said:
    """Reports may come the wrong way round, or wait for their order; in the end they are not beyond flat."""
    facts = context.facts
    position = facts.positions.get(bead.payload["position_id"] or "")
    if position is None or position.surprised or not position.is_derivable:
        return
    if bead.event == "BOOKED" and bead.payload["role"] != "ENTRY" and position.executed_open < ZERO:
        yield Promise(
            lambda _: (
                position.surprised
                or position.executed_open >= ZERO
                or bool(facts.parked.keys() - facts.execution_ids.keys())
                or _is_entry_outstanding(facts, position)
            ),
            f"execution {bead.payload['execution_id']} takes position {position.position_id} through zero",
        )


def _is_entry_outstanding(facts: Facts, position: Position) -> bool:
    """Whether executions of the entry may be on their way that explain the exits; the ledger has the last word."""
    legs = [facts.legs[reference] for reference in position.legs]
    outstanding = sum((leg.total - leg.executed for leg in legs if leg.leg.role == "ENTRY" and leg.is_alive), ZERO)
    return position.executed_open + outstanding >= ZERO


def _not_flipped_at_broker(context: Context, ledger: BrokerLedger) -> Conclusion:
    """A human's correction may have given a position more to close than was ever executed for it."""
    net: dict[str, Decimal] = {}
    for fill in ledger.fills:
        leg = context.facts.legs.get(ledger.owner(fill) or "")
        position = None if leg is None else context.facts.positions.get(leg.position_id or "")
        if leg is None or position is None or position.surprised or not position.is_derivable:
            continue
        quantity = fill.number("quantity") or ZERO
        change = quantity if leg.leg.role == "ENTRY" else -quantity
        net[position.position_id] = net.get(position.position_id, max(position.adjusted, ZERO)) + change
        if net[position.position_id] < ZERO:
            yield None, f"execution {fill.text('execution_id')} flips position {position.position_id} at the broker"


EXIT = Rule(
    "INV-EXIT-1",
    before={
        "REFUSAL": _not_refused,
        "STATE_CONFLICT": _no_conflict,
        "T2_TOKEN:REJECTED": _token_not_blocked,
        "ORDER:PREPARED": _within_open,
    },
    after={"EXECUTION:BOOKED": _not_flipped},
    books=_not_flipped_at_broker,
    touched_by=("EXECUTION",),
)
