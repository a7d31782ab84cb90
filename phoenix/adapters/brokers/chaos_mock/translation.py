"""Between the simulation's words and the broker port's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from phoenix.adapters.simulation import messages as said
from phoenix.adapters.simulation import tell
from phoenix.adapters.simulation.checks import DUPLICATE_ID, UNKNOWN_ORDER
from phoenix.adapters.simulation.engine import NOT_CANCELLABLE, UNKNOWN_TO_CANCEL
from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.faults import CANCEL_REFUSED
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order, OrderRequest
from phoenix.domain.order_plan import Leg, OrderPlan
from phoenix.domain.vocabulary import LegRole, OrderStatus
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
from phoenix.ports.broker_facts import BrokerOrder

_ABOUT_ORDER_STATE = frozenset({DUPLICATE_ID, UNKNOWN_ORDER, CANCEL_REFUSED, UNKNOWN_TO_CANCEL, NOT_CANCELLABLE})


def requests_of(plan: OrderPlan, client_id: int) -> tuple[OrderRequest, ...]:
    """The legs as the broker takes them, the parent first. Legs beside or below one parent cancel one another."""
    entry = plan.entry
    others = [leg for leg in plan.legs if leg is not entry]
    parent_id = None if entry is None else entry.session_order_id
    group = f"OCA-{plan.order_group_id}" if len(others) > 1 else None
    children = tuple(_request(plan, leg, client_id, parent_id, group) for leg in others)
    return children if entry is None else (_request(plan, entry, client_id, None, None), *children)


def event_of(message: said.Message) -> BrokerEvent:
    """The broker port's event for a message."""
    return _EVENTS[type(message)](message)


def broker_order(order: Order) -> BrokerOrder:
    """An order in the book. A completed one may come without its reference, and never with its session order id."""
    request = order.request
    is_blank = not order.is_live and order.fate.blank_on_orders
    is_nameless = not order.is_live or request.client_id == FOREIGN_CLIENT
    return BrokerOrder(
        reference=None if is_blank else request.reference,
        session_order_id=None if is_nameless else request.session_order_id,
        permanent_id=order.permanent_id,
        account=request.account,
        pair=request.pair,
        action=request.action,
        order_type=request.order_type,
        quantity=request.quantity,
        filled_quantity=tell.claimed_filled(order),
        remaining_quantity=tell.claimed_remaining(order) if order.is_live else None,
        limit_price=request.limit_price,
        stop_price=request.stop_price,
        time_in_force=request.time_in_force,
        status=order.status,
        why_held=tell.WAITS_FOR_PARENT if order.status is OrderStatus.HELD else None,
    )


def execution_reported(execution: Execution) -> ExecutionReported:
    ids = execution.ids
    return ExecutionReported(
        execution.execution_id, *_names(ids), execution.account, execution.pair, execution.action, execution.quantity,
        execution.price, execution.executed_at, execution.is_bust,
    )  # fmt: skip


def _request(plan: OrderPlan, leg: Leg, client_id: int, parent_id: int | None, oca_group: str | None) -> OrderRequest:
    return OrderRequest(
        account=plan.account,
        pair=plan.pair,
        action=leg.action,
        order_type=leg.order_type,
        quantity=leg.quantity,
        time_in_force=leg.time_in_force,
        session_order_id=leg.session_order_id,
        client_id=client_id,
        reference=leg.reference,
        limit_price=leg.limit_price,
        stop_price=leg.stop_price,
        parent_session_order_id=None if leg.role is LegRole.ENTRY else parent_id,
        oca_group=oca_group,
        role=leg.role,
    )


def _names(ids: said.OrderIds) -> tuple[str | None, int | None, str]:
    return ids.reference, ids.session_order_id, ids.permanent_id


def _acknowledged(message: said.Acknowledged) -> BrokerEvent:
    return OrderAcknowledged(*_names(message.ids), message.occurred_at)


def _status(message: said.StatusChanged) -> BrokerEvent:
    return OrderStatusReported(
        *_names(message.ids), message.status, message.filled, message.remaining, message.occurred_at, message.why_held
    )


def _rejected(message: said.Rejected) -> BrokerEvent:
    """A rejection; but an id that was used before, or is not known, leaves open what became of the order meant."""
    if message.code in _ABOUT_ORDER_STATE:
        return BrokerNotice(
            message.code, message.reason, message.ids.reference, "ERROR", message.occurred_at, is_about_order_state=True
        )
    return OrderRejected(*_names(message.ids), message.code, message.reason, message.occurred_at)


def _cancelled(message: said.Cancelled) -> BrokerEvent:
    return OrderCancelled(*_names(message.ids), message.filled, message.reason, message.occurred_at)


def _executed(message: said.Executed) -> BrokerEvent:
    return ExecutionReported(
        message.execution_id, *_names(message.ids), message.account, message.pair, message.action, message.quantity,
        message.price, message.executed_at, message.is_bust,
    )  # fmt: skip


def _commission(message: said.CommissionCharged) -> BrokerEvent:
    return CommissionReported(message.execution_id, message.amount, message.currency, message.occurred_at)


def _notice(message: said.Notice) -> BrokerEvent:
    return BrokerNotice(
        message.code, message.text, message.reference, "WARNING", message.occurred_at,
        is_about_order_state=message.code in _ABOUT_ORDER_STATE,
    )  # fmt: skip


def _line_lost(message: said.LineLost) -> BrokerEvent:
    detail = "the connection broke" if message.is_socket else "the broker's own line is down"
    return ConnectionLost(message.is_socket, detail, message.occurred_at)


def _line_restored(message: said.LineRestored) -> BrokerEvent:
    return ConnectionRestored("the broker's own line is back", message.data_kept, message.occurred_at)


def _frozen(message: said.PricesFrozen) -> BrokerEvent:
    return MarketDataState(False, f"{message.pair} is frozen", message.occurred_at)


def _flowing(message: said.PricesFlowing) -> BrokerEvent:
    return MarketDataState(True, f"{message.pair} flows again", message.occurred_at)


_EVENTS: Mapping[type, Callable[[Any], BrokerEvent]] = MappingProxyType(
    {
        said.Acknowledged: _acknowledged,
        said.StatusChanged: _status,
        said.Rejected: _rejected,
        said.Cancelled: _cancelled,
        said.Executed: _executed,
        said.CommissionCharged: _commission,
        said.Notice: _notice,
        said.LineLost: _line_lost,
        said.LineRestored: _line_restored,
        said.PricesFrozen: _frozen,
        said.PricesFlowing: _flowing,
    }
)
