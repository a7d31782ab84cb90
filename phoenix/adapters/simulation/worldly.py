"""What happens by itself when its time has come: appointments of orders, and faults of the world."""

from __future__ import annotations

from datetime import timedelta

from phoenix.adapters.simulation import endings, fills, intake, tell
from phoenix.adapters.simulation.agenda import Appointment, Task
from phoenix.adapters.simulation.executions import Adjustment
from phoenix.adapters.simulation.faults import (
    Fault,
    ForeignHolding,
    ForeignOrder,
    LineOutage,
    NoticeSent,
    PricesFreeze,
    SocketDrop,
)
from phoenix.adapters.simulation.ledger import LedgerKind
from phoenix.adapters.simulation.messages import LineLost, LineRestored, PricesFlowing, PricesFrozen
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.world import World
from phoenix.domain.vocabulary import TimeInForce

OF_FAULTS = (Task.FAULT_BEGINS, Task.FAULT_ENDS)


def arrange(world: World, number: int, fault: Fault) -> None:
    """Put the beginning and the end of a fault that has an hour on the agenda."""
    match fault:
        case SocketDrop() | LineOutage():
            world.agenda.put(fault.at, Task.FAULT_BEGINS, number)
            if fault.for_s is not None:
                world.agenda.put(fault.at + timedelta(seconds=fault.for_s), Task.FAULT_ENDS, number)
        case PricesFreeze():
            world.agenda.put(fault.begins_at, Task.FAULT_BEGINS, number)
            if fault.until is not None:
                world.agenda.put(fault.until, Task.FAULT_ENDS, number)
        case ForeignOrder() | ForeignHolding() | NoticeSent():
            world.agenda.put(fault.at, Task.FAULT_BEGINS, number)
        case _:
            pass


def withdraw(world: World, number: int, fault: Fault) -> None:
    """Take a fault out of the world again: what it had in store does not come, what it had begun ends."""
    coming = [item for item in world.agenda.appointments() if item.subject == number and item.task in OF_FAULTS]
    world.agenda.drop(coming)
    tasks = {item.task for item in coming}
    has_begun = Task.FAULT_BEGINS not in tasks
    if has_begun and (Task.FAULT_ENDS in tasks or _is_endless(fault)):
        _end(world, fault)


def _is_endless(fault: Fault) -> bool:
    match fault:
        case SocketDrop(for_s=None) | LineOutage(for_s=None) | PricesFreeze(until=None):
            return True
        case _:
            return False


def perform(world: World, item: Appointment) -> None:
    """Carry out one appointment at the world's instant."""
    if item.task is Task.DELIVER:
        if item.message is not None:
            world.delivery.say(item.message)
    elif item.task is Task.FAULT_BEGINS:
        _begin(world, world.script.fault(item.subject))
    elif item.task is Task.FAULT_ENDS:
        _end(world, world.script.fault(item.subject))
    else:
        _perform_for_order(world, item, world.book.order(item.subject))


def _perform_for_order(world: World, item: Appointment, order: Order) -> None:
    match item.task:
        case Task.ARRIVE:
            intake.arrive(world, order)
        case Task.TRY_QUOTE:
            fills.try_quote(world, order)
        case Task.EXPIRE:
            if order.is_live and order.request.time_in_force is TimeInForce.DAY:
                endings.cancel(world, order, "expired at the end of the session", LedgerKind.EXPIRED)
        case Task.CANCEL:
            if order.is_live:
                endings.cancel(world, order, "cancelled at the client's request")
        case Task.RELEASE_REMAINDER:
            order.fill_limit = None
            if order.is_live and world.is_quote_driven(order):
                fills.try_quote(world, order)
        case Task.LATE_FILL:
            fills.late_fill(world, order)
        case Task.OVERFILL:
            fills.overfill(world, order)
        case Task.CORRECT:
            fills.correct(world, order, item.detail)
        case Task.BUST:
            fills.bust(world, order, item.detail)
        case _:
            raise ValueError(f"{item.task.value} is no task of an order")


def _begin(world: World, fault: Fault) -> None:
    delivery = world.delivery
    match fault:
        case SocketDrop():
            delivery.note_locally(LineLost(True, world.now))
            for client_id in sorted(delivery.clients):
                world.ledger.append(world.now, LedgerKind.DISCONNECTED, client_id=client_id)
            delivery.clients.clear()
            delivery.socket_is_up = False
        case LineOutage():
            delivery.note_locally(LineLost(False, world.now))
            delivery.upstream_is_up = False
        case PricesFreeze():
            delivery.say(PricesFrozen(fault.pair, world.now))
        case ForeignOrder():
            intake.receive(world, (fault.request,))
        case ForeignHolding():
            _adjust(world, fault)
        case NoticeSent():
            tell.notice(world, None, fault.reference, fault.code, fault.text)
        case _:
            pass


def _end(world: World, fault: Fault) -> None:
    delivery = world.delivery
    match fault:
        case SocketDrop():
            delivery.socket_is_up = True
        case LineOutage():
            delivery.upstream_is_up = True
            delivery.say(LineRestored(fault.data_kept, world.now))
        case PricesFreeze():
            delivery.say(PricesFlowing(fault.pair, world.now))
        case _:
            pass


def _adjust(world: World, fault: ForeignHolding) -> None:
    adjustment = Adjustment(fault.pair, fault.quantity, fault.price, world.now)
    world.book.adjust(adjustment)
    world.account.book(adjustment)
    world.ledger.append(
        world.now, LedgerKind.EXTERNAL_HOLDING, account=world.options.account, pair=fault.pair, quantity=fault.quantity,
        price=fault.price,
    )  # fmt: skip
