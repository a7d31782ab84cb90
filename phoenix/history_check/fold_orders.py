"""How the facts about orders, executions and positions grow."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from phoenix.history_check.facts import LEG_ENDS, ZERO, Executed, Facts, LegFacts, Position, stem_and_revision
from phoenix.history_check.records import Bead, Terms


def order(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    """The word of an ORDER bead: a new group, or news of one of its legs."""
    event = payload["event"]
    if event == "PREPARED":
        _prepared(facts, bead, payload)
    elif event == "BOUND" and payload["plan"] is not None:
        _adopted(facts, bead, payload)
    elif event in ("NOT_SENT", "ABSENT"):
        for reference in facts.groups.get(payload["order_group_id"], ()):
            _declare(facts.legs[reference], event)
    else:
        if event == "UNMATCHED":
            facts.unmatched.update(filter(None, (payload["permanent_id"], payload["client_order_id"])))
            _stated(facts, payload)
        leg = facts.legs.get(payload["client_order_id"] or "")
        if leg is not None:
            _return_to_life(facts, leg, payload)
            _leg_word(leg, bead, payload)


def _stated(facts: Facts, payload: Mapping[str, Any]) -> None:
    """What the broker's books show of an order of nobody's; a word without it says that they do not."""
    name, stated = payload["permanent_id"] or "", payload["stated"]
    if stated is not None:
        facts.stated[name] = stated
    else:
        facts.stated.pop(name, None)


def _declare(leg: LegFacts, event: str) -> None:
    """NOT_SENT is true of the whole group, ABSENT of what the broker is silent on, and of fills without executions."""
    is_unborne = leg.filled_reported > leg.executed
    if event == "NOT_SENT" or not leg.heard_of or leg.status == "UNKNOWN" or is_unborne:
        leg.declared, leg.void = event, True


def _return_to_life(facts: Facts, leg: LegFacts, payload: Mapping[str, Any]) -> None:
    """An order that the broker names after all takes its group along."""
    if leg.void and payload["permanent_id"] is not None:
        for reference in facts.groups[leg.order_group_id]:
            facts.legs[reference].void = False


def _adopted(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    """An order that a human adopted: the broker spoke of it before Phoenix had any."""
    _prepared(facts, bead, payload)
    for reference in facts.groups[payload["order_group_id"]]:
        facts.legs[reference].heard_of = True


def _prepared(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    plan, intent = payload["plan"], facts.intents.get(payload["intent_id"] or "")
    if intent is not None:
        intent.prepared += 1
    if plan is None:
        return
    for leg in plan.legs:
        facts.legs[leg.reference] = LegFacts(
            leg=leg,
            order_group_id=payload["order_group_id"],
            intent_id=payload["intent_id"],
            intent_kind=payload["intent_kind"],
            position_id=payload["position_id"],
            account=plan.account,
            pair=plan.pair,
            prepared_at=bead.timestamp,
            total=leg.quantity,
        )
        facts.groups[payload["order_group_id"]].append(leg.reference)
        position = facts.positions.get(payload["position_id"] or "")
        if position is not None:
            position.legs.append(leg.reference)


def _leg_word(leg: LegFacts, bead: Bead, payload: Mapping[str, Any]) -> None:
    event = payload["event"]
    if event == "CANCEL_REQUESTED":
        leg.cancel_requested_at = leg.cancel_requested_at or bead.timestamp
        return
    if event in ("ACKNOWLEDGED", "STATUS", "CANCELLED", "REJECTED", "BOUND"):
        leg.heard_of = True
    status = event if event in ("CANCELLED", "REJECTED") else payload["status"]
    if status is not None:
        leg.status = status
    if status in ("CANCELLED", "REJECTED"):
        leg.ended_by = status
    filled, remaining = payload["filled_quantity"], payload["remaining_quantity"]
    if filled is not None:
        leg.filled_reported = filled
        if remaining is not None and leg.status not in LEG_ENDS:
            leg.total = filled + remaining


def execution(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    """An execution as it now stands; its quantity moves to the order and the position it belongs to."""
    event, execution_id = payload["event"], payload["execution_id"]
    if event != "COMMISSION":
        facts.executed_at[payload["pair"]] = bead.timestamp
    if event == "PARKED":
        action, quantity, price = payload["action"] or "", payload["quantity"], payload["price"]
        facts.parked[execution_id] = Terms(payload["pair"], action, quantity, price)
    if event not in ("BOOKED", "CORRECTED", "BUSTED"):
        return
    stem, revision = stem_and_revision(execution_id)
    former = facts.executed.get(stem)
    if event == "BUSTED":
        _bust(facts, stem, former, bead)
        return
    leg = facts.legs.get(payload["client_order_id"] or "")
    latest = Executed(
        stem=stem,
        revision=revision,
        quantity=payload["quantity"] or ZERO,
        price=payload["price"],
        action=payload["action"],
        role=payload["role"] or (leg.leg.role if leg is not None else None),
        reference=payload["client_order_id"],
        position_id=payload["position_id"],
        seq=bead.seq,
    )
    facts.execution_ids[execution_id] = latest
    if former is None or (revision > former.revision and not former.busted):
        _count(facts, former, -1)
        facts.executed[stem] = latest
        _count(facts, latest, 1)
        if former is not None and latest.position_id in facts.positions:
            facts.positions[latest.position_id].surprised = True


def _bust(facts: Facts, stem: str, former: Executed | None, bead: Bead) -> None:
    if former is None:
        facts.executed[stem] = Executed(stem, 0, ZERO, None, None, None, None, None, bead.seq, busted=True)
        return
    _count(facts, former, -1)
    former.busted = True
    if former.position_id in facts.positions:
        facts.positions[former.position_id].surprised = True


def _count(facts: Facts, execution: Executed | None, sign: int) -> None:
    """Add an execution to its position and its order, or take it away."""
    if execution is None:
        return
    quantity = sign * execution.effective
    leg = facts.legs.get(execution.reference or "")
    if leg is not None:
        leg.executed += quantity
        if sign < 0:
            leg.filled_reported = min(leg.filled_reported, leg.executed)
    position = facts.positions.get(execution.position_id or "")
    if position is None:
        return
    if leg is not None and (leg.ended_by is not None or leg.declared is not None or leg.executed > leg.leg.quantity):
        position.surprised = True
    position.executions_since += 1
    if execution.role == "ENTRY":
        position.entered += quantity
    else:
        position.exited += quantity


def _adjust(facts: Facts, position: Position, quantity: Decimal, payload: Mapping[str, Any]) -> None:
    """A human's correction, of an order's fill where it names one, and what is left for other positions to bear."""
    position.adjusted += quantity
    leg = facts.legs.get(payload["adjusted_order"] or "")
    if leg is not None:
        leg.adjusted += quantity if leg.leg.role == "ENTRY" else -quantity
    correction = facts.corrections.get(payload["decision_id"] or "")
    if correction is not None:
        correction.left -= quantity if position.side == "LONG" else -quantity


def position(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    """A position as its bead states it."""
    position = facts.positions.get(payload["position_id"])
    if position is None:
        position = Position(payload["position_id"], payload["strategy_id"], payload["side"], payload["pair"])
        facts.positions[position.position_id] = position
        if payload["trigger"] == "ORDER_ADOPTED":
            position.legs = [name for name, leg in facts.legs.items() if leg.position_id == position.position_id]
    if payload["trigger"] in ("ORDER_ADOPTED", "HOLDING_ADOPTED") and payload["handed_over"] is None:
        position.adopted = True
        facts.adoptions += 1
    position.adopted = position.adopted or payload["adopted_from"] is not None
    if payload["adjusted"] is not None:
        _adjust(facts, position, payload["adjusted"], payload)
    position.state = payload["state"]
    position.reached.add(payload["state"])
    position.requested = payload["requested_quantity"]
    position.stated_filled = payload["filled_quantity"]
    position.stated_open = payload["open_quantity"]
    position.stated_protection = payload["protection"]
    position.executions_since = 0
    position.last_seq = bead.seq
