"""How orders end, and what that does to their children and to the others of their group."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation import tell
from phoenix.adapters.simulation.agenda import Task
from phoenix.adapters.simulation.ledger import LedgerKind
from phoenix.adapters.simulation.options import ChildrenStart
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.world import INSTANT_RESOLUTION, World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import OrderStatus

CANCELLED_CODE = 202


def reject(world: World, order: Order, code: int, reason: str) -> None:
    """Refuse an order. Its children, which wait for it, are cancelled."""
    order.status = OrderStatus.REJECTED
    world.book.finish(order)
    tell.rejected(world, order, code, reason)
    release_children(world, order)


def cancel(world: World, order: Order, reason: str, kind: LedgerKind = LedgerKind.CANCELLED) -> None:
    """End what is left of an order. What it has filled so far lets its children work."""
    order.status = OrderStatus.CANCELLED
    world.book.finish(order)
    tell.cancelled(world, order, kind, CANCELLED_CODE, reason)
    if order.fate.late_fill_after_s is not None:
        world.agenda.put(world.after(order.fate.late_fill_after_s), Task.LATE_FILL, order.sequence)
    release_children(world, order)


def complete(world: World, order: Order) -> None:
    """Take a filled order out of the market. Its status is told with its execution."""
    order.status = OrderStatus.FILLED
    world.book.finish(order)


def is_exhausted(world: World, order: Order) -> bool:
    """Whether nothing is left that the order could still execute, now or when its parent fills further."""
    is_waiting = order.status in (OrderStatus.PENDING, OrderStatus.HELD) or world.book.parent_is_live(order)
    total = order.request.quantity if is_waiting else order.released
    return total - order.reduced - order.filled <= ZERO


def release_children(world: World, parent: Order) -> None:
    """Let the children work for what the parent has filled, as soon as the rules say so."""
    if not parent.children:
        return
    if parent.is_live and world.options.children_start is ChildrenStart.WHEN_PARENT_ENDS:
        return
    for child in list(world.book.children(parent)):
        if child.status is OrderStatus.PENDING:
            continue
        if parent.filled > ZERO:
            _release(world, child, share_of_child(parent, child.request.quantity))
        elif not parent.is_live:
            cancel(world, child, "its parent ended unfilled")


def share_of_child(parent: Order, quantity: Decimal) -> Decimal:
    """What a child that was ordered for a quantity works for, the parent having filled what it has.

    Of a parent that filled more than it was ordered for, a child that was to undo all of it undoes that, too.
    """
    return parent.filled if quantity >= parent.request.quantity else min(quantity, parent.filled)


def reduce_siblings(world: World, order: Order, quantity: Decimal) -> None:
    """One cancels all: what one order of a group fills, the others no longer have to."""
    for sibling in world.book.siblings(order):
        sibling.reduced += quantity
        if is_exhausted(world, sibling):
            _settle_exhausted(world, sibling)
        else:
            tell.status(world, sibling)


def _release(world: World, child: Order, quantity: Decimal) -> None:
    was_held = child.status is OrderStatus.HELD
    if was_held and child.fate.rejects_on_activation and child.fate.reject_code is not None:
        reject(world, child, child.fate.reject_code, child.fate.reject_reason)
        return
    is_changed = was_held or child.released != quantity
    child.released = quantity
    if was_held:
        put_to_work(world, child)
    if is_exhausted(world, child):
        _settle_exhausted(world, child)
    elif is_changed:
        tell.status(world, child)


def put_to_work(world: World, order: Order) -> None:
    """Put an order on the market. One that becomes active on an event is first eligible on a later one."""
    order.status = OrderStatus.WORKING
    order.eligible_at = max(order.eligible_at, world.now + INSTANT_RESOLUTION)
    world.book.put_on_market(order)
    if world.is_quote_driven(order):
        world.agenda.put(world.now, Task.TRY_QUOTE, order.sequence)


def _settle_exhausted(world: World, child: Order) -> None:
    if child.filled > ZERO:
        complete(world, child)
        tell.status(world, child)
    else:
        cancel(world, child, "another order of its group filled")
