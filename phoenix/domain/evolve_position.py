"""How a position follows from the beads of its story."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import ConflictPayload, EvidencePayload, IntentPayload
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.change import replace
from phoenix.domain.executions import Fill, FillBook
from phoenix.domain.numbers import ZERO
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.position import ActionIntent, ActionStage, Binding, LegState, Position
from phoenix.domain.vocabulary import (
    AlertEvent,
    ExecutionEvent,
    IntentKind,
    LegRole,
    OrderEvent,
    OrderStatus,
    Protection,
    TokenEvent,
    Trigger,
)

UNPROTECTED = "POSITION_UNPROTECTED"
STALL_ESCALATED = "POSITION_STALLED_LONG"
UNBORNE = "FILL_WITHOUT_EXECUTION"


def fold_position(story: Iterable[Bead]) -> Position | None:
    """A position from all the beads of its story; None when there is no such story."""
    position: Position | None = None
    for bead in story:
        position = evolve_position(position, bead)
    return position


def evolve_position(position: Position | None, bead: Bead) -> Position | None:
    """The position after one more bead of its story."""
    payload = bead.payload
    if position is None:
        return _begin(payload) if isinstance(payload, IntentPayload) else None
    handler = _HANDLERS.get(type(payload))
    if handler is None:
        return position
    changed = handler(position, payload, bead.timestamp)
    return _watch_fills(_watch_protection(changed, bead.timestamp), bead.timestamp)


def _begin(payload: IntentPayload) -> Position | None:
    if payload.entry is None or payload.money_rule is None or payload.position_id is None:
        return None
    return Position(
        position_id=payload.position_id,
        intent_id=payload.intent_id,
        signal_id=payload.signal_id,
        strategy_id=payload.strategy_id or "",
        terms=payload.entry,
        money_rule=payload.money_rule,
        lapses_at=payload.lapses_at,
    )


def _on_intent(position: Position, payload: IntentPayload, _: datetime) -> Position:
    if payload.maximum_quantity is None or payload.kind not in (IntentKind.EXIT, IntentKind.PROTECT):
        return position
    return position.with_action(
        ActionIntent(
            intent_id=payload.intent_id,
            kind=payload.kind,
            maximum_quantity=payload.maximum_quantity,
            stop_price=payload.stop_price,
            target_price=payload.target_price,
        )
    )


def _on_evidence(position: Position, payload: EvidencePayload, _: datetime) -> Position:
    action = position.action(payload.intent_id)
    if action is not None:
        return position.with_action(replace(action, bundle_hash=payload.bundle_hash))
    binding = Binding(
        bundle_hash=payload.bundle_hash,
        order_hash=payload.order_hash,
        captured_at=payload.anchor_captured_at,
        regime=payload.anchor_regime,
        components=_text_mapping(payload.anchor_components),
        state_hash=payload.state_hash,
    )
    return replace(
        position, binding=binding, terms=payload.entry or position.terms,
        money_rule=payload.money_rule or position.money_rule,
    )  # fmt: skip


def _on_token(position: Position, payload: TokenPayload, _: datetime) -> Position:
    action = position.action(payload.intent_id)
    if payload.event is TokenEvent.ISSUED:
        if action is not None:
            stage = replace(
                action, stage=ActionStage.APPROVED, token_id=payload.token_id, token_count=action.token_count + 1
            )
            return position.with_action(stage)
        return replace(position, token_id=payload.token_id, token_count=position.token_count + 1)
    ended = payload.event is TokenEvent.EXPIRED or (payload.event is TokenEvent.REJECTED and payload.final)
    if ended and action is not None and action.token_id == payload.token_id:
        return position.with_action(replace(action, stage=ActionStage.ENDED))
    return position


def _on_order(position: Position, payload: OrderPayload, at: datetime) -> Position:
    if payload.event in (OrderEvent.PREPARED, OrderEvent.BOUND) and payload.plan is not None:
        return _prepared(position, payload, payload.plan, at)
    if payload.client_order_id is None:
        return _settle_actions(_on_group(position, payload))
    leg = position.leg_by_reference(payload.client_order_id)
    if leg is None:
        return position
    if leg.is_void and payload.permanent_id is not None:
        position = _returned(position, leg.order_group_id)
        leg = replace(leg, is_void=False)
    return _settle_actions(_cancelling(position.with_leg(_leg_after(leg, payload, at)), payload, at))


def _returned(position: Position, order_group_id: str) -> Position:
    """An order that was taken for absent is at the broker; what became of the rest of its group is then open again."""
    legs = (replace(leg, is_void=False) if leg.order_group_id == order_group_id else leg for leg in position.legs)
    return replace(position, legs=tuple(legs))


def _prepared(position: Position, payload: OrderPayload, plan: OrderPlan, at: datetime) -> Position:
    intent_id = payload.intent_id or position.intent_id
    permanent_id = payload.permanent_id if payload.event is OrderEvent.BOUND else None
    legs = tuple(
        LegState(leg, plan.order_group_id, intent_id, at, total=leg.quantity, permanent_id=permanent_id)
        for leg in plan.legs
    )
    legs = (*position.legs, *legs)
    action = position.action(intent_id)
    if action is None:
        return replace(position, legs=legs, order_group_id=plan.order_group_id, prepared_at=at)
    return replace(position, legs=legs).with_action(
        replace(action, stage=ActionStage.SENT, order_group_id=plan.order_group_id, sent_at=at, is_silent=False)
    )


def _on_group(position: Position, payload: OrderPayload) -> Position:
    """NOT_SENT voids every leg of the group, ABSENT those that the broker does not speak of, or whose fill no execution
    bears out; SILENT marks an action whose order nobody has answered."""
    action = position.action(payload.intent_id or "")
    if payload.event is OrderEvent.NOT_SENT and action is not None:
        position = position.with_action(replace(action, stage=ActionStage.ENDED))
    if payload.event in (OrderEvent.NOT_SENT, OrderEvent.ABSENT):
        return replace(position, legs=tuple(_voided(leg, payload) for leg in position.legs))
    if payload.event is OrderEvent.SILENT and action is not None:
        return position.with_action(replace(action, is_silent=True))
    return position


def _voided(leg: LegState, payload: OrderPayload) -> LegState:
    is_meant = leg.is_unanswered or leg.is_unborne or payload.event is OrderEvent.NOT_SENT
    return replace(leg, is_void=True) if is_meant and leg.order_group_id == payload.order_group_id else leg


def _leg_after(leg: LegState, payload: OrderPayload, at: datetime) -> LegState:
    status = payload.status or leg.status
    total, filled, remaining = leg.total, leg.filled_reported, leg.remaining_reported
    if payload.filled_quantity is not None:
        filled, remaining = payload.filled_quantity, payload.remaining_quantity
        if remaining is not None and not status.is_ended:
            total = filled + remaining
    status = _ENDED.get(payload.event, status)
    asked = payload.event is OrderEvent.CANCEL_REQUESTED
    return replace(
        leg, permanent_id=leg.permanent_id or payload.permanent_id, status=status,
        total=total, filled_reported=filled, remaining_reported=remaining,
        cancel_requested_at=at if asked else leg.cancel_requested_at,
        ended_at=(leg.ended_at or at) if status.is_ended else None,
    )  # fmt: skip


_ENDED = {OrderEvent.CANCELLED: OrderStatus.CANCELLED, OrderEvent.REJECTED: OrderStatus.REJECTED}


def _cancelling(position: Position, payload: OrderPayload, at: datetime) -> Position:
    """A cancel that an action asked for starts its CANCELLING stage."""
    if payload.event is not OrderEvent.CANCEL_REQUESTED or payload.intent_id is None:
        return position
    action = position.action(payload.intent_id)
    if action is None or action.stage is not ActionStage.APPROVED:
        return position
    return position.with_action(replace(action, stage=ActionStage.CANCELLING, cancelling_since=at))


def _settle_actions(position: Position) -> Position:
    """An exit is settled when its orders have ended; a protection when the broker has them, or they have ended."""
    action = position.unsettled_action
    if action is None or action.stage is not ActionStage.SENT:
        return position
    legs = [leg for leg in position.legs if leg.order_group_id == action.order_group_id]
    if action.kind is IntentKind.PROTECT:
        settled = all(leg.is_acknowledged or not leg.is_alive for leg in legs)
    else:
        settled = not any(leg.is_alive for leg in legs)
    return position.with_action(replace(action, stage=ActionStage.ENDED)) if settled else position


def _on_execution(position: Position, payload: ExecutionPayload, _: datetime) -> Position:
    if payload.event is ExecutionEvent.BUSTED:
        return _with_fills(position, position.fills.without(payload.stem), position.opened_at)
    if payload.event not in (ExecutionEvent.BOOKED, ExecutionEvent.CORRECTED):
        return position
    fill = _fill(payload)
    if fill is None:
        return position
    return _with_fills(position, position.fills.booked(fill), position.opened_at or fill.executed_at)


def _fill(payload: ExecutionPayload) -> Fill | None:
    if payload.role is None or payload.quantity is None or payload.price is None or payload.executed_at is None:
        return None
    return Fill(
        execution_id=payload.execution_id,
        stem=payload.stem,
        revision=payload.revision,
        role=payload.role,
        reference=payload.client_order_id or "",
        quantity=payload.quantity,
        price=payload.price,
        executed_at=payload.executed_at,
    )


def _with_fills(position: Position, fills: FillBook, opened_at: datetime | None) -> Position:
    legs = tuple(_leg_executed(leg, fills) for leg in position.legs)
    return _settle_actions(replace(position, fills=fills, legs=legs, opened_at=opened_at))


def _leg_executed(leg: LegState, fills: FillBook) -> LegState:
    """The leg with what was executed on it; where that shrank, older status reports no longer count."""
    executed = fills.executed_for(leg.leg.reference)
    if executed < leg.executed:
        return replace(leg, executed=executed, filled_reported=executed)
    return leg if executed == leg.executed else replace(leg, executed=executed)


def _on_position(position: Position, payload: PositionPayload, at: datetime) -> Position:
    ended_at = at if payload.state.is_terminal and position.ended_at is None else position.ended_at
    since = at if payload.state is not position.state else position.since
    is_adopter = payload.trigger is Trigger.HOLDING_ADOPTED and payload.handed_over is None
    if is_adopter:
        position = replace(position, fills=FillBook((_adopted_fill(payload, at),)), opened_at=at)
    escalated = position.stall_escalated and payload.state is position.state
    if payload.adjusted is not None:
        position = _adjusted(position, payload, payload.adjusted, at)
    return replace(
        position, state=payload.state, since=since, ended_at=ended_at, stall_escalated=escalated,
        adopted_from=payload.adopted_from or position.adopted_from,
        handed_over=position.handed_over + (payload.handed_over or ZERO),
    )  # fmt: skip


def _adjusted(position: Position, payload: PositionPayload, quantity: Decimal, at: datetime) -> Position:
    """A human's correction: of what is open, and where it was about an order, of what was filled on that one."""
    position = replace(
        position, adjusted=position.adjusted + quantity, adjusted_at=at, opened_at=position.opened_at or at
    )
    leg = position.leg_by_reference(payload.adjusted_order or "")
    if leg is None:
        return position
    filled = quantity if leg.leg.role is LegRole.ENTRY else -quantity
    return _settle_actions(position.with_leg(replace(leg, adjusted=leg.adjusted + filled)))


