"""Clients that ask for anything in any order: the gateway never fails, and its books agree with what it said."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire import replies, requests
from tests.adapters.gateway.bench import ACCOUNT, CABLE, Bench, Recorder

IDS = st.integers(-1, 6)
ODD_NUMBERS = st.none() | st.sampled_from(
    [Decimal(text) for text in ("0", "-1", "-0", "40500", "1.26001", "1E300", "1E-300", "Infinity", f"1.{'3' * 40}")]
)
QUANTITIES = st.sampled_from([Decimal(100_000)] * 4 + [Decimal(40_000), Decimal(1_000)])
PRICES = st.sampled_from([Decimal(text) for text in ("1.24000", "1.25000", "1.25500", "1.26000", "1.27000", "1.28000")])
CONTRACTS = st.sampled_from([CABLE] * 8 + [requests.ContractFields(), requests.ContractFields(symbol="XXX")])
TYPES = ["LMT", "LMT", "LMT", "STP", "MKT"]


def _orders(**odd: st.SearchStrategy[Any]) -> st.SearchStrategy[requests.OrderFields]:
    """Orders that can be traded, but for what is odd about them."""
    usual: dict[str, st.SearchStrategy[Any]] = {
        "action": st.sampled_from(["BUY", "BUY", "SELL"]), "quantity": QUANTITIES, "order_type": st.sampled_from(TYPES),
        "limit_price": PRICES, "auxiliary_price": PRICES, "time_in_force": st.sampled_from(["", "DAY", "GTC", "IOC"]),
        "oca_group": st.sampled_from(["", "", "", "a", "parent-1"]), "account": st.sampled_from(["", ACCOUNT]),
        "reference": st.sampled_from(["", "r1", "r2", "\u00e9"]), "transmit": st.sampled_from([True, True, False]),
        "parent_id": st.sampled_from([0] * 8 + [1, 2, 9]),
    }  # fmt: skip
    return st.builds(requests.OrderFields, **{**usual, **odd})


ORDERS = st.one_of(
    _orders(),
    _orders(),
    _orders(),
    _orders(quantity=ODD_NUMBERS),
    _orders(limit_price=ODD_NUMBERS, auxiliary_price=ODD_NUMBERS),
    _orders(
        action=st.sampled_from(["SSHORT", ""]), order_type=st.sampled_from(["TRAIL", "MKT"]), parent_id=IDS,
        time_in_force=st.sampled_from(["GTD", "DAY"]), account=st.just("DU1") | st.just(""), what_if=st.booleans(),
    ),
)  # fmt: skip
FILTERS = st.builds(
    requests.ExecutionFilter,
    client_id=st.integers(0, 3),
    since=st.sampled_from(["", "20260302 09:30:00", "20260302-14:30:00", "00010101 00:00:00 Asia/Tokyo", "x y z", "-"]),
    side=st.sampled_from(["", "BUY", "SLD"]),
)
PLACED = st.builds(requests.PlaceOrder, order_id=IDS, contract=CONTRACTS, order=ORDERS)
OTHERS: st.SearchStrategy[requests.Request] = st.one_of(
    st.builds(requests.CancelOrder, IDS),
    st.just(requests.CancelAllOrders()),
    st.builds(requests.AskOpenOrders, of_all=st.booleans()),
    st.builds(requests.AskAutoOpenOrders, bind=st.booleans()),
    st.builds(requests.AskCompletedOrders, api_only=st.booleans()),
    st.builds(requests.AskExecutions, IDS, FILTERS),
    st.just(requests.AskPositions()),
    st.just(requests.StopPositions()),
    st.builds(requests.AskAccountUpdates, st.booleans(), st.sampled_from(["", ACCOUNT, "DU1"])),
    st.builds(
        requests.AskAccountUpdatesMulti,
        IDS,
        st.sampled_from(["", ACCOUNT, "DU1"]),
        st.just(""),
        ledger_only=st.booleans(),
    ),
    st.builds(requests.StopAccountUpdatesMulti, IDS),
    st.builds(requests.AskAccountSummary, IDS, st.just("All"), st.just(("NetLiquidation", "BuyingPower"))),
    st.builds(requests.AskProfit, IDS, st.sampled_from([ACCOUNT, "DU1"])),
    st.builds(requests.StopProfit, IDS),
    st.builds(requests.AskProfitOfOne, IDS, st.just(ACCOUNT), st.integers(0, 2)),
    st.builds(requests.AskPrices, IDS, CONTRACTS, is_snapshot=st.booleans()),
    st.builds(requests.StopPrices, IDS),
    st.builds(requests.AskContractDetails, IDS, CONTRACTS),
    st.builds(requests.AskMarketRule, st.integers(0, 2000)),
    st.sampled_from([requests.AskTime(), requests.AskIds(), requests.AskAccounts()]),
    st.builds(requests.StartApi, st.integers(0, 3)),
    st.builds(requests.NotSimulated, st.just("reqNews"), IDS),
)
CLIENTS = st.sampled_from([1, 1, 1, 2, 2, 3, 0])
STEPS = st.lists(
    st.one_of(
        st.tuples(CLIENTS, PLACED), st.tuples(CLIENTS, PLACED), st.tuples(CLIENTS, PLACED),
        st.tuples(CLIENTS, OTHERS), st.tuples(st.just(0), st.integers(1, 5)),
    ),
    min_size=5, max_size=40,
)  # fmt: skip
QUOTES = tuple(
    (3 * number, bid) for number, bid in enumerate(("1.26000", "1.24000", "1.25500", "1.27500", "1.26500") * 8)
)


def _live_through(steps: list[tuple[int, requests.Request | int]]) -> tuple[Bench, list[Recorder]]:
    """Requests of clients 0 to 3, and seconds that pass between them."""
    bench = Bench(*QUOTES)
    clients = [bench.client(number) for number in range(4)]
    second = 0
    for number, step in steps:
        if isinstance(step, int):
            second += step
            bench.live_to(second)
        else:
            bench.gateway.handle(clients[number].client, step)
    return bench, clients


@given(STEPS)
def test_whatever_clients_ask_the_books_agree_with_what_was_said(
    steps: list[tuple[int, requests.Request | int]],
) -> None:
    bench, clients = _live_through(steps)

    placed = Counter((number, step.order_id) for number, step in steps if isinstance(step, requests.PlaceOrder))
    received = Counter((row["client_id"], row["session_order_id"]) for row in bench.ledger("ORDER_RECEIVED"))
    assert all(count == 1 and placed[name] >= 1 for name, count in received.items())  # type: ignore[index]
    assert not bench.ledger("EXTERNAL_ORDER")

    told = {
        number: [one.execution_id for one in client.of(replies.ExecutionDetails) if one.request_id == -1]
        for number, client in enumerate(clients)
    }
    book = bench.engine.world.book
    for number, client in enumerate(clients):
        asked = bench.ask(client, requests.AskExecutions(9, requests.ExecutionFilter(client_id=number)))
        found = [one for one in asked if isinstance(one, replies.ExecutionDetails)]
        assert [one.execution_id for one in found if one.client_id == number] == told[number]
        bench.ask(client, requests.AskOpenOrders(of_all=True))
        shown = [(reply.order.client_id, reply.order.order_id) for reply in client.of(replies.OpenOrder)]
        live = [(order.request.client_id, order.request.session_order_id) for order in book.live.values()]
        assert shown == live

    for order in (*book.live.values(), *book.completed.values()):
        assert order.filled <= order.request.quantity
    net = sum((one.signed_quantity for one in book.executions()), Decimal(0))
    assert bench.engine.ledger.holdings().get("GBPUSD", Decimal(0)) == net


@given(STEPS)
def test_whatever_was_at_work_a_global_cancel_ends_all_of_it(steps: list[tuple[int, requests.Request | int]]) -> None:
    bench, clients = _live_through(steps)
    bench.ask(clients[1], requests.CancelAllOrders())
    assert not bench.engine.world.book.live
    assert 10148 not in clients[1].codes()
