"""The broker's word on our orders: acknowledged, working, rejected, cancelled. Each word is recorded once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.trading.executions import apply_parked
from phoenix.application.trading.exits import continue_if_ready
from phoenix.application.trading.external_orders import note_external, record_unmatched
from phoenix.application.trading.matching import Match, find_leg
from phoenix.application.trading.positions import move, progress
from phoenix.application.work import Work
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.safety import DriftPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import PROTECTIVE, LegState, Position
from phoenix.domain.vocabulary import (
    DriftOrigin,
    DriftType,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    Severity,
    Trigger,
)
from phoenix.ports.broker_events import OrderAcknowledged, OrderCancelled, OrderRejected, OrderStatusReported

_WAITING = frozenset({PositionState.SUBMITTED, PositionState.STALLED})
_REFUTABLE = frozenset({OrderStatus.CANCELLED, OrderStatus.REJECTED})
_AT_WORK = frozenset({OrderStatus.HELD, OrderStatus.WORKING})


def on_acknowledged(work: Work, event: OrderAcknowledged) -> None:
    match = find_leg(work, event.reference, event.permanent_id)
    if match is None:
        note_external(work, event.reference, event.permanent_id, event.occurred_at)
        return
    learn_permanent_id(work, match, event.permanent_id, event.occurred_at)


def on_status(work: Work, event: OrderStatusReported) -> None:
    """A status callback: an acknowledgement if it is the first word, an end if it says so, else a change of status."""
    match = _identified(work, event)
    if match is None:
        return
    if _refutes(match.leg, event):
        _resurrected(work, match, event)
    elif event.status is OrderStatus.REJECTED:
        _reject(work, match, event.code, event.reason or "rejected by the broker", event.occurred_at)
    elif event.status is OrderStatus.CANCELLED:
        _cancel(work, match, event.filled_quantity, event.reason, event.occurred_at)
    elif _is_news(match.leg, event):
        _record(
            work, match, OrderEvent.STATUS, event.occurred_at, status=event.status, filled=event.filled_quantity,
            remaining=event.remaining_quantity, reason=event.reason, code=event.code,
        )  # fmt: skip
        _follow_up(work, match)


def on_rejected(work: Work, event: OrderRejected) -> None:
    match = _identified(work, event)
    if match is None:
        return
    _reject(work, match, event.code, event.reason, event.occurred_at)


def on_cancelled(work: Work, event: OrderCancelled) -> None:
    match = _identified(work, event)
    if match is None:
        return
    _cancel(work, match, event.filled_quantity, event.reason, event.occurred_at)


def _identified(work: Work, event: OrderStatusReported | OrderRejected | OrderCancelled) -> Match | None:
    """Our order that a word is about, under the one permanent id it has; None for any other, which is then recorded."""
    match = find_leg(work, event.reference, event.permanent_id)
    if match is None:
        note_external(work, event.reference, event.permanent_id, event.occurred_at)
        return None
    if event.permanent_id is None or (_ends(event) and _fits(work, match.leg, event.permanent_id)):
        return match
    if not learn_permanent_id(work, match, event.permanent_id, event.occurred_at):
        return None
    return _again(work, match)


def _ends(event: OrderStatusReported | OrderRejected | OrderCancelled) -> bool:
    return not isinstance(event, OrderStatusReported) or event.status in _REFUTABLE


def _fits(work: Work, leg: LegState, permanent_id: str) -> bool:
    """Whether this is the order's own id, or the first we hear of and nobody else's: an end needs no welcome."""
    if leg.permanent_id is not None:
        return leg.permanent_id == permanent_id
    return not leg.is_void and work.find(Key("permanent_id", permanent_id)) is None


def learn_permanent_id(work: Work, match: Match, permanent_id: str, at: datetime | None) -> bool:
    """Record the broker's id of an order, once. False, with entries killed, when it contradicts what is known."""
    leg, position = match.leg, match.position
    if leg.permanent_id == permanent_id:
        return True
    if leg.permanent_id is not None or work.find(Key("permanent_id", permanent_id)) is not None:
        _conflicting_ids(work, match, permanent_id)
        return False
    _record(work, match, OrderEvent.ACKNOWLEDGED, at, permanent_id=permanent_id)
    if leg.is_void:
        _absent_order_appeared(work, match, permanent_id)
    elif leg.leg.role is LegRole.ENTRY and position.state is PositionState.STALLED:
        move(work, _again(work, match).position, Trigger.BROKER_ACKNOWLEDGED)
    apply_parked(work, leg.leg.reference, permanent_id)
    _follow_up(work, match)
    return True


