"""What the broker says, matched to our orders and handed to the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from phoenix.application.alerts import AlertKind
from phoenix.application.effects import ReadBooks
from phoenix.application.settling.isolation import refuse_word, take_in
from phoenix.application.trading.executions import on_commission, on_execution
from phoenix.application.trading.matching import Match, find_leg
from phoenix.application.trading.orders import on_acknowledged, on_cancelled, on_rejected, on_status
from phoenix.application.watch.session import on_connection_lost, on_connection_restored, on_market_data
from phoenix.application.work import Work
from phoenix.domain.position import PROTECTIVE
from phoenix.domain.state import in_order
from phoenix.ports.broker_events import (
    BrokerEvent,
    BrokerNotice,
    CommissionReported,
    ConnectionLost,
    ConnectionRestored,
    ExecutionReported,
    MarketDataState,
    OrderAcknowledged,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
)


def on_broker_events(work: Work, events: Sequence[BrokerEvent]) -> None:
    """Take in what the broker said, in order."""
    for event in events:
        act = partial(_HANDLERS[type(event)], work, event)
        take_in(work, _name(event), getattr(event, "reference", None), act)


def on_unstorable_event(work: Work, event: BrokerEvent, why: str) -> None:
    """A word that contradicts what is in the chain already, so that taking it in could not be stored."""
    refuse_word(work, _name(event), getattr(event, "reference", None), why)


def _name(event: BrokerEvent) -> str:
    execution_id = getattr(event, "execution_id", None)
    return type(event).__name__ if execution_id is None else f"{type(event).__name__} {execution_id}"


def _on_notice(work: Work, event: BrokerNotice) -> None:
    """A message without a meaning of its own in our table: told to a person, never acted upon.

    Where it contradicts what we think of an order, the books are read, which alone can tell: it is neither an end nor a
    reason to send again. While the cancel of a stop or target waits for its answer any message may be it, and the order
    be gone: the books are read as well, so that nothing counts as protection that is no longer there.
    """
    match = find_leg(work, event.reference, None)
    if event.is_about_order_state or _awaits_cancel(work, match):
        _read_books(work)
    work.alert(
        AlertKind.BROKER_NOTICE, f"{event.code or '-'}: {event.text}", key=f"{event.code}:{event.reference}",
        position_id=match.position.position_id if match else None,
    )  # fmt: skip


def _read_books(work: Work) -> None:
    """Once for a step, however many messages ask for it."""
    if not any(isinstance(effect, ReadBooks) for effect in work.effects):
        work.then(ReadBooks())


def _awaits_cancel(work: Work, match: Match | None) -> bool:
    """Whether the stop or target spoken of, or any where none is named, was to be cancelled and has not ended."""
    legs = [match.leg] if match else [leg for position in in_order(work.state.positions) for leg in position.alive_legs]
    return any(
        leg.is_alive and leg.leg.role in PROTECTIVE and leg.cancel_requested_at is not None for leg in legs
    )  # fmt: skip


_HANDLERS: dict[type, Callable[[Work, Any], None]] = {
    OrderAcknowledged: on_acknowledged,
    OrderStatusReported: on_status,
    OrderRejected: on_rejected,
    OrderCancelled: on_cancelled,
    ExecutionReported: on_execution,
    CommissionReported: on_commission,
    BrokerNotice: _on_notice,
    ConnectionLost: on_connection_lost,
    ConnectionRestored: on_connection_restored,
    MarketDataState: on_market_data,
}
