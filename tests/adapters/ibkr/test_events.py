"""What the gateway says by itself becomes the port's events: each in its order, under our reference, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from phoenix.adapters.ibkr import meanings
from phoenix.adapters.ibkr.meanings import MEANINGS, Meaning, ended_status_of, status_of
from phoenix.adapters.ibkr.said import CommissionSaid
from phoenix.domain.vocabulary import OrderStatus
from phoenix.ports.broker_events import (
    BrokerNotice,
    CommissionReported,
    ConnectionLost,
    ConnectionRestored,
    ExecutionReported,
    OrderAcknowledged,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
)
from tests.adapters.ibkr.scripted import START, Bench, bracket, execution, order, status

WORDS = {
    "PendingSubmit": OrderStatus.PENDING,
    "ApiPending": OrderStatus.PENDING,
    "Submitted": OrderStatus.WORKING,
    "PendingCancel": OrderStatus.PENDING_CANCEL,
    "Cancelled": OrderStatus.CANCELLED,
    "ApiCancelled": OrderStatus.CANCELLED,
    "Filled": OrderStatus.FILLED,
    "Inactive": OrderStatus.UNKNOWN,
    "ValidationError": OrderStatus.UNKNOWN,
    "submitted": OrderStatus.UNKNOWN,
    "": OrderStatus.UNKNOWN,
}


@pytest.mark.parametrize(("word", "meant"), WORDS.items())
@pytest.mark.parametrize("why_held", [None, "child", "child,trigger", "locate", "trigger", "strange"])
@pytest.mark.parametrize("order_type", ["LMT", "MKT", "STP", None])
def test_most_words_mean_the_same_whatever_holds_the_order(
    word: str, meant: OrderStatus, why_held: str | None, order_type: str | None
) -> None:
    assert status_of(word, why_held, order_type) is meant


@pytest.mark.parametrize(
    ("why_held", "order_type", "meant"),
    [
        (None, "STP", OrderStatus.WORKING),
        ("trigger", "STP", OrderStatus.WORKING),
        ("child", "STP", OrderStatus.HELD),
        ("child,trigger", "STP", OrderStatus.HELD),
        ("locate", "STP", OrderStatus.HELD),
        (None, "LMT", OrderStatus.HELD),
        ("child", "LMT", OrderStatus.HELD),
        (None, "MKT", OrderStatus.HELD),
        (None, "TRAIL", OrderStatus.HELD),
        (None, None, OrderStatus.HELD),
    ],
)
def test_an_accepted_order_works_only_where_it_is_a_stop_that_waits_for_its_price(
    why_held: str | None, order_type: str | None, meant: OrderStatus
) -> None:
    assert status_of("PreSubmitted", why_held, order_type) is meant


@pytest.mark.parametrize(
    ("word", "explanation", "meant"),
    [
        ("Filled", "Rejected by System", OrderStatus.FILLED),
        ("Cancelled", "Rejected by System: margin", OrderStatus.REJECTED),
        ("Cancelled", "Cancelled by Trader", OrderStatus.CANCELLED),
        ("Inactive", None, OrderStatus.UNKNOWN),
    ],
)
def test_a_completed_order_was_refused_where_it_says_so(
    word: str, explanation: str | None, meant: OrderStatus
) -> None:  # fmt: skip
    assert ended_status_of(word, explanation) is meant


def test_an_order_is_acknowledged_once_under_each_permanent_id() -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.open_order(order(permanent_id=None))
        bench.hears.order_status(status("PendingSubmit", permanent_id=None))
        for _ in range(2):
            bench.hears.order_status(status("Submitted"))
            bench.hears.open_order(order())
        bench.hears.order_status(status("Submitted", permanent_id=901))

    bench.hear(scene)
    told = bench.told(OrderAcknowledged)
    assert [(event.reference, event.session_order_id, event.permanent_id) for event in told] == [
        ("PX-1", 1, "900"), ("PX-1", 1, "901"),
    ]  # fmt: skip


def test_a_sent_order_is_known_by_its_number_before_anything_is_heard() -> None:
    bench = Bench()
    plan = bracket(5)

    async def scene() -> None:
        await bench.submit(plan)
        bench.hears.order_status(status("PreSubmitted", 7, 903, why_held="child"))
        bench.error(201, 5)

    bench.run(scene)
    assert bench.told(OrderStatusReported)[0].reference == plan.legs[2].reference
    assert bench.told(OrderRejected)[0].reference == plan.legs[0].reference


def test_what_no_reference_is_known_of_is_told_by_its_permanent_id() -> None:
    bench = Bench()
    bench.hear(lambda: bench.hears.order_status(status("Submitted", 0, 950, client_id=0)))
    assert bench.told(OrderAcknowledged) == []
    told = bench.told(OrderStatusReported)[0]
    assert (told.reference, told.session_order_id, told.permanent_id) == (None, None, "950")


def test_orders_of_other_accounts_are_not_told() -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.open_order(order(9, 950, "theirs", account="DU2", client_id=4))
        bench.hears.order_status(status("Filled", 9, 950, client_id=4))
        bench.hears.execution(execution(account="DU2"))

    bench.hear(scene)
    assert bench.events == []


@pytest.mark.parametrize("is_at_work", [False, True])
@pytest.mark.parametrize("code", [201, 202, 110, 200, 399, 10349, 103, 161, 10148, 100, 31337])
def test_a_code_ends_an_order_only_where_the_table_says_so(code: int, is_at_work: bool) -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.open_order(order(permanent_id=900 if is_at_work else None))
        bench.hears.order_status(status("Submitted", permanent_id=900 if is_at_work else None, filled="400"))
        bench.events.clear()
        bench.error(code, 1, "why\n\x1b[31m" + "x" * 900)

    bench.hear(scene)
    [event] = bench.events
    meaning = MEANINGS.get(code)
    if meaning is Meaning.REJECTED or (meaning is Meaning.INVALID and not is_at_work):
        assert isinstance(event, OrderRejected)
        assert len(event.reason) == 500
        assert event.reason.isprintable()
    elif meaning is Meaning.CANCELLED:
        assert isinstance(event, OrderCancelled)
        assert event.filled_quantity == Decimal(400)
    else:
        assert isinstance(event, BrokerNotice)
        assert event.is_about_order_state == (meaning is not Meaning.REMARK)
        assert (len(event.text), event.text.isprintable()) == (500, True)
    assert event.reference == "PX-1"


@pytest.mark.parametrize("code", [201, 202, 200, 103, 31337])
def test_a_code_about_an_order_that_nobody_knows_has_the_books_read(code: int) -> None:
    bench = Bench()
    bench.hear(lambda: bench.error(code, 77))
    [event] = bench.events
    assert isinstance(event, BrokerNotice)
    assert (event.code, event.reference, event.is_about_order_state) == (code, None, True)


@pytest.mark.parametrize("code", [2100, 2107, 2108, 2119, 10167])
@pytest.mark.parametrize("request_id", [-1, 5, 2_000_000_001])
def test_what_nobody_has_to_know_is_not_told(code: int, request_id: int) -> None:
    bench = Bench()
    bench.hear(lambda: bench.error(code, request_id))
    assert bench.events == []


def test_a_code_without_a_meaning_is_told_as_it_is() -> None:
    bench = Bench()
    bench.hear(lambda: bench.error(31337, text="strange"))
    assert bench.events == [BrokerNotice(31337, "strange", None, "WARNING", START)]


def test_an_outage_is_told_once_and_its_end_every_time() -> None:
    bench = Bench()

    def scene() -> None:
        for code in (1100, 2110, 1102, 1102, 2110, 1101):
            bench.error(code)

    bench.hear(scene)
    assert [type(event) for event in bench.events] == [
        ConnectionLost, ConnectionRestored, ConnectionRestored, ConnectionLost, ConnectionRestored,
    ]  # fmt: skip
    assert [event.is_socket for event in bench.told(ConnectionLost)] == [False, False]
    assert [event.data_kept for event in bench.told(ConnectionRestored)] == [True, True, False]


def test_nothing_is_told_after_the_connection_broke() -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.closed("gone\x07")
        bench.hears.order_status(status("Filled"))
        bench.hears.closed("again")

    bench.hear(scene)
    assert bench.events == [ConnectionLost(True, "gone\N{REPLACEMENT CHARACTER}", START)]


def test_executions_come_as_they_are_with_corrections_and_busts() -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.execution(execution("1.01"))
        bench.hears.execution(execution("1.02", price=Decimal("1.26")))
        bench.hears.execution(execution("1.03", quantity=Decimal(0)))
        bench.hears.execution(execution("1.01", request_id=2_000_000_500))
        bench.hears.execution(execution("2.01", client_id=0, order_id=0, reference=None))

    bench.hear(scene)
    told = bench.told(ExecutionReported)
    assert [(event.execution_id, event.is_bust) for event in told] == [
        ("1.01", False), ("1.02", False), ("1.03", True), ("1.01", False), ("2.01", False),
    ]  # fmt: skip
    assert (told[-1].reference, told[-1].session_order_id, told[-1].permanent_id) == (None, None, "900")


@pytest.mark.parametrize("off", [timedelta(hours=5), timedelta(hours=-5), None])
def test_an_execution_in_a_doubtful_zone_is_told_with_the_doubt(off: timedelta | None) -> None:
    bench = Bench()
    said = execution(executed_at=None if off is None else START + off, time_text="20260302 \x1b09:30:00")
    bench.hear(lambda: bench.hears.execution(said))
    executed, doubt = bench.events
    assert isinstance(executed, ExecutionReported)
    assert executed.executed_at == (START if off is None else START + off)
    assert isinstance(doubt, BrokerNotice)
    assert "gateway_zone" in doubt.text
    assert doubt.text.isprintable()


def test_an_execution_that_neither_buys_nor_sells_has_the_books_read() -> None:
    bench = Bench()
    bench.hear(lambda: bench.hears.execution(execution(side="?")))
    [event] = bench.events
    assert isinstance(event, BrokerNotice)
    assert event.is_about_order_state


def test_what_cannot_be_read_has_the_books_read_unless_it_spoils_an_answer() -> None:
    bench = Bench(timeout_s=60)

    async def scene() -> None:
        bench.hears.undecodable("strange\x00")
        bench.script.reply = lambda *_: bench.hears.undecodable("strange")
        await bench.broker.open_orders()

    bench.run(scene)
    assert [notice.is_about_order_state for notice in bench.told(BrokerNotice)] == [True, False]
    assert bench.told(BrokerNotice)[0].text.isprintable()


def test_a_commission_that_is_not_known_yet_is_not_zero() -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.commission(CommissionSaid("1.01", None, "USD"))
        bench.hears.commission(CommissionSaid("1.01", Decimal(2), "USD"))

    bench.hear(scene)
    assert bench.events == [CommissionReported("1.01", Decimal(2), "USD", START)]


def test_every_code_has_one_meaning() -> None:
    codes = [code for group in meanings._CODES_OF.values() for code in group]
    assert len(codes) == len(set(codes))


def test_a_code_about_a_number_that_was_used_twice_goes_by_its_last_order() -> None:
    bench = Bench()

    def scene() -> None:
        bench.hears.open_order(order(1, 900, "PX-1"))
        bench.hears.open_order(replace(order(1, 901, "PX-2"), client_id=1))
        bench.error(202, 1)

    bench.hear(scene)
    assert bench.told(OrderCancelled)[0].reference == "PX-2"
