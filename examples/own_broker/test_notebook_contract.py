"""The notebook passes the cards of the broker contract that need no faults, and shows what else it promises."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from phoenix_notebook import create
from phoenix_notebook.notebook import Notebook, Order

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.domain.numbers import decimal_text
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, Action, LegRole, OrderStatus, TimeInForce
from phoenix.ports.answers import Unknown
from phoenix.ports.broker_events import ExecutionReported, OrderCancelled
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import BrokerUnavailable, ConfigurationError
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.testing.broker_contract import PlainBrokerContract
from phoenix.testing.broker_harness import ASK, BID, QUANTITY, PlainHarness

T = TypeVar("T")
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SPREAD = ASK - BID


class NotebookHarness(PlainHarness):
    """A notebook in a folder, on a clock of its own."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder
        self.clock = SimulatedClock(START)
        self.append(START, BID)
        self.open(**options)

    def open(self, **options: object) -> None:
        """Open the notebook in the folder, as the executor's process does when it starts."""
        self.events, self.office = [], ClaimOffice()
        self.notebook = create(self.context(self.account, AccountMode.SIMULATOR, **options))
        self.broker = self.notebook
        self.call(self.broker.connect())

    def context(self, account: str, mode: AccountMode, **options: object) -> BrokerContext:
        table = {"prices": "prices.csv", **options}
        return BrokerContext(
            table, AccountPolicy(account, mode, "USD"), {self.pair: GBPUSD}, self.clock, AlwaysOpen(), self.office,
            self.events.append, self.folder,
        )  # fmt: skip

    def append(self, at: datetime, bid: Decimal) -> None:
        with (self.folder / "prices.csv").open("a") as file:
            file.write(f"{at.isoformat()},{self.pair},{bid},{bid + SPREAD}\n")

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(coroutine)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance_to(self.seconds_from_now(seconds))
        self.notebook.advance(self.clock.now())

    def quote(self, bid: str) -> None:
        self.append(self.seconds_from_now(1), Decimal(bid))
        self.pass_time(1)

    def seconds_from_now(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    def ledger(self) -> Sequence[Mapping[str, Any]]:
        """Every order that was written down, read from the file."""
        return [_received(order) for order in Notebook.open(self.folder / "notebook.json").orders]


def _received(order: Order) -> Mapping[str, Any]:
    def price(value: Decimal | None) -> str | None:
        return None if value is None else decimal_text(value)

    return {
        "kind": "ORDER_RECEIVED", "reference": order.reference, "action": order.action.value,
        "order_type": order.order_type.value, "quantity": decimal_text(order.quantity),
        "limit_price": price(order.limit_price), "stop_price": price(order.stop_price),
        "time_in_force": order.time_in_force.value, "parent_reference": order.waits_for,
    }  # fmt: skip


@pytest.fixture
def notebook(tmp_path: Path) -> NotebookHarness:
    return NotebookHarness(tmp_path)


class TestTheNotebookPassesThePlainContract(PlainBrokerContract):
    @pytest.fixture
    def harness(self, notebook: NotebookHarness) -> PlainHarness:
        return notebook


def test_what_happened_while_nobody_was_there_is_in_the_book(notebook: NotebookHarness) -> None:
    plan = notebook.bracket()
    notebook.send(plan)
    notebook.append(notebook.seconds_from_now(5), Decimal("1.25880"))
    notebook.clock.advance_to(notebook.seconds_from_now(10))
    notebook.open()
    assert notebook.events == []
    fills = notebook.known(notebook.broker.executions())
    assert [(fill.action, fill.price) for fill in fills] == [(Action.BUY, ASK), (Action.SELL, Decimal("1.25880"))]
    assert notebook.known(notebook.broker.holdings()) == ()
    assert notebook.known(notebook.broker.account()).balance == 100_000 + (Decimal("1.25880") - ASK) * QUANTITY


def test_a_days_order_lapses_at_the_end_of_its_day(notebook: NotebookHarness) -> None:
    notebook.send(notebook.single(Action.BUY, time_in_force=TimeInForce.DAY, limit_price=Decimal("1.25000")))
    notebook.pass_time(timedelta(days=1).total_seconds())
    assert [event.reason for event in notebook.told(OrderCancelled)] == ["its day is over"]


def test_a_stop_that_the_market_jumps_over_fills_where_the_market_is(notebook: NotebookHarness) -> None:
    plan = notebook.bracket()
    notebook.send(plan)
    notebook.quote("1.25000")
    stop = plan.leg(LegRole.STOP_LOSS)
    assert stop is not None
    assert [fill.price for fill in notebook.told(ExecutionReported, stop.reference)] == [Decimal("1.25000")]


def test_selling_more_than_is_held_turns_the_holding_round(notebook: NotebookHarness) -> None:
    notebook.send(notebook.single(Action.BUY))
    notebook.send(notebook.single(Action.SELL, QUANTITY * 3))
    [held] = notebook.known(notebook.broker.holdings())
    assert (held.quantity, held.average_price) == (-QUANTITY * 2, BID)
    profit = notebook.known(notebook.broker.profit_and_loss())
    assert (profit.realised, profit.unrealised) == (-SPREAD * QUANTITY, -SPREAD * QUANTITY * 2)


@pytest.mark.parametrize("line", ["soon,GBPUSD,1.26,1.27", "2026-03-02T09:31:00,GBPUSD,1.26,1.27", "NaN", "a,b,NaN,1"])
def test_a_line_that_is_no_quote_makes_every_price_unknown(notebook: NotebookHarness, line: str) -> None:
    with (notebook.folder / "prices.csv").open("a") as file:
        file.write(f"{line}\n")
    notebook.pass_time(1)
    answer = notebook.call(notebook.broker.quote(notebook.pair))
    assert isinstance(answer, Unknown)
    assert "no quote" in answer.reason


def test_half_a_line_is_not_read_yet(notebook: NotebookHarness) -> None:
    with (notebook.folder / "prices.csv").open("a") as file:
        file.write(f"{notebook.seconds_from_now(1).isoformat()},GBPUSD,1.2")
    notebook.pass_time(2)
    assert notebook.known(notebook.broker.quote(notebook.pair)).bid == BID


def test_a_cancel_without_a_session_is_not_taken_for_done(notebook: NotebookHarness) -> None:
    plan = notebook.single(Action.BUY, limit_price=Decimal("1.25000"))
    notebook.send(plan)
    notebook.call(notebook.broker.disconnect())
    with pytest.raises(BrokerUnavailable):
        notebook.cancel(plan.legs[0])
    notebook.open()
    assert [order.status for order in notebook.known(notebook.broker.open_orders())] == [OrderStatus.WORKING]


def test_a_configuration_that_it_does_not_understand_is_refused(notebook: NotebookHarness) -> None:
    with pytest.raises(ConfigurationError, match=r"broker\.notebook\.pirces"):
        notebook.open(pirces="prices.csv")
    with pytest.raises(ConfigurationError, match="SIMULATOR"):
        create(notebook.context("DU0001", AccountMode.PAPER))
    (notebook.folder / "notebook.json").write_text("{")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        notebook.open()
