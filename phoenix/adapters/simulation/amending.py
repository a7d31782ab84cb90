"""Orders that change while they are at work: their quantity, price and time in force, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from phoenix.adapters.simulation import endings, tell
from phoenix.adapters.simulation.agenda import Task
from phoenix.adapters.simulation.checks import Objection, objection_to_terms
from phoenix.adapters.simulation.orders import Order, OrderRequest
from phoenix.adapters.simulation.world import INSTANT_RESOLUTION, World
from phoenix.domain.vocabulary import OrderStatus, TimeInForce

TOO_LATE = 104
OTHER_ORDER = 105
_UNCHANGEABLE = ("account", "pair", "action", "order_type", "parent_session_order_id")


def amend(world: World, request: OrderRequest) -> None:
    """Give a live order other terms. What speaks against that is told, and the order stays as it was.

    The quantity is meant as it is shown: without what others of the order's group have taken from it.
    """
    order = world.book.by_session_id(request.client_id, request.session_order_id)
    if order is None:
        raise LookupError(f"client {request.client_id} has no order {request.session_order_id}")
    wanted = replace(
        order.request, quantity=request.quantity + order.reduced, limit_price=request.limit_price,
        stop_price=request.stop_price, time_in_force=request.time_in_force,
    )  # fmt: skip
    objection = _objection(order, request) or objection_to_terms(world, _preview(order, wanted))
    if objection is not None:
        tell.notice(world, order, request.reference, *objection)
        return
    if wanted != order.request:
        _change(world, order, wanted)
    tell.amended(world, order)


def _objection(order: Order, request: OrderRequest) -> Objection | None:
    if any(getattr(order.request, name) != getattr(request, name) for name in _UNCHANGEABLE):
        return OTHER_ORDER, "Order being modified does not match original order."
    is_ending = not order.is_live or order.status is OrderStatus.PENDING_CANCEL
    if is_ending or request.quantity <= order.filled:
        return TOO_LATE, "Cannot modify a filled order."
    return None


def _preview(order: Order, wanted: OrderRequest) -> Order:
    """The order as it would be, for those who check it."""
    return Order(
        order.sequence, wanted, order.ids, order.received_at, order.eligible_at, wanted.quantity, parent=order.parent
    )  # fmt: skip


def _change(world: World, order: Order, wanted: OrderRequest) -> None:
    before, order.request = order.request, wanted
    parent = None if order.parent is None else world.book.order(order.parent)
    if order.status is not OrderStatus.HELD:
        order.released = wanted.quantity if parent is None else endings.share_of_child(parent, wanted.quantity)
    if order.status is not OrderStatus.WORKING:
        return
    order.eligible_at = max(order.eligible_at, world.now + INSTANT_RESOLUTION)
    if world.is_quote_driven(order):
        world.agenda.put(world.now, Task.TRY_QUOTE, order.sequence)
    becomes_day = wanted.time_in_force is TimeInForce.DAY and before.time_in_force is not TimeInForce.DAY
    if becomes_day and world.options.session_end is not None:
        world.agenda.put(world.options.session_end(wanted.pair, world.now), Task.EXPIRE, order.sequence)
