"""Orders on their way in: numbered, checked, accepted or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from phoenix.adapters.simulation import endings, tell
from phoenix.adapters.simulation.agenda import Task
from phoenix.adapters.simulation.chaos import draw_fate
from phoenix.adapters.simulation.checks import first_objection
from phoenix.adapters.simulation.fate import PLAIN_FATE, Fate
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order, OrderRequest
from phoenix.adapters.simulation.world import INSTANT_RESOLUTION, World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import OrderStatus, TimeInForce


def receive(world: World, requests: Sequence[OrderRequest]) -> None:
    """Take in orders that were sent together, parents before their children, who are lost with them."""
    arriving: list[Order] = []
    lost: set[int] = set()
    for request in requests:
        order = None if request.parent_session_order_id in lost else _enter(world, request)
        if order is None:
            lost.add(request.session_order_id)
        else:
            arriving.append(order)
    for order in arriving:
        latency_s = _latency_s(world, order)
        if latency_s > 0:
            world.agenda.put(world.after(latency_s), Task.ARRIVE, order.sequence)
        else:
            arrive(world, order)


def arrive(world: World, order: Order) -> None:
    """Check an order and put it to work, to wait for its parent, or away."""
    if not order.is_live:
        return
    objection = first_objection(world, order)
    if objection is not None:
        endings.reject(world, order, *objection)
        return
    parent = None if order.parent is None else world.book.order(order.parent)
    if parent is None:
        _accept(world, order)
    else:
        order.status = OrderStatus.HELD
        order.released = ZERO
        tell.acknowledged(world, order)
        if parent.filled > ZERO or not parent.is_live:
            endings.release_children(world, parent)
    if order.fate.second_permanent_id:
        _show_twice(world, order)


def _accept(world: World, order: Order) -> None:
    endings.put_to_work(world, order)
    order.eligible_at = world.now
    if not world.is_quote_driven(order):
        order.eligible_at = max(world.now, order.received_at + world.options.bar_latency)
    if order.request.time_in_force is TimeInForce.DAY and world.options.session_end is not None:
        world.agenda.put(world.options.session_end(order.request.pair, world.now), Task.EXPIRE, order.sequence)
    tell.acknowledged(world, order)


def _enter(world: World, request: OrderRequest) -> Order | None:
    """The order in the book; None when it was lost on the way."""
    fate = _fate(world, request)
    parent = _parent(world, request)
    if fate.is_lost:
        return None
    order = world.book.enter(request, world.now)
    order.fate = fate
    if parent is not None:
        order.parent = parent.sequence
        parent.children.append(order.sequence)
    if request.oca_group is not None or parent is not None:
        world.book.join_oca(order, request.oca_group or f"parent-{order.parent}")
    _apply_fate(world, order, parent)
    tell.received(world, order)
    return order


def _fate(world: World, request: OrderRequest) -> Fate:
    drawn = PLAIN_FATE
    is_child = request.parent_session_order_id is not None
    if request.client_id != FOREIGN_CLIENT and (not is_child or world.options.chaos_on_children):
        world.book.draw_count += 1
        drawn = draw_fate(world.options.profile, world.options.seed, world.book.draw_count)
    return world.script.fate(request, drawn)


def _apply_fate(world: World, order: Order, parent: Order | None) -> None:
    """Children share what is held of their parent: a group falls silent together."""
    fate = order.fate
    if fate is PLAIN_FATE and parent is None:
        return
    if fate.hold_s is not None:
        order.hold_until = world.after(fate.hold_s)
    elif parent is not None:
        order.hold_until = parent.hold_until
        if parent.fate.is_unheard:
            order.fate = replace(fate, is_unheard=True)
    if fate.fill_ratio is not None:
        order.fill_limit = _share(world, order.request, fate.fill_ratio)


def _share(world: World, request: OrderRequest, ratio: Decimal) -> Decimal:
    """A share of an order, rounded down to whole steps of its size."""
    instrument = world.options.instruments.get(request.pair)
    step = Decimal(1) if instrument is None else instrument.size_step
    return (request.quantity * ratio / step).to_integral_value(rounding=ROUND_FLOOR) * step


def _parent(world: World, request: OrderRequest) -> Order | None:
    if request.parent_session_order_id is None:
        return None
    return world.book.by_session_id(request.client_id, request.parent_session_order_id)


def _latency_s(world: World, order: Order) -> float:
    if order.fate.latency_s > 0 or order.parent is None:
        return order.fate.latency_s
    return world.book.order(order.parent).fate.latency_s


def _show_twice(world: World, order: Order) -> None:
    """A second order under the same reference, which never executes. Nobody sent it, so it was never received."""
    request = replace(order.request, parent_session_order_id=None, oca_group=None)
    twin = world.book.enter(request, world.now)
    twin.fate = Fate(fill_ratio=ZERO)
    twin.fill_limit = ZERO
    twin.status = OrderStatus.WORKING
    twin.eligible_at = world.now + INSTANT_RESOLUTION
    world.book.put_on_market(twin)
    tell.acknowledged(world, twin)