def _refutes(leg: LegState, event: OrderStatusReported) -> bool:
    """Whether an order that was said to have ended is said, later than that, to be at work after all."""
    is_late_word = leg.ended_at is not None and event.occurred_at < leg.ended_at
    return leg.status in _REFUTABLE and event.status in _AT_WORK and not is_late_word


def _is_news(leg: LegState, event: OrderStatusReported) -> bool:
    if leg.status.is_ended and not event.status.is_ended:
        return False
    if event.status is not leg.status:
        return True
    filled, remaining = event.filled_quantity, event.remaining_quantity
    if filled is None or filled < leg.filled_reported:
        return False
    return filled > max(leg.filled_reported, leg.executed) or remaining not in (None, leg.remaining_reported)


def _reject(work: Work, match: Match, code: int | None, reason: str, at: datetime) -> None:
    """The broker refused an order. Nothing is sent again; a human is told."""
    leg, position = match.leg, match.position
    if leg.status is OrderStatus.REJECTED:
        return
    _record(work, match, OrderEvent.REJECTED, at, status=OrderStatus.REJECTED, code=code, reason=reason)
    position = _again(work, match).position
    text = f"{position.terms.pair} {leg.leg.role.value} order was rejected by the broker: {reason}"
    if leg.leg.role is LegRole.ENTRY:
        work.alert(AlertKind.ORDER_REJECTED, text, key=leg.leg.reference, position_id=position.position_id)
        if position.state in _WAITING and position.fills.entry_quantity == ZERO:
            move(work, position, Trigger.BROKER_REJECTED, detail=reason)
    elif leg.leg.role is LegRole.EXIT:
        work.alert(AlertKind.EXIT_REJECTED, text, key=leg.leg.reference, position_id=position.position_id)
    else:
        work.alert(AlertKind.PROTECTION_LOST, text, key=leg.leg.reference, position_id=position.position_id)
    _follow_up(work, match)


def _cancel(work: Work, match: Match, filled: Decimal | None, reason: str | None, at: datetime) -> None:
    """An order, or the rest of one, ended at the broker."""
    leg = match.leg
    if leg.status is OrderStatus.CANCELLED or leg.status is OrderStatus.REJECTED:
        return
    _record(work, match, OrderEvent.CANCELLED, at, status=OrderStatus.CANCELLED, filled=filled, reason=reason)
    position = _again(work, match).position
    if leg.leg.role is LegRole.ENTRY and position.state in _WAITING and _surely_unfilled(position, filled):
        position = move(work, position, Trigger.BROKER_CANCELLED, detail=reason)
    if _is_lost_protection(leg, position):
        work.alert(
            AlertKind.PROTECTION_LOST,
            f"{position.terms.pair} {leg.leg.role.value} order ended; {position.open_quantity} is open and "
            f"{position.in_flight_quantity} may yet fill",
            key=leg.leg.reference, position_id=position.position_id,
        )  # fmt: skip
    _follow_up(work, match)


def _surely_unfilled(position: Position, filled: Decimal | None) -> bool:
    """Whether neither executions nor the broker's own count speak of a fill."""
    entry = position.entry_leg
    reported = ZERO if entry is None else entry.filled_reported
    return position.fills.entry_quantity == ZERO and not filled and reported == ZERO


def _is_lost_protection(leg: LegState, position: Position) -> bool:
    """A child that ended though something is open or may yet fill, and nobody, nor its sibling, called for it."""
    if leg.leg.role not in PROTECTIVE or leg.cancel_requested_at is not None:
        return False
    if position.open_quantity <= ZERO and position.in_flight_quantity == ZERO:
        return False
    siblings = (s for s in position.legs if s.order_group_id == leg.order_group_id and s.leg.role in PROTECTIVE)
    return not any(s.executed > ZERO and s.remaining <= ZERO for s in siblings)


