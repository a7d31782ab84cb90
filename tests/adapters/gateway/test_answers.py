"""Answers to questions: the books, positions, the account, prices, contracts and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.simulation.faults import (
    EVERY_ORDER,
    ClockSkew,
    ForeignHolding,
    ForeignOrder,
    HoldingClaimed,
    HoldingsLag,
    LineOutage,
    PricesFreeze,
    Query,
    QueryUnanswered,
    bust,
    correct,
    reject,
)
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT
from tests.adapters.gateway.bench import ACCOUNT, CABLE, PAIR, RATE, START, Bench, bracket, place
from tests.adapters.simulation.bench import order

BY_HAND = order(kind="LIMIT", limit_price="1.2500", client_id=FOREIGN_CLIENT, session_order_id=0, reference=None)
ALL = requests.ExecutionFilter()


def _after(seconds: int) -> Any:
    return START + timedelta(seconds=seconds)


# --- open and completed orders -----------------------------------------------------------------------------------


def test_a_client_is_shown_its_own_open_orders_and_on_demand_those_of_all() -> None:
    bench = Bench(faults=(ForeignOrder(START, BY_HAND),))
    first, second = bench.client(1), bench.client(2)
    bench.live_to(1)
    bench.ask(first, place(1, kind="LMT", price="1.25000"))
    bench.ask(second, place(1, kind="LMT", price="1.25500"))
    bench.ask(first, requests.AskOpenOrders(of_all=False))
    assert [reply.order.client_id for reply in first.of(replies.OpenOrder)] == [1]
    assert first.heard[-1] == replies.OpenOrderEnd()
    bench.ask(first, requests.AskOpenOrders(of_all=True))
    shown = [(reply.order.client_id, reply.order.order_id) for reply in first.of(replies.OpenOrder)]
    assert sorted(shown) == [(0, 0), (1, 1), (2, 1)]
    assert len(first.of(replies.OrderStatus)) == 3
    assert second.codes() == []


def test_completed_orders_say_how_and_when_they_ended() -> None:
    bench = Bench(faults=(reject(replace(EVERY_ORDER, reference="ref-3")),))
    client = bench.client()
    bench.ask(client, place(1), place(2, kind="LMT", price="1.25000"), place(3))
    bench.live_to(10)
    bench.ask(client, requests.CancelOrder(2))
    bench.live_to(20)
    bench.ask(client, requests.AskCompletedOrders(api_only=True))
    views = {reply.order.reference: reply.order for reply in client.of(replies.CompletedOrder)}
    assert {name: view.status for name, view in views.items()} == {
        "ref-1": "Filled", "ref-2": "Cancelled", "ref-3": "Cancelled",
    }  # fmt: skip
    assert [views[f"ref-{number}"].completed_at for number in (1, 2, 3)] == [START, _after(10), START]
    assert views["ref-1"].filled == Decimal(100_000)
    assert views["ref-3"].completed_status.startswith("Rejected")
    assert client.heard[-1] == replies.CompletedOrdersEnd()


def test_completed_orders_of_programs_leave_out_those_entered_by_hand() -> None:
    bench = Bench(faults=(ForeignOrder(START, replace(BY_HAND, limit_price=Decimal("1.2700"))),))
    client = bench.client()
    bench.live_to(1)
    assert bench.ask(client, requests.AskCompletedOrders(api_only=True)) == [replies.CompletedOrdersEnd()]
    assert len(bench.ask(client, requests.AskCompletedOrders(api_only=False))) == 2


# --- executions --------------------------------------------------------------------------------------------------


def test_executions_come_first_then_commissions_then_the_end() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1), place(2, "SELL"))
    said = bench.ask(client, requests.AskExecutions(4, ALL))
    assert [type(reply).__name__ for reply in said] == ["ExecutionDetails"] * 2 + ["Commission"] * 2 + ["ExecutionsEnd"]
    assert {reply.request_id for reply in client.of(replies.ExecutionDetails)} == {4}
    assert client.of(replies.Commission)[0].amount == Decimal(100_000) * Decimal("1.2602") * RATE


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"client_id": 1}, 1), ({"client_id": 2}, 1), ({"client_id": 3}, 0), ({"account": ACCOUNT}, 2),
        ({"account": "DU1"}, 0), ({"symbol": "GBP"}, 2), ({"symbol": "EUR"}, 0), ({"security_type": "STK"}, 0),
        ({"exchange": "IDEALPRO"}, 2), ({"side": "BUY"}, 1), ({"side": "SLD"}, 1), ({"side": "SELL"}, 1),
    ],
)  # fmt: skip
def test_a_filter_chooses_executions(wanted: dict[str, Any], count: int) -> None:
    bench = Bench()
    first, second = bench.client(1), bench.client(2)
    bench.ask(first, place(1))
    bench.ask(second, place(1, "SELL"))
    bench.ask(first, requests.AskExecutions(4, requests.ExecutionFilter(**wanted)))
    assert len(first.of(replies.ExecutionDetails)) == count


@pytest.mark.parametrize(
    ("since", "count"),
    [
        ("20260302 09:30:00", 1), ("20260302  09:30:00", 1), ("20260302 09:30:01", 0),
        ("20260302-14:30:00", 1), ("20260302-14:30:01", 0), ("20260302 14:30:00 UTC", 1),
        ("20260302 14:30:01 UTC", 0), ("20260302 15:30:00 Europe/Berlin", 1), ("20260302 15:30:01 Europe/Berlin", 0),
    ],
)  # fmt: skip
def test_a_time_is_read_in_the_gateways_zone_unless_it_names_its_own(since: str, count: int) -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1))
    bench.ask(client, requests.AskExecutions(4, requests.ExecutionFilter(since=since)))
    assert len(client.of(replies.ExecutionDetails)) == count
    assert client.codes() == []


@pytest.mark.parametrize("since", ["yesterday", "20260302", "20261302 09:30:00", "20260302 09:30:00 America", "-"])
def test_a_time_that_is_none_is_refused(since: str) -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, requests.AskExecutions(4, requests.ExecutionFilter(since=since)))
    assert client.codes(4) == [321]
    assert client.of(replies.ExecutionsEnd) == []


def test_executions_are_told_in_their_latest_revision() -> None:
    bench = Bench(
        faults=(
            correct(replace(EVERY_ORDER, nth=1), 1.0, quantity=Decimal(90_000)), bust(replace(EVERY_ORDER, nth=2), 1.0),
        )
    )  # fmt: skip
    client = bench.client()
    bench.ask(client, place(1), place(2))
    bench.live_to(1)
    bench.ask(client, requests.AskExecutions(4, ALL))
    told = [(reply.quantity, reply.execution_id[-3:]) for reply in client.of(replies.ExecutionDetails)]
    assert told == [(Decimal(90_000), ".02"), (Decimal(0), ".02")]
    assert len(client.of(replies.Commission)) == 1


# --- answers without an end, or none at all ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "request_", "marker"),
    [
        ("open_orders", requests.AskOpenOrders(of_all=True), replies.OpenOrderEnd),
        ("completed_orders", requests.AskCompletedOrders(api_only=False), replies.CompletedOrdersEnd),
        ("executions", requests.AskExecutions(4, ALL), replies.ExecutionsEnd),
        ("positions", requests.AskPositions(), replies.PositionsEnd),
    ],
)
def test_an_end_marker_can_be_left_out(name: str, request_: requests.Request, marker: type) -> None:
    bench = Bench()
    client = bench.client()
    assert [type(reply) for reply in bench.ask(client, request_)] == [marker]
    bench.gateway.tricks.turn({"unending": [name]})
    assert bench.ask(client, request_) == []


QUESTIONS: dict[Query, requests.Request] = {
    Query.OPEN_ORDERS: requests.AskOpenOrders(of_all=True),
    Query.COMPLETED_ORDERS: requests.AskCompletedOrders(api_only=False),
    Query.EXECUTIONS: requests.AskExecutions(4, ALL),
    Query.HOLDINGS: requests.AskPositions(),
    Query.ACCOUNT: requests.AskAccountSummary(4, "All", ("NetLiquidation",)),
    Query.PROFIT_AND_LOSS: requests.AskProfit(4, ACCOUNT),
    Query.SERVER_TIME: requests.AskTime(),
    Query.CONTRACT: requests.AskContractDetails(4, CABLE),
}


@pytest.mark.parametrize("query", QUESTIONS, ids=str)
def test_what_the_broker_does_not_answer_is_not_answered_empty(query: Query) -> None:
    bench = Bench(faults=(QueryUnanswered(query=query),))
    client = bench.client()
    assert bench.ask(client, QUESTIONS[query]) == []


@pytest.mark.parametrize("query", QUESTIONS, ids=str)
def test_nothing_is_answered_while_the_line_is_down(query: Query) -> None:
    bench = Bench(faults=(LineOutage(START, None),))
    client = bench.client()
    bench.live_to(1)
    assert bench.ask(client, QUESTIONS[query]) == []


@pytest.mark.parametrize("query", [Query.ACCOUNT, Query.HOLDINGS])
def test_account_updates_never_end_on_half_the_account(query: Query) -> None:
    bench = Bench(faults=(QueryUnanswered(query=query),))
    assert bench.ask(bench.client(), requests.AskAccountUpdates(True, ACCOUNT)) == []


# --- positions and the account -----------------------------------------------------------------------------------


def _positions(said: list[replies.Reply]) -> list[tuple[Decimal, Decimal]]:
    return [(one.quantity, one.average_cost) for one in said if isinstance(one, replies.Position)]


def test_positions_are_told_and_then_followed() -> None:
    bench = Bench()
    client = bench.client()
    assert bench.ask(client, requests.AskPositions()) == [replies.PositionsEnd()]
    assert _positions(bench.ask(client, place(1))) == [(Decimal(100_000), Decimal("1.2602"))]
    assert _positions(bench.ask(client, place(2, "SELL"))) == [(Decimal(0), Decimal(0))]
    assert _positions(bench.ask(client, requests.StopPositions(), place(3))) == []


def test_positions_are_followed_by_every_client_that_asked_whoever_traded() -> None:
    bench = Bench()
    watcher, stranger = bench.client(2), bench.client(3)
    bench.ask(watcher, requests.AskPositions())
    bench.ask(bench.client(1), place(1))
    assert _positions(watcher.heard)[-1:] == [(Decimal(100_000), Decimal("1.2602"))]
    assert _positions(stranger.heard) == []


def test_a_change_that_no_order_explains_is_followed_too() -> None:
    bench = Bench(faults=(ForeignHolding(_after(5), PAIR, Decimal(5_000), Decimal("1.2600")),))
    client = bench.client()
    bench.ask(client, requests.AskPositions())
    bench.live_to(5)
    assert _positions(client.heard) == [(Decimal(5_000), Decimal("1.2600"))]


def test_positions_that_lag_are_told_when_they_catch_up() -> None:
    bench = Bench(faults=(HoldingsLag(lag_s=30.0),))
    client = bench.client()
    bench.ask(client, requests.AskPositions())
    assert _positions(bench.ask(client, place(1))) == []
    bench.live_to(31)
    assert _positions(client.heard) == [(Decimal(100_000), Decimal("1.2602"))]


def test_a_false_position_is_not_taken_back_unasked() -> None:
    bench = Bench(faults=(HoldingClaimed(pair=PAIR, quantity=Decimal(7_000), times=1),))
    client = bench.client()
    assert _positions(bench.ask(client, requests.AskPositions())) == [(Decimal(7_000), Decimal(0))]
    bench.live_to(5)
    assert len(_positions(client.heard)) == 1


def test_a_summary_holds_the_values_that_were_named_and_ends() -> None:
    bench = Bench()
    client = bench.client()
    asked = requests.AskAccountSummary(4, "All", ("NetLiquidation", "TotalCashValue", "Nonsense"))
    assert bench.ask(client, asked) == [
        replies.AccountSummary(4, ACCOUNT, "NetLiquidation", "100000", "USD"),
        replies.AccountSummary(4, ACCOUNT, "TotalCashValue", "100000", "USD"),
        replies.AccountSummaryEnd(4),
    ]


def test_account_updates_come_with_holdings_time_and_an_end() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1))
    bench.ask(client, requests.AskAccountUpdates(True, ACCOUNT))
    values = {value.key: value.value for value in client.of(replies.AccountValue)}
    assert values["AccountCode"] == ACCOUNT
    assert values["TotalCashValue"] == "99997.4796"
    (holding,) = client.of(replies.PortfolioValue)
    assert (holding.quantity, holding.average_cost) == (Decimal(100_000), Decimal("1.2602"))
    assert client.heard[-2:] == [replies.AccountUpdateTime("09:30"), replies.AccountDownloadEnd(ACCOUNT)]


def test_account_updates_follow_executions_without_a_second_end() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, requests.AskAccountUpdates(True, ACCOUNT))
    bench.ask(client, place(1))
    assert [holding.quantity for holding in client.of(replies.PortfolioValue)] == [Decimal(100_000)]
    assert "TotalCashValue" in {value.key for value in client.of(replies.AccountValue)}
    assert client.of(replies.AccountDownloadEnd) == []
    bench.ask(client, place(2, "SELL"))
    assert [holding.quantity for holding in client.of(replies.PortfolioValue)] == [Decimal(0)]
    bench.ask(client, requests.AskAccountUpdates(False, ACCOUNT), place(3))
    assert client.of(replies.PortfolioValue) == []


def test_numbered_account_updates_follow_executions_until_they_are_cancelled() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, requests.AskAccountUpdatesMulti(5, ACCOUNT, "", ledger_only=False))
    values = {value.key: value.value for value in client.of(replies.AccountValueMulti)}
    assert values["TotalCashValue"] == "100000"
    assert client.heard[-1] == replies.AccountValuesMultiEnd(5)
    bench.ask(client, place(1))
    assert ("TotalCashValue", 5) in {(value.key, value.request_id) for value in client.of(replies.AccountValueMulti)}
    assert client.of(replies.AccountValuesMultiEnd) == []
    bench.ask(client, requests.StopAccountUpdatesMulti(5), place(2, "SELL"))
    assert client.of(replies.AccountValueMulti) == []


def test_an_account_that_is_not_kept_is_refused() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, requests.AskContractDetails(4, CABLE))
    security = client.of(replies.ContractDetails)[0].security
    bench.ask(
        client, requests.AskAccountUpdates(True, "DU9"), requests.AskProfit(5, "DU9"),
        requests.AskProfitOfOne(6, "DU9", security.contract_id),
        requests.AskAccountUpdatesMulti(7, "DU9", "", ledger_only=False),
    )  # fmt: skip
    assert [(error.request_id, error.code) for error in client.of(replies.ErrorReply)] == [
        (-1, 321), (5, 321), (6, 321), (7, 321),
    ]  # fmt: skip


def test_profit_is_told_when_it_changes() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26100"))
    client = bench.client()
    bench.ask(client, place(1))
    assert bench.ask(client, requests.AskProfit(4, ACCOUNT)) == [
        replies.Profit(4, Decimal("-20.00000"), Decimal("-20.00000"), Decimal(0))
    ]
    client.take()
    bench.live_to(4)
    assert client.heard == []
    bench.live_to(5)
    assert [reply.unrealised for reply in client.of(replies.Profit)] == [Decimal(80)]
    bench.ask(client, requests.StopProfit(4), place(2, "SELL"))
    assert client.of(replies.Profit) == []


def test_profit_of_one_contract_names_its_quantity_and_an_unknown_one_is_refused() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1), requests.AskContractDetails(4, CABLE))
    number = client.of(replies.ContractDetails)[0].security.contract_id
    bench.ask(client, requests.AskProfitOfOne(5, ACCOUNT, number), requests.AskProfitOfOne(6, ACCOUNT, 1))
    assert [reply.quantity for reply in client.of(replies.ProfitOfOne)] == [Decimal(100_000)]
    assert client.codes(6) == [200]
    assert client.of(replies.Profit) == []


# --- prices ------------------------------------------------------------------------------------------------------


def _ticks(said: list[replies.Reply]) -> list[Decimal]:
    return [one.price for one in said if isinstance(one, replies.TickPrice)]


def test_prices_are_streamed_as_they_change() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26100"))
    client = bench.client()
    assert _ticks(bench.ask(client, requests.AskPrices(4, CABLE))) == [Decimal("1.26000"), Decimal("1.2602")]
    client.take()
    bench.gateway.advance()
    assert client.heard == []
    bench.live_to(5)
    assert _ticks(client.heard) == [Decimal("1.26100"), Decimal("1.2612")]
    bench.ask(client, requests.StopPrices(4))
    bench.live_to(6)
    assert client.heard == []


def test_a_snapshot_ends_and_is_not_followed() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26100"))
    client = bench.client()
    said = bench.ask(client, requests.AskPrices(4, CABLE, is_snapshot=True))
    assert len(_ticks(said)) == 2
    assert said[-1] == replies.SnapshotEnd(4)
    client.take()
    bench.live_to(5)
    assert client.heard == []


def test_a_snapshot_without_a_price_has_no_end() -> None:
    bench = Bench(faults=(QueryUnanswered(query=Query.QUOTE),))
    said = bench.ask(bench.client(), requests.AskPrices(4, CABLE, is_snapshot=True))
    assert _ticks(said) == []
    assert replies.SnapshotEnd(4) not in said


def test_frozen_prices_stand_still_and_the_farm_is_told_of() -> None:
    bench = Bench(
        (0, "1.26000"), (5, "1.26100"), (9, "1.26200"),
        faults=(PricesFreeze(pair=PAIR, begins_at=_after(2), until=_after(8)),),
    )  # fmt: skip
    client = bench.client()
    bench.live_to(2)
    bench.ask(client, requests.AskPrices(4, CABLE))
    client.take()
    bench.live_to(7)
    assert _ticks(client.heard) == []
    bench.live_to(9)
    assert _ticks(client.heard)[-2:] == [Decimal("1.26200"), Decimal("1.2622")]
    assert client.codes(-1) == [2104]


@pytest.mark.parametrize(("is_kept", "code", "ticks"), [(False, 1101, 0), (True, 1102, 2)])
def test_subscriptions_outlive_an_outage_only_where_data_was_kept(is_kept: bool, code: int, ticks: int) -> None:
    bench = Bench((0, "1.26000"), (5, "1.26100"), faults=(LineOutage(_after(1), 2.0, data_kept=is_kept),))
    client = bench.client()
    bench.ask(client, requests.AskPrices(4, CABLE), requests.AskPositions(), requests.AskProfit(5, ACCOUNT))
    bench.live_to(3)
    assert client.codes(-1) == [1100, code]
    client.take()
    bench.live_to(5)
    assert len(_ticks(client.heard)) == ticks
    bench.ask(client, place(1))
    assert bool(_positions(client.heard)) is bool(client.of(replies.Profit)) is is_kept


def test_a_ticker_is_used_once_and_known_when_it_is_cancelled() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, requests.AskPrices(4, CABLE), requests.AskPrices(4, CABLE))
    assert client.codes(4) == [322]
    bench.ask(client, requests.StopPrices(9))
    assert client.codes(9) == [300]


def test_prices_of_an_unknown_contract_are_refused() -> None:
    client = (bench := Bench()).client()
    bench.ask(client, requests.AskPrices(4, requests.ContractFields(symbol="XXX")))
    assert client.codes(4) == [200]


# --- contracts, time, and the rest -------------------------------------------------------------------------------


def test_contract_details_name_number_grid_and_rule_and_the_number_finds_it_again() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, requests.AskContractDetails(4, CABLE))
    security = client.of(replies.ContractDetails)[0].security
    assert (security.local_symbol, security.minimum_tick) == ("GBP.USD", Decimal("0.00005"))
    by_number = requests.AskContractDetails(5, requests.ContractFields(contract_id=security.contract_id))
    assert bench.ask(client, by_number) == [replies.ContractDetails(5, security), replies.ContractDetailsEnd(5)]
    assert bench.ask(client, requests.AskMarketRule(security.market_rule_id)) == [
        replies.MarketRule(security.market_rule_id, ((Decimal(0), Decimal("0.00005")),))
    ]


def test_an_unknown_contract_has_no_details() -> None:
    client = (bench := Bench()).client()
    bench.ask(client, requests.AskContractDetails(4, requests.ContractFields(symbol="XXX")))
    assert client.codes(4) == [200]
    assert client.of(replies.ContractDetailsEnd) == []


def test_the_time_is_the_brokers_own() -> None:
    bench = Bench(faults=(ClockSkew(skew_s=90.0),))
    assert bench.ask(bench.client(), requests.AskTime()) == [replies.CurrentTime(int(START.timestamp()) + 90)]


def test_what_is_not_simulated_says_so() -> None:
    client = (bench := Bench()).client()
    bench.ask(client, requests.NotSimulated("reqHistoricalData", 4))
    assert client.codes(4) == [10000]
    assert "reqHistoricalData" in client.of(replies.ErrorReply)[0].text


def test_an_unknown_outcome_of_a_bracket_can_be_read_from_the_books() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26300"))
    first = bench.client()
    bench.ask(first, *bracket())
    bench.gateway.left(first.client)
    bench.live_to(5)
    second = bench.client()
    bench.ask(
        second, requests.AskOpenOrders(of_all=True), requests.AskCompletedOrders(api_only=False),
        requests.AskExecutions(4, ALL),
    )  # fmt: skip
    ended = {reply.order.reference: reply.order.status for reply in second.of(replies.CompletedOrder)}
    assert ended == {"ref-1": "Filled", "ref-2": "Filled", "ref-3": "Cancelled"}
    assert [reply.reference for reply in second.of(replies.ExecutionDetails)] == ["ref-1", "ref-2"]
