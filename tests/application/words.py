"""What a broker may say of an order, put together by hand, and books that it answers with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from phoenix.application.simulation import run_now
from phoenix.domain.position import LegState
from phoenix.domain.vocabulary import Action, OrderStatus, OrderType, TimeInForce
from phoenix.ports.answers import Complete
from phoenix.ports.broker_events import (
    ExecutionReported,
    OrderAcknowledged,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
)
from phoenix.ports.broker_facts import BrokerOrder, Holding
from phoenix.rehearsal.world import ACCOUNT, World

ENTRY_PRICE = Decimal("1.26")
HOLDING = {"what": "HOLDING", "stop_price": "1.25", "target_price": "1.27"}
FOREIGN_ORDER = {
    "what": "ORDER", "pair": "GBPUSD", "side": "LONG", "quantity": "1000", "entry_price": "1.26",
    "strategy_id": "by-hand", "stop_price": "1.25", "target_price": "1.27",
}  # fmt: skip


def execution(
    world: World, execution_id: str, quantity: int, *, reference: str | None = None, permanent_id: str | None = None,
    account: str = ACCOUNT, pair: str = "GBPUSD", action: Action = Action.BUY, is_bust: bool = False,
) -> ExecutionReported:  # fmt: skip
    return ExecutionReported(
        execution_id, reference, None, permanent_id, account, pair, action, Decimal(quantity), ENTRY_PRICE, world.now,
        is_bust,
    )  # fmt: skip


def execution_of(world: World, order: LegState, execution_id: str, quantity: int, **changes: Any) -> ExecutionReported:
    """An execution of one of our orders."""
    names = {"reference": order.leg.reference, "permanent_id": order.permanent_id, "action": order.leg.action}
    return execution(world, execution_id, quantity, **{**names, **changes})


def acknowledged(world: World, permanent_id: str, order: LegState | None = None) -> OrderAcknowledged:
    return OrderAcknowledged(None if order is None else order.leg.reference, None, permanent_id, world.now)


def cancelled(world: World, order: LegState, permanent_id: str | None = None) -> OrderCancelled:
    known_as = permanent_id or order.permanent_id
    return OrderCancelled(order.leg.reference, None, known_as, Decimal(0), "made up", world.now)


def rejected(world: World, order: LegState, permanent_id: str | None = None) -> OrderRejected:
    return OrderRejected(order.leg.reference, None, permanent_id or order.permanent_id, 201, "made up", world.now)


def status(world: World, order: LegState, status: OrderStatus, filled: Decimal = Decimal(0)) -> OrderStatusReported:
    remaining = order.total - filled
    return OrderStatusReported(order.leg.reference, None, order.permanent_id, status, filled, remaining, world.now)


def in_book(order: LegState, status: OrderStatus) -> BrokerOrder:
    """One of our orders as a book shows it that leaves blank whatever it can."""
    return BrokerOrder(
        order.leg.reference, None, order.permanent_id, ACCOUNT, "GBPUSD", order.leg.action, None, None, None, None,
        None, None, None, status,
    )  # fmt: skip


def foreign_in_book(permanent_id: str | None, **changes: Any) -> BrokerOrder:
    """An order as a book shows it that Phoenix did not send: a limit to buy 1000, unless said otherwise."""
    order = BrokerOrder(
        None, None, permanent_id, ACCOUNT, "GBPUSD", Action.BUY, OrderType.LIMIT, Decimal(1000), Decimal(0),
        Decimal(1000), ENTRY_PRICE, None, TimeInForce.GTC, OrderStatus.WORKING,
    )  # fmt: skip
    return replace(order, **changes)


def show_foreign_order(world: World, monkeypatch: pytest.MonkeyPatch, permanent_id: str, **changes: Any) -> None:
    """The books are read, and show an order that Phoenix did not send."""
    order = foreign_in_book(permanent_id, **changes)
    read_these_books(world, monkeypatch, as_of=world.now, open_orders=(order,))


def read_these_books(
    world: World, monkeypatch: pytest.MonkeyPatch, *, as_of: datetime, completed: tuple[BrokerOrder, ...] = (),
    open_orders: tuple[BrokerOrder, ...] = (), executions: tuple[ExecutionReported, ...] = (), holding: int = 0,
) -> None:  # fmt: skip
    """The books are read, and complete: what is given, and nothing else. They stay so."""
    keep_these_books(
        monkeypatch, world, as_of=as_of, completed=completed, open_orders=open_orders, executions=executions,
        holding=holding,
    )  # fmt: skip
    run_now(world.executor.read_books())


def keep_these_books(
    monkeypatch: pytest.MonkeyPatch, world: World, *, as_of: datetime, completed: tuple[BrokerOrder, ...] = (),
    open_orders: tuple[BrokerOrder, ...] = (), executions: tuple[ExecutionReported, ...] = (), holding: int = 0,
) -> None:  # fmt: skip
    """Whoever asks is told this of the broker's books from now on."""
    holdings = (Holding(ACCOUNT, "GBPUSD", Decimal(holding), ENTRY_PRICE),)
    contents = {
        "open_orders": open_orders, "completed_orders": completed, "executions": executions, "holdings": holdings,
    }  # fmt: skip
    for query, content in contents.items():
        monkeypatch.setattr(world.broker, query, _answering(Complete(content, as_of)))


def _answering(answer: Complete[Any]) -> Callable[[], Awaitable[Complete[Any]]]:
    async def query() -> Complete[Any]:
        return answer

    return query
