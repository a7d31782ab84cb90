"""An answer is complete at its end marker, newer than its question, and about our account; or it is not known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.ibkr.broker import IbkrBroker
from phoenix.adapters.ibkr.line import Listener
from phoenix.domain.vocabulary import OrderStatus
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_events import ExecutionReported
from tests.adapters.ibkr.scripted import (
    ACCOUNT,
    CONTRACT,
    DETAILS,
    PAIR,
    START,
    Bench,
    execution,
    holding,
    order,
    settle,
    status,
)

Ask = Callable[[IbkrBroker], Awaitable[Answer[Any]]]
Say = Callable[[Listener, int], None]


def _account(hears: Listener, request: int) -> None:
    for tag, value in (("NetLiquidation", "1000"), ("TotalCashValue", "900")):
        hears.account_value(request, ACCOUNT, tag, value, "USD")


QUESTIONS: dict[str, tuple[str, Ask, Say, Say]] = {
    "open orders": (
        "ask_open_orders", lambda b: b.open_orders(), lambda h, _: h.open_order(order()),
        lambda h, _: h.open_orders_end(),
    ),
    "completed orders": (
        "ask_completed_orders", lambda b: b.completed_orders(),
        lambda h, _: h.completed_order(order(None, status="Filled", client_id=None, filled_quantity=Decimal(1000))),
        lambda h, _: h.completed_orders_end(),
    ),
    "executions": (
        "ask_executions", lambda b: b.executions(), lambda h, n: h.execution(execution(request_id=n)),
        lambda h, n: h.executions_end(n),
    ),
    "positions": (
        "ask_holdings", lambda b: b.holdings(), lambda h, _: h.holding(holding("1000")), lambda h, _: h.holdings_end(),
    ),
    "account": (
        "ask_account_values", lambda b: b.account(), _account, lambda h, n: h.account_values_end(n),
    ),
    "contract": (
        "ask_contract_details", lambda b: b.contract(PAIR), lambda h, n: h.contract_details(n, DETAILS),
        lambda h, n: h.contract_details_end(n),
    ),
}  # fmt: skip
NUMBERED = ("executions", "account", "contract")
by_question = pytest.mark.parametrize("name", QUESTIONS)


def scripted(bench: Bench, name: str, says: Callable[[Listener, int], None]) -> Ask:
    """Have the gateway say this as soon as it is asked."""
    request, ask, _, _ = QUESTIONS[name]

    def reply(asked: str, words: tuple[Any, ...]) -> None:
        if asked == request:
            says(bench.hears, words[0] if words else -1)

    bench.script.reply = reply
    return ask


@by_question
def test_what_came_before_the_end_marker_is_the_answer(name: str) -> None:
    bench, (_, _, item, end) = Bench(), QUESTIONS[name]

    def says(hears: Listener, number: int) -> None:
        item(hears, number)
        end(hears, number)

    ask = scripted(bench, name, says)

    async def scene() -> None:
        bench.pass_time(5)
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert answer.value not in ((), None)
        assert answer.as_of == START + timedelta(seconds=5)

    bench.run(scene)
    assert not bench.told(ExecutionReported)


@by_question
def test_an_end_marker_alone_is_an_empty_answer_only_where_nothing_may_exist(name: str) -> None:
    bench = Bench()
    ask = scripted(bench, name, QUESTIONS[name][3])

    async def scene() -> None:
        answer = await ask(bench.broker)
        if name in ("account", "contract"):
            assert isinstance(answer, Unknown)
        else:
            assert isinstance(answer, Complete)
            assert answer.value == ()

    bench.run(scene)


@by_question
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda bench: bench.hears.undecodable("strange"),
        lambda bench: bench.error(1100),
        lambda bench: bench.error(2110),
        lambda bench: bench.line.drop(),
    ],
    ids=["no end", "undecodable", "1100", "2110", "closed"],
)
def test_an_answer_that_is_disturbed_is_unknown(name: str, spoil: Callable[[Bench], None]) -> None:
    bench, (_, _, item, end) = Bench(), QUESTIONS[name]

    def says(hears: Listener, number: int) -> None:
        item(hears, number)
        before = len(bench.events)
        spoil(bench)
        if len(bench.events) > before:
            end(hears, number)

    ask = scripted(bench, name, says)

    async def scene() -> None:
        assert isinstance(await ask(bench.broker), Unknown)

    bench.run(scene)
    assert len(bench.told(ExecutionReported)) == (name == "executions"), "what happened is told, whole answer or not"


@by_question
def test_nobody_is_asked_without_a_session_or_during_an_outage(name: str) -> None:
    bench, ask = Bench(), QUESTIONS[name][1]

    async def scene() -> None:
        asked = len(bench.line.asked)
        bench.error(1100)
        assert isinstance(await ask(bench.broker), Unknown)
        bench.error(1102)
        bench.line.drop()
        assert isinstance(await ask(bench.broker), Unknown)
        await bench.broker.disconnect()
        assert await ask(bench.broker) == Unknown("there is no session")
        assert len(bench.line.asked) == asked

    bench.run(scene)


@pytest.mark.parametrize("name", NUMBERED)
def test_an_error_in_place_of_an_answer_is_unknown_at_once(name: str) -> None:
    bench = Bench(timeout_s=60)
    ask = scripted(bench, name, lambda _, number: bench.error(321, number, "no\x1b[2J"))

    async def scene() -> None:
        answer = await ask(bench.broker)
        assert isinstance(answer, Unknown)
        assert "321" in answer.reason
        assert "\x1b" not in answer.reason

    bench.run(scene)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in NUMBERED])
def test_a_late_answer_is_whole_and_dated_back_to_its_question(name: str) -> None:
    bench, (_, ask, item, end) = Bench(), QUESTIONS[name]

    async def scene() -> None:
        item(bench.hears, -1)
        assert isinstance(await ask(bench.broker), Unknown)
        item(bench.hears, -1)
        bench.pass_time(120)
        second = asyncio.ensure_future(ask(bench.broker))
        await settle()
        end(bench.hears, -1)
        answer = await second
        assert isinstance(answer, Complete)
        assert answer.as_of == START
        assert len(answer.value) == 1, "what was heard before the second question belongs to the answer"
        bench.pass_time(1)
        end(bench.hears, -1)
        end(bench.hears, -1)
        third = asyncio.ensure_future(ask(bench.broker))
        await settle()
        end(bench.hears, -1)
        answer = await third
        assert answer == Complete((), START + timedelta(seconds=121)), "what was owed has been paid"

    bench.run(scene)


def test_a_late_answer_holds_what_came_before_and_after_it_was_asked_for_again() -> None:
    bench = Bench()
    early, late = (replace(CONTRACT, contract_id=number) for number in (1, 2))

    async def scene() -> None:
        assert isinstance(await bench.broker.holdings(), Unknown)
        bench.hears.holding(holding("1", early))
        second = asyncio.ensure_future(bench.broker.holdings())
        await settle()
        bench.hears.holding(holding("2", late))
        bench.hears.holdings_end()
        answer = await second
        assert isinstance(answer, Complete)
        assert [held.quantity for held in answer.value] == [Decimal(1), Decimal(2)]

    bench.run(scene)


def test_what_was_lost_of_a_late_answer_is_not_made_good_by_its_end() -> None:
    bench = Bench()

    async def scene() -> None:
        assert isinstance(await bench.broker.holdings(), Unknown)
        bench.hears.undecodable("strange")
        second = asyncio.create_task(bench.broker.holdings())
        await settle()
        bench.hears.holdings_end()
        assert isinstance(await second, Unknown)

    bench.run(scene)


def test_the_next_positions_are_asked_after_the_last_ones_were_stopped() -> None:
    bench = Bench()
    scripted(bench, "positions", QUESTIONS["positions"][3])

    async def scene() -> None:
        await asyncio.gather(bench.broker.holdings(), bench.broker.holdings())
        asked = [name for name in bench.line.names() if "holdings" in name]
        assert asked == ["ask_holdings", "stop_holdings"] * 2

    bench.run(scene)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_that_is_given_up_leaves_nothing_behind(name: str) -> None:
    bench, (_, ask, item, end) = Bench(timeout_s=60), QUESTIONS[name]

    async def scene() -> None:
        given_up = asyncio.ensure_future(ask(bench.broker))
        await settle()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        if name in ("positions", "account"):
            assert bench.line.names()[-1].startswith("stop_")
        for hears_again in (item, end):
            hears_again(bench.hears, -1)

        def says(hears: Listener, number: int) -> None:
            item(hears, number)
            end(hears, number)

        scripted(bench, name, says)
        assert isinstance(await ask(bench.broker), Complete)

    bench.run(scene)


def test_orders_without_a_permanent_id_do_not_hide_one_another() -> None:
    bench = Bench()

    def says(hears: Listener, _: int) -> None:
        for number in (1, 2):
            hears.open_order(order(number, None, f"PX-{number}"))
        hears.open_order(order(7, 901, "other", account="DU2"))
        hears.open_order(order(1, 902, "by hand", client_id=0))
        hears.open_orders_end()

    ask = scripted(bench, "open orders", says)

    async def scene() -> None:
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert [(one.reference, one.session_order_id, one.permanent_id) for one in answer.value] == [
            ("PX-1", 1, None), ("PX-2", 2, None), ("by hand", None, "902"),
        ]  # fmt: skip

    bench.run(scene)


@pytest.mark.parametrize(
    ("words", "shown", "filled"),
    [
        (("Submitted", "Filled"), OrderStatus.FILLED, Decimal(1000)),
        (("Submitted", "Cancelled"), OrderStatus.CANCELLED, Decimal(1000)),
        (("Submitted",), OrderStatus.WORKING, Decimal(1000)),
        ((), OrderStatus.WORKING, None),
    ],
)
def test_an_order_is_shown_as_it_is_by_the_end_of_the_answer(
    words: tuple[str, ...], shown: OrderStatus, filled: Decimal | None
) -> None:
    bench = Bench()

    def says(hears: Listener, _: int) -> None:
        hears.open_order(order())
        for word in words:
            hears.order_status(status(word, filled="1000", remaining="0"))
        hears.open_orders_end()

    ask = scripted(bench, "open orders", says)

    async def scene() -> None:
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert [(one.status, one.filled_quantity) for one in answer.value] == [(shown, filled)]

    bench.run(scene)


def test_an_open_order_s_own_word_counts_more_than_an_older_status() -> None:
    bench = Bench()

    def says(hears: Listener, _: int) -> None:
        hears.open_order(order(status="Cancelled"))
        hears.open_orders_end()

    ask = scripted(bench, "open orders", says)

    async def scene() -> None:
        bench.hears.order_status(status("Submitted"))
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert [(one.status, one.filled_quantity) for one in answer.value] == [(OrderStatus.CANCELLED, None)]

    bench.run(scene)


def test_a_storm_of_pushes_is_told_once_per_order_by_its_last_word() -> None:
    bench = Bench()

    def says(hears: Listener, _: int) -> None:
        for turn in range(500):
            hears.open_order(order(1, 900, quantity=Decimal(turn + 1)))
        hears.open_orders_end()

    ask = scripted(bench, "open orders", says)

    async def scene() -> None:
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert [one.quantity for one in answer.value] == [Decimal(500)]

    bench.run(scene)


def test_contracts_that_go_by_one_name_do_not_hide_one_another() -> None:
    bench = Bench()
    call, put = (replace(CONTRACT, contract_id=number, security_type="OPT") for number in (1, 2))

    def says(hears: Listener, _: int) -> None:
        hears.holding(holding("5", call))
        hears.holding(holding("0", put))
        hears.holding(holding("7", call, "DU2"))
        hears.holding(holding("0"))
        hears.holdings_end()

    ask = scripted(bench, "positions", says)

    async def scene() -> None:
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert [(held.pair, held.quantity) for held in answer.value] == [("GBPUSD OPT", Decimal(5))]

    bench.run(scene)


@pytest.mark.parametrize("wrong", [{"executed_at": None}, {"side": "???"}, {"quantity": Decimal(-1)}])
def test_an_execution_that_cannot_be_stated_leaves_the_answer_unknown_and_is_told_if_it_can(
    wrong: dict[str, Any],
) -> None:
    bench = Bench()

    def says(hears: Listener, number: int) -> None:
        hears.execution(execution("a", number))
        hears.execution(execution("b", number, **wrong))
        hears.executions_end(number)

    ask = scripted(bench, "executions", says)

    async def scene() -> None:
        assert isinstance(await ask(bench.broker), Unknown)

    bench.run(scene)
    expected = ["a", "b"] if "executed_at" in wrong else ["a"]
    assert [event.execution_id for event in bench.told(ExecutionReported)] == expected


def test_thousands_of_executions_are_one_answer_without_those_of_other_accounts() -> None:
    bench = Bench(timeout_s=5)

    def says(hears: Listener, number: int) -> None:
        for index in range(3000):
            hears.execution(execution(f"{index}", number, account=ACCOUNT if index % 3 else "DU2"))
        hears.executions_end(number)

    ask = scripted(bench, "executions", says)

    async def scene() -> None:
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert len(answer.value) == 2000

    bench.run(scene)


@pytest.mark.parametrize(
    "values",
    [
        {"NetLiquidation": "1000"},
        {"NetLiquidation": "NaN", "TotalCashValue": "1"},
        {"NetLiquidation": "", "TotalCashValue": "1"},
        {"NetLiquidation": "1.7976931348623157E308", "TotalCashValue": "1"},
        {"NetLiquidation": "1", "TotalCashValue": "Infinity"},
    ],
)
def test_an_account_without_its_numbers_is_unknown(values: dict[str, str]) -> None:
    bench = Bench()

    def says(hears: Listener, number: int) -> None:
        for tag, value in values.items():
            hears.account_value(number, ACCOUNT, tag, value, "USD")
        hears.account_values_end(number)

    ask = scripted(bench, "account", says)

    async def scene() -> None:
        assert isinstance(await ask(bench.broker), Unknown)

    bench.run(scene)


def test_an_account_in_several_currencies_is_unknown_and_other_accounts_are_left_out() -> None:
    bench = Bench()
    currency = "EUR"

    def says(hears: Listener, number: int) -> None:
        _account(hears, number)
        hears.account_value(number, "DU2", "NetLiquidation", "5", "CHF")
        hears.account_value(number, ACCOUNT, "BuyingPower", "5", currency)
        hears.account_values_end(number)

    ask = scripted(bench, "account", says)

    async def scene() -> None:
        nonlocal currency
        assert isinstance(await ask(bench.broker), Unknown)
        currency = "USD"
        answer = await ask(bench.broker)
        assert isinstance(answer, Complete)
        assert (answer.value.equity, answer.value.margin_used) == (Decimal(1000), None)
        assert bench.line.names()[-2:] == ["ask_account_values", "stop_account_values"]

    bench.run(scene)


def test_profit_and_the_time_are_answered_by_their_first_word() -> None:
    bench = Bench()

    def reply(name: str, words: tuple[Any, ...]) -> None:
        if name == "ask_profit":
            bench.hears.profit(words[0], None, Decimal(3), None)

    bench.script.reply = reply

    async def scene() -> None:
        profit, time = await bench.broker.profit_and_loss(), await bench.broker.server_time()
        assert isinstance(profit, Complete)
        assert (profit.value.unrealised, profit.value.realised) == (Decimal(3), None)
        assert time == Complete(datetime(2026, 3, 2, 14, 30, tzinfo=UTC), START)
        assert "stop_profit" in bench.line.names()
        bench.script.tells_time = False
        assert isinstance(await bench.broker.server_time(), Unknown)

    bench.run(scene)


def test_a_contract_is_asked_once_in_a_session_and_has_to_be_the_only_one() -> None:
    bench = Bench()
    times = 2

    def says(hears: Listener, number: int) -> None:
        for _ in range(times):
            hears.contract_details(number, DETAILS)
        hears.contract_details_end(number)

    ask = scripted(bench, "contract", says)

    async def scene() -> None:
        nonlocal times
        assert isinstance(await ask(bench.broker), Unknown)
        times = 1
        for _ in range(2):
            assert isinstance(await ask(bench.broker), Complete)
        assert len(bench.line.requests("ask_contract_details")) == 2
        assert isinstance(await bench.broker.contract("EURUSD"), Unknown)

    bench.run(scene)