def _adopted_fill(payload: PositionPayload, at: datetime) -> Fill:
    """What a human adopted counts as this position's entry; it is no execution and has no EXECUTION bead here."""
    price = payload.average_entry_price or payload.entry_price
    stem = f"adopted:{payload.adopted_from}"
    return Fill(stem, stem, 0, LegRole.ENTRY, "", payload.filled_quantity, price, at)


def _on_conflict(position: Position, payload: ConflictPayload, _: datetime) -> Position:
    return replace(position, stale_kill_set=position.stale_kill_set or payload.kill_flag_id is not None)


def _on_alert(position: Position, payload: AlertPayload, _: datetime) -> Position:
    if payload.event is AlertEvent.RAISED and payload.kind == UNPROTECTED:
        return replace(position, unprotected_alerted=True)
    if payload.event is AlertEvent.RAISED and payload.kind == STALL_ESCALATED:
        return replace(position, stall_escalated=True)
    if payload.event is AlertEvent.RAISED and payload.kind == UNBORNE:
        return replace(position, unborne_alerted=True)
    return position


def _on_autopsy(position: Position, _: AutopsyPayload, __: datetime) -> Position:
    return replace(position, is_dissected=True)


def _watch_protection(position: Position, at: datetime) -> Position:
    """Remember since when something has been open without exact protection."""
    exposed = position.open_quantity != ZERO and position.protection is not Protection.EXACT
    if exposed and position.unprotected_since is None:
        return replace(position, unprotected_since=at)
    if not exposed and position.unprotected_since is not None:
        return replace(position, unprotected_since=None, unprotected_alerted=False)
    return position


def _watch_fills(position: Position, at: datetime) -> Position:
    """Remember since when the broker has stated a fill that no execution bears out."""
    is_unborne = position.has_unborne_fill
    if is_unborne and position.unborne_since is None:
        return replace(position, unborne_since=at)
    if not is_unborne and position.unborne_since is not None:
        return replace(position, unborne_since=None, unborne_alerted=False)
    return position


def _text_mapping(value: Any) -> Mapping[str, str]:
    return dict(value) if isinstance(value, Mapping) else {}


_HANDLERS: dict[type, Callable[[Position, Any, datetime], Position]] = {
    IntentPayload: _on_intent,
    EvidencePayload: _on_evidence,
    TokenPayload: _on_token,
    OrderPayload: _on_order,
    ExecutionPayload: _on_execution,
    PositionPayload: _on_position,
    ConflictPayload: _on_conflict,
    AlertPayload: _on_alert,
    AutopsyPayload: _on_autopsy,
}