def _follow_up(work: Work, match: Match) -> None:
    """What a new word about an order makes possible: a position protected or closed, a waiting exit sent."""
    position = work.state.positions.get(match.position.position_id)
    if position is None:
        return
    continue_if_ready(work, progress(work, position))


def _again(work: Work, match: Match) -> Match:
    """The same order as it stands after what this step has recorded."""
    position = work.position(match.position.position_id) or match.position
    return Match(position, position.leg_by_reference(match.leg.leg.reference) or match.leg)


def _record(
    work: Work, match: Match, event: OrderEvent, at: datetime | None, *, permanent_id: str | None = None,
    status: OrderStatus | None = None, filled: Decimal | None = None, remaining: Decimal | None = None,
    code: int | None = None, reason: str | None = None,
) -> None:  # fmt: skip
    leg = match.leg
    work.record(
        OrderPayload(
            event=event, order_group_id=leg.order_group_id, intent_id=None, intent_kind=None,
            position_id=match.position.position_id, client_order_id=leg.leg.reference, role=leg.leg.role,
            session_order_id=leg.leg.session_order_id, permanent_id=permanent_id or leg.permanent_id, status=status,
            filled_quantity=filled, remaining_quantity=remaining, code=code, reason=reason,
        ),
        occurred_at=at,
    )  # fmt: skip


def _conflicting_ids(work: Work, match: Match, permanent_id: str) -> None:
    """Two broker orders behind one reference: entries stop everywhere until a human has looked. Told once."""
    reference = match.leg.leg.reference
    text = f"the broker knows {reference} under {match.leg.permanent_id or 'no id yet'} and under {permanent_id}"
    key = f"{reference}:{permanent_id}"
    if work.is_told(AlertKind.PERMANENT_ID_CONFLICT, text, key=key):
        return
    record_unmatched(work, reference, permanent_id, match.position.position_id, text)
    work.set_kill_flag(None, text)
    work.alert(AlertKind.PERMANENT_ID_CONFLICT, text, key=key, position_id=match.position.position_id)


def _absent_order_appeared(work: Work, match: Match, permanent_id: str) -> None:
    """An order that was attested absent, or never sent, is at the broker after all. Told once for its whole group."""
    reference, position = match.leg.leg.reference, match.position
    text = f"{reference} was taken for absent and is at the broker as {permanent_id}"
    work.record(
        DriftPayload(
            drift_type=DriftType.ORDER_STATUS, pair=position.terms.pair,
            phoenix_state={"order": reference, "status": "ABSENT"},
            broker_state={"order": reference, "permanent_id": permanent_id},
            origin=DriftOrigin.PHOENIX, severity=Severity.CRITICAL, position_id=position.position_id,
        )
    )  # fmt: skip
    work.set_kill_flag(None, text, intent_id=match.leg.intent_id)
    work.alert(AlertKind.ABSENT_ORDER_APPEARED, text, key=reference, position_id=position.position_id)


def _resurrected(work: Work, match: Match, event: OrderStatusReported) -> None:
    """An order that the broker called ended works there after all: the last word counts, and entries stop."""
    reference, position = match.leg.leg.reference, match.position
    was, now = match.leg.status.value, event.status.value
    text = f"{reference} was {was} and is {now} at the broker"
    _record(
        work, match, OrderEvent.STATUS, event.occurred_at, status=event.status, filled=event.filled_quantity,
        remaining=event.remaining_quantity, reason=text,
    )  # fmt: skip
    work.record(
        DriftPayload(
            drift_type=DriftType.ORDER_STATUS, pair=position.terms.pair,
            phoenix_state={"order": reference, "status": was}, broker_state={"order": reference, "status": now},
            origin=DriftOrigin.PHOENIX, severity=Severity.CRITICAL, position_id=position.position_id,
        )
    )  # fmt: skip
    work.set_kill_flag(None, text, intent_id=match.leg.intent_id)
    work.alert(AlertKind.ORDER_RESURRECTED, text, key=reference, position_id=position.position_id)
