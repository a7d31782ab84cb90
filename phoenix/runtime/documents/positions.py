"""Positions as JSON documents: numbers as text, instants in UTC, every id whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from phoenix.domain.executions import Fill
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.order_plan import Leg
from phoenix.domain.position import ActionIntent, LegState, Position
from phoenix.ports.broker_facts import Quote
from phoenix.runtime.documents.values import optional_instant, optional_number
from phoenix.runtime.readings.adoptable import Adoptable
from phoenix.runtime.readings.positions import LastWord, PositionReading
from phoenix.runtime.readings.ways import Way


def positions_document(
    readings: Sequence[PositionReading], adoptables: Sequence[Adoptable], currency: str, now: datetime
) -> dict[str, Any]:
    """All positions that were asked for, and what waits for adoption. Money is in `currency`."""
    return {
        "as_of": instant_text(now), "currency": currency,
        "positions": [position_document(reading, now) for reading in readings],
        "adoptable": [adoptable_document(adoptable) for adoptable in adoptables],
    }  # fmt: skip


def position_document(reading: PositionReading, now: datetime) -> dict[str, Any]:
    """One position. `age_s` counts from its first execution, or from when it came into its state."""
    position, terms = reading.position, reading.position.terms
    since = position.opened_at or position.since
    return {
        **_ids(position), "pair": terms.pair, "side": terms.side.value, "account": terms.account,
        "state": None if position.state is None else position.state.value, "since": optional_instant(position.since),
        "age_s": None if since is None else str(int((now - since).total_seconds())),
        "requested_quantity": decimal_text(terms.quantity), **_quantities(position),
        "order_type": terms.order_type.value, "time_in_force": terms.time_in_force.value,
        "entry_price": decimal_text(terms.entry_price), "stop_price": decimal_text(terms.stop_price),
        "target_price": decimal_text(terms.target_price),
        "average_entry_price": optional_number(position.fills.average_entry_price),
        "average_exit_price": optional_number(position.fills.average_exit_price),
        "protection": position.protection.value, "unrealised_pnl": optional_number(reading.unrealised),
        "marked_to": None if reading.quote is None else quote_document(reading.quote, now),
        "realised_pnl": optional_number(reading.realised),
        "exit_reason": None if position.exit_reason is None else position.exit_reason.value,
        "concerns": [
            {"word": concern.word, "text": concern.text, "urgent": concern.is_urgent} for concern in reading.concerns
        ],
        "ways": [way_document(way) for way in reading.ways],
    }  # fmt: skip


def whole_position_document(
    reading: PositionReading, words: Mapping[str, LastWord], now: datetime
) -> dict[str, Any]:  # fmt: skip
    """One position with its orders, executions and actions."""
    position = reading.position
    return {
        **position_document(reading, now), "as_of": instant_text(now),
        "orders": [order_document(leg, words.get(leg.leg.reference)) for leg in position.legs],
        "executions": [_fill(fill) for fill in position.fills.fills],
        "actions": [_action(action) for action in position.actions],
    }  # fmt: skip


def order_document(leg: LegState, word: LastWord | None) -> dict[str, Any]:
    """One order of Phoenix, with the broker's ids and the last word on it."""
    return {
        "client_order_id": leg.leg.reference, "permanent_id": leg.permanent_id,
        "session_order_id": str(leg.leg.session_order_id), "order_group_id": leg.order_group_id,
        "intent_id": leg.intent_id, **_terms(leg.leg), "status": leg.status.value, "is_alive": leg.is_alive,
        "is_void": leg.is_void, "total": decimal_text(leg.total), "executed": decimal_text(leg.executed),
        "filled_by_broker": decimal_text(leg.filled_reported), "sent_at": instant_text(leg.sent_at),
        "cancel_requested_at": optional_instant(leg.cancel_requested_at), "ended_at": optional_instant(leg.ended_at),
        "last_word": None if word is None else {
            "event": word.payload.event.value, "reason": word.payload.reason, "at": instant_text(word.recorded_at),
        },
    }  # fmt: skip


def adoptable_document(adoptable: Adoptable) -> dict[str, Any]:
    """Something that waits for adoption; what the broker did not tell is null."""
    return {
        "kind": adoptable.kind.value, "name": adoptable.name, "text": adoptable.text, "pair": adoptable.pair,
        "side": None if adoptable.side is None else adoptable.side.value,
        "quantity": optional_number(adoptable.quantity), "price": optional_number(adoptable.price),
        "strategy_id": adoptable.strategy_id, "position_id": adoptable.position_id,
        "told_at": optional_instant(adoptable.told_at), "blocked_by": adoptable.blocked_by,
    }  # fmt: skip


def way_document(way: Way) -> dict[str, Any]:
    return {"decision": way.decision.value, "subject_id": way.subject_id, "text": way.text}


def quote_document(quote: Quote, now: datetime) -> dict[str, Any]:
    return {
        "bid": decimal_text(quote.bid), "ask": decimal_text(quote.ask), "as_of": instant_text(quote.as_of),
        "age_s": str(int((now - quote.as_of).total_seconds())),
    }  # fmt: skip


def _ids(position: Position) -> dict[str, Any]:
    return {
        "position_id": position.position_id, "intent_id": position.intent_id, "signal_id": position.signal_id,
        "strategy_id": position.strategy_id, "adopted_from": position.adopted_from,
    }  # fmt: skip


def _quantities(position: Position) -> dict[str, Any]:
    return {
        "filled_quantity": decimal_text(position.fills.entry_quantity),
        "partial_fill_ratio": decimal_text(position.partial_fill_ratio),
        "open_quantity": decimal_text(position.open_quantity), "handed_over": decimal_text(position.handed_over),
    }  # fmt: skip


def _terms(leg: Leg) -> dict[str, Any]:
    return {
        "role": leg.role.value, "action": leg.action.value, "order_type": leg.order_type.value,
        "quantity": decimal_text(leg.quantity), "time_in_force": leg.time_in_force.value,
        "limit_price": optional_number(leg.limit_price), "stop_price": optional_number(leg.stop_price),
    }  # fmt: skip


def _fill(fill: Fill) -> dict[str, Any]:
    return {
        "execution_id": fill.execution_id, "role": fill.role.value, "client_order_id": fill.reference or None,
        "quantity": decimal_text(fill.quantity), "price": decimal_text(fill.price),
        "executed_at": instant_text(fill.executed_at),
    }  # fmt: skip


def _action(action: ActionIntent) -> dict[str, Any]:
    return {
        "intent_id": action.intent_id, "kind": action.kind.value, "stage": action.stage.value,
        "maximum_quantity": decimal_text(action.maximum_quantity), "stop_price": optional_number(action.stop_price),
        "target_price": optional_number(action.target_price), "silent": action.is_silent,
        "sent_at": optional_instant(action.sent_at),
    }  # fmt: skip
