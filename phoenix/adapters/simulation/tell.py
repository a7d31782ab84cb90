"""Says what becomes of an order: into the broker's ledger, and to the client."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.ledger import LedgerKind
from phoenix.adapters.simulation.messages import (
    Acknowledged,
    Cancelled,
    CommissionCharged,
    Executed,
    Notice,
    Rejected,
    StatusChanged,
)
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order
from phoenix.adapters.simulation.world import World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import OrderStatus

WAITS_FOR_PARENT = "child"


def received(world: World, order: Order) -> None:
    """Ledger only: the order reached the broker."""
    is_foreign = order.request.client_id == FOREIGN_CLIENT
    entered(world, order, LedgerKind.EXTERNAL_ORDER if is_foreign else LedgerKind.ORDER_RECEIVED)


def entered(world: World, order: Order, kind: LedgerKind) -> None:
    """Ledger only: an order and its terms."""
    request = order.request
    parent = None if order.parent is None else world.book.order(order.parent)
    world.ledger.append(
        world.now, kind, reference=request.reference, client_id=request.client_id,
        session_order_id=request.session_order_id, permanent_id=order.permanent_id, account=request.account,
        pair=request.pair, action=request.action, order_type=request.order_type, quantity=request.quantity,
        limit_price=request.limit_price, stop_price=request.stop_price, time_in_force=request.time_in_force,
        parent_reference=None if parent is None else parent.request.reference,
        parent_permanent_id=None if parent is None else parent.permanent_id, oca_group=order.oca_group,
    )  # fmt: skip


def acknowledged(world: World, order: Order) -> None:
    """The first word on an order, and its status. A script may keep both until after the first execution."""
    world.ledger.append(world.now, LedgerKind.ACKNOWLEDGED, **names(order), status=order.status)
    if not order.fate.execution_first:
        _acknowledge(world, order)


def status(world: World, order: Order) -> None:
    why_held = WAITS_FOR_PARENT if order.status is OrderStatus.HELD else None
    filled, remaining = claimed_filled(order), claimed_remaining(order)
    message = StatusChanged(order.ids, order.status, filled, remaining, world.now, why_held)
    for _ in range(order.fate.status_copies):
        world.delivery.about(order, message, world.now)


def amended(world: World, order: Order) -> None:
    """An order goes on under other terms."""
    request = order.request
    world.ledger.append(
        world.now, LedgerKind.AMENDED, **names(order), quantity=request.quantity, limit_price=request.limit_price,
        stop_price=request.stop_price, time_in_force=request.time_in_force,
    )  # fmt: skip
    status(world, order)


def rejected(world: World, order: Order, code: int, reason: str) -> None:
    world.ledger.append(world.now, LedgerKind.REJECTED, **names(order), code=code, reason=reason)
    world.delivery.about(order, Rejected(order.ids, code, reason, world.now), world.now)


def cancelled(world: World, order: Order, kind: LedgerKind, code: int, reason: str) -> None:
    """`kind` is CANCELLED or EXPIRED; a client hears of both in the same way."""
    world.ledger.append(world.now, kind, **names(order), filled=order.filled, reason=reason)
    message = Cancelled(order.ids, claimed_filled(order), code, reason, world.now)
    world.delivery.about(order, message, world.now)


def executed(world: World, order: Order, execution: Execution, commission: Decimal) -> None:
    """An execution, its commission if one is charged, and the status it led to, in the order fate has for them."""
    world.ledger.append(world.now, LedgerKind.EXECUTION, **execution_details(execution))
    if order.fate.commission_first:
        _charged(world, order, execution, commission)
    report = execution_report(world, execution)
    for _ in range(order.fate.execution_copies):
        world.delivery.about(order, report, world.now)
    if order.fate.execution_first and order.filled == execution.quantity:
        _acknowledge(world, order)
    elif order.is_live or order.status is OrderStatus.FILLED:
        status(world, order)
    if not order.fate.commission_first:
        _charged(world, order, execution, commission)


def revised(world: World, order: Order, execution: Execution, commission: Decimal) -> None:
    """A correction, with what it costs by now, or a bust."""
    kind = LedgerKind.BUST if execution.is_bust else LedgerKind.CORRECTION
    world.ledger.append(world.now, kind, **execution_details(execution))
    world.delivery.about(order, execution_report(world, execution), world.now)
    if not execution.is_bust:
        _charged(world, order, execution, commission)


def execution_report(world: World, execution: Execution) -> Executed:
    return Executed(
        execution.ids, execution.execution_id, execution.account, execution.pair, execution.action, execution.quantity,
        execution.price, execution.executed_at, execution.is_bust, world.now,
    )  # fmt: skip


def notice(world: World, order: Order | None, reference: str | None, code: int, text: str) -> None:
    ids = None if order is None else order.ids
    message = Notice(code, text, ids, reference, world.now)
    if order is None:
        world.delivery.say(message)
    else:
        world.delivery.about(order, message, world.now)


def _charged(world: World, order: Order, execution: Execution, commission: Decimal) -> None:
    if commission != ZERO:
        charge = CommissionCharged(
            execution.ids, execution.execution_id, commission, world.options.currency, world.now
        )  # fmt: skip
        world.delivery.about(order, charge, world.now)


def _acknowledge(world: World, order: Order) -> None:
    world.delivery.about(order, Acknowledged(order.ids, world.now), world.now)
    status(world, order)
    if order.fate.notice_code is not None:
        notice(world, order, order.request.reference, order.fate.notice_code, order.fate.notice_text)


def claimed_filled(order: Order) -> Decimal:
    """What the broker states as filled, which a script may falsify."""
    ratio = order.fate.claimed_fill_ratio
    return order.filled if ratio is None or order.filled == ZERO else order.request.quantity * ratio


def claimed_remaining(order: Order) -> Decimal:
    if order.fate.claimed_fill_ratio is None:
        return order.remaining
    return max(order.remaining + order.filled - claimed_filled(order), ZERO)


def names(order: Order) -> dict[str, str | int | Decimal | None]:
    """What the ledger calls an order."""
    return {"reference": order.request.reference, "permanent_id": order.permanent_id}


def execution_details(execution: Execution) -> dict[str, str | int | Decimal | None]:
    """What the ledger says of an execution."""
    return {
        "execution_id": execution.execution_id, "reference": execution.ids.reference,
        "permanent_id": execution.ids.permanent_id, "account": execution.account, "pair": execution.pair,
        "action": execution.action, "quantity": execution.quantity, "price": execution.price,
    }  # fmt: skip
