"""Executions: booked once each, corrected, reversed, parked; never dropped (SPEC 3.6)."""

from __future__ import annotations

from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.trading.exits import continue_if_ready
from phoenix.application.trading.matching import Match, find_leg
from phoenix.application.trading.positions import move, note, progress
from phoenix.application.work import Work
from phoenix.domain.beads.catalogue import Key, bust_key
from phoenix.domain.beads.safety import DriftPayload
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.executions import Novelty, split_execution_id
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.position import Position
from phoenix.domain.state import in_order
from phoenix.domain.vocabulary import (
    DriftOrigin,
    DriftType,
    ExecutionEvent,
    PositionState,
    Severity,
    Trigger,
)
from phoenix.ports.broker_events import CommissionReported, ExecutionReported

_WAITING = frozenset({PositionState.SUBMITTED, PositionState.STALLED})


def on_execution(work: Work, event: ExecutionReported) -> None:
    """Book an execution report on the position whose order it names."""
    match = find_leg(work, event.reference, event.permanent_id)
    if match is None:
        _park(work, event)
        return
    if event.is_bust:
        _bust(work, match, event)
        return
    novelty = match.position.fills.judge(event.execution_id)
    if novelty in (Novelty.REPEAT, Novelty.OUTDATED) or _is_known_elsewhere(work, event, novelty):
        return
    if _contradicts(match, event, work.policy.account.account):
        _refuse_contradiction(work, match, event)
        return
    _book(work, match, event, ExecutionEvent.BOOKED if novelty is Novelty.NEW else ExecutionEvent.CORRECTED)


def _is_known_elsewhere(work: Work, event: ExecutionReported, novelty: Novelty) -> bool:
    """Whether a human adopted this report, or the broker took it back, before its order was known."""
    stem, _ = split_execution_id(event.execution_id)
    if work.find(bust_key(stem)) is not None:
        return True
    return novelty is Novelty.NEW and work.find(Key("execution", event.execution_id)) is not None


def _contradicts(match: Match, event: ExecutionReported, account: str) -> bool:
    """Whether a report is of another account, instrument or direction than the order it names, or of no quantity."""
    is_ours = event.account == account and event.pair == match.position.terms.pair
    return not is_ours or event.action is not match.leg.leg.action or not event.quantity > ZERO


def _refuse_contradiction(work: Work, match: Match, event: ExecutionReported) -> None:
    """Kept, not booked: what it belongs to is not known. Entries stop until a human has looked."""
    if work.find(Key("parked", event.execution_id)) is not None:
        return
    work.record(_payload(event, None, ExecutionEvent.PARKED), occurred_at=event.executed_at)
    text = (
        f"execution {event.execution_id} ({event.action.value} {decimal_text(event.quantity)} {event.pair} in "
        f"{event.account}) contradicts order {match.leg.leg.reference}; it was not booked"
    )
    work.set_kill_flag(None, text, intent_id=match.position.intent_id)
    work.alert(AlertKind.EXECUTION_CONTRADICTS, text, key=event.execution_id, position_id=match.position.position_id)


def on_commission(work: Work, event: CommissionReported) -> None:
    """Record what an execution cost, once; it may come before the execution itself."""
    if work.find(Key("commission", event.execution_id)) is not None:
        return
    booked = work.find(Key("execution", event.execution_id))
    known = booked.payload if booked is not None and isinstance(booked.payload, ExecutionPayload) else None
    stem, revision = split_execution_id(event.execution_id)
    work.record(
        ExecutionPayload(
            event=ExecutionEvent.COMMISSION, execution_id=event.execution_id, stem=stem, revision=revision,
            client_order_id=None if known is None else known.client_order_id,
            permanent_id=None if known is None else known.permanent_id,
            position_id=None if known is None else known.position_id, role=None if known is None else known.role,
            account=work.policy.account.account, pair="" if known is None else known.pair, action=None, quantity=None,
            price=None, executed_at=None, commission=event.amount, commission_currency=event.currency,
        ),
        occurred_at=event.occurred_at,
    )  # fmt: skip


def apply_parked(work: Work, reference: str, permanent_id: str) -> None:
    """Book the executions that arrived before their order was known under this name."""
    parked = [
        payload for payload in in_order(work.state.parked)
        if payload.client_order_id == reference or payload.permanent_id == permanent_id
    ]  # fmt: skip
    for payload in parked:
        on_execution(work, _report(payload, reference))


def _report(payload: ExecutionPayload, reference: str) -> ExecutionReported:
    if payload.action is None or payload.quantity is None or payload.price is None or payload.executed_at is None:
        raise ValueError(f"parked execution {payload.execution_id} is incomplete")
    return ExecutionReported(
        payload.execution_id, reference, None, payload.permanent_id, payload.account, payload.pair, payload.action,
        payload.quantity, payload.price, payload.executed_at,
    )  # fmt: skip


