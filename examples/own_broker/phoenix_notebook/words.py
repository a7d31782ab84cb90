"""From the notebook's words to those of the broker port. A foreign broker's own types would end here."""

from __future__ import annotations

from datetime import datetime

from phoenix.domain.order_plan import Leg, OrderPlan
from phoenix.domain.vocabulary import LegRole, OrderStatus, TimeInForce
from phoenix.ports.broker_events import ExecutionReported, OrderAcknowledged, OrderCancelled, OrderStatusReported
from phoenix.ports.broker_facts import BrokerOrder
from phoenix_notebook.notebook import Fill, Order

_CHILDREN = (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT)


def order_of(plan: OrderPlan, leg: Leg, permanent_id: str, day_ends_at: datetime) -> Order:
    """A leg as it is written down. With an entry in the plan, the others wait for it; two children are rivals."""
    waits_for = None if plan.entry is None or leg is plan.entry else plan.entry.reference
    return Order(
        leg.reference, permanent_id, leg.session_order_id, plan.account, plan.pair, leg.action, leg.order_type,
        leg.quantity, leg.time_in_force, leg.limit_price, leg.stop_price, waits_for,
        plan.order_group_id if leg.role in _CHILDREN else None,
        day_ends_at if leg.time_in_force is TimeInForce.DAY else None,
        OrderStatus.WORKING if waits_for is None else OrderStatus.HELD,
    )  # fmt: skip


def acknowledged(order: Order, now: datetime) -> OrderAcknowledged:
    return OrderAcknowledged(order.reference, order.session_order_id, order.permanent_id, now)


def status(order: Order, now: datetime) -> OrderStatusReported:
    return OrderStatusReported(
        order.reference, order.session_order_id, order.permanent_id, order.status, order.filled, order.open, now
    )


def cancelled(order: Order, reason: str, now: datetime) -> OrderCancelled:
    return OrderCancelled(order.reference, order.session_order_id, order.permanent_id, order.filled, reason, now)


def executed(order: Order, fill: Fill) -> ExecutionReported:
    return ExecutionReported(
        fill.execution_id, order.reference, order.session_order_id, order.permanent_id, order.account, order.pair,
        order.action, order.quantity, fill.price, fill.at,
    )  # fmt: skip


def broker_order(order: Order) -> BrokerOrder:
    return BrokerOrder(
        order.reference, order.session_order_id, order.permanent_id, order.account, order.pair, order.action,
        order.order_type, order.quantity, order.filled, order.open, order.limit_price, order.stop_price,
        order.time_in_force, order.status, "it waits for its parent" if order.status is OrderStatus.HELD else None,
    )  # fmt: skip