def _book(work: Work, match: Match, event: ExecutionReported, kind: ExecutionEvent) -> None:
    before = match.position
    work.record(_payload(event, match, kind), occurred_at=event.executed_at)
    position = work.position(before.position_id) or before
    if before.state in _WAITING:
        position = move(work, position, Trigger.EXECUTION)
    else:
        position = note(work, position, Trigger.EXECUTION)
    if _is_unexpected(before, position):
        _unexpected(work, before, position, event)
    continue_if_ready(work, progress(work, position))


def _is_unexpected(before: Position, after: Position) -> bool:
    """An execution for what had ended, beyond what was asked for, or past flat."""
    if before.state is not None and before.state.is_terminal:
        return True
    is_overfilled = after.fills.entry_quantity > max(after.terms.quantity, before.fills.entry_quantity)
    return is_overfilled or after.open_quantity < min(before.open_quantity, ZERO)


def _unexpected(work: Work, before: Position, after: Position, event: ExecutionReported) -> None:
    """Recorded, told, and entries stopped everywhere until a human has looked and adopted."""
    kind = AlertKind.LATE_EXECUTION if before.state is not None and before.state.is_terminal else AlertKind.OVERFILL
    text = (
        f"execution {event.execution_id} of {decimal_text(event.quantity)} {event.pair} came for position "
        f"{before.position_id}, {before.state.value if before.state else 'none'}; it now holds "
        f"{decimal_text(after.open_quantity)} of {decimal_text(after.terms.quantity)} requested"
    )
    _drift(work, after, before.open_quantity, text)
    work.set_kill_flag(None, text, intent_id=before.intent_id)
    work.alert(kind, text, key=event.execution_id, position_id=before.position_id)


def _bust(work: Work, match: Match | None, event: ExecutionReported) -> None:
    """The broker takes an execution back, whether or not we have seen it and know its order. Recorded and told once."""
    stem, _ = split_execution_id(event.execution_id)
    if work.find(bust_key(stem)) is not None:
        return
    work.record(_payload(event, match, ExecutionEvent.BUSTED), occurred_at=event.executed_at)
    position = None if match is None else work.position(match.position.position_id)
    whose = "no order of ours" if match is None else match.leg.leg.reference
    text = f"execution {event.execution_id} of {whose} was busted by the broker"
    if match is not None and position is not None and match.position.fills.holds(stem):
        _reverse(work, match.position, position, text)
    work.alert(
        AlertKind.EXECUTION_BUSTED, text, key=event.execution_id,
        position_id=None if match is None else match.position.position_id,
    )  # fmt: skip


def _reverse(work: Work, before: Position, after: Position, text: str) -> None:
    """What a booked execution had changed is undone."""
    position = note(work, after, Trigger.EXECUTION, detail=text)
    _drift(work, position, before.open_quantity, text)
    if before.state is not None and before.state.is_terminal:
        work.set_kill_flag(None, text, intent_id=before.intent_id)
    continue_if_ready(work, progress(work, position))


def _drift(work: Work, position: Position, open_before: Decimal, text: str) -> None:
    state = position.state.value if position.state else None
    work.record(
        DriftPayload(
            drift_type=DriftType.POSITION_SIZE, pair=position.terms.pair,
            phoenix_state={"open_quantity_before": decimal_text(open_before), "state": state},
            broker_state={"open_quantity": decimal_text(position.open_quantity), "detail": text},
            origin=DriftOrigin.PHOENIX, severity=Severity.CRITICAL, position_id=position.position_id,
        )
    )  # fmt: skip


def _park(work: Work, event: ExecutionReported) -> None:
    """Keep an execution of an order nobody knows yet, or its bust; tell a human, once."""
    if event.is_bust:
        _bust(work, None, event)
        return
    stem, _ = split_execution_id(event.execution_id)
    known = (Key("parked", event.execution_id), Key("execution", event.execution_id), bust_key(stem))
    if any(work.find(key) is not None for key in known):
        return
    work.record(_payload(event, None, ExecutionEvent.PARKED), occurred_at=event.executed_at)
    work.alert(
        AlertKind.EXECUTION_UNMATCHED,
        f"execution {event.execution_id} of {decimal_text(event.quantity)} {event.pair} belongs to no order of ours",
        key=event.execution_id,
    )  # fmt: skip


def _payload(event: ExecutionReported, match: Match | None, kind: ExecutionEvent) -> ExecutionPayload:
    stem, revision = split_execution_id(event.execution_id)
    return ExecutionPayload(
        event=kind, execution_id=event.execution_id, stem=stem, revision=revision,
        client_order_id=event.reference if match is None else match.leg.leg.reference, permanent_id=event.permanent_id,
        position_id=None if match is None else match.position.position_id,
        role=None if match is None else match.leg.leg.role, account=event.account, pair=event.pair,
        action=event.action, quantity=event.quantity, price=event.price, executed_at=event.executed_at,
    )  # fmt: skip
