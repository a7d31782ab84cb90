"""Clients that ask for anything in any order: the gateway never fails, and its books agree with what it said."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire import replies, requests
from tests.adapters.gateway.bench import ACCOUNT, CABLE, Bench, Recorder

IDS = st.integers(-1, 6)
NUMBERS = st.none() | st.sampled_from(
    [Decimal(text) for text in ("0", "1000", "100000", "40500", "1.25000", "1.26000", "1.26010", "1.27000", "1.26001")]
    + [Decimal(text) for text in ("-1", "1E300", "1E-300", "Infinity", "-0", "1.234567890123456789012345678901234567")]
)
CONTRACTS = st.sampled_from([CABLE, CABLE, CABLE, requests.ContractFields(), requests.ContractFields(symbol="XXX")])
ORDERS = st.builds(
    requests.OrderFields,
    action=st.sampled_from(["BUY", "SELL", "SSHORT", ""]),
    quantity=st.just(Decimal(100_000)) | NUMBERS,
    order_type=st.sampled_from(["MKT", "LMT", "STP", "TRAIL"]),
    limit_price=NUMBERS,
    auxiliary_price=NUMBERS,
    time_in_force=st.sampled_from(["", "DAY", "GTC", "IOC", "GTD"]),
    oca_group=st.sampled_from(["", "", "a", "parent-1"]),
    account=st.sampled_from(["", ACCOUNT, "DU1"]),
    reference=st.sampled_from(["", "r1", "r2", "\u00e9"]),
    transmit=st.booleans(),
    parent_id=st.just(0) | IDS,
    what_if=st.sampled_from([False] * 9 + [True]),
)
FILTERS = st.builds(
    requests.ExecutionFilter,
    client_id=st.integers(0, 3),
    since=st.sampled_from(["", "20260302 09:30:00", "20260302-14:30:00", "00010101 00:00:00 Asia/Tokyo", "x y z", "-"]),
    side=st.sampled_from(["", "BUY", "SLD"]),
)
REQUESTS: st.SearchStrategy[requests.Request] = st.one_of(
    st.builds(requests.PlaceOrder, order_id=IDS, contract=CONTRACTS, order=ORDERS),
    st.builds(requests.PlaceOrder, order_id=IDS, contract=CONTRACTS, order=ORDERS),
    st.builds(requests.CancelOrder, IDS),
    st.just(requests.CancelAllOrders()),
    st.builds(requests.AskOpenOrders, of_all=st.booleans()),
    st.builds(requests.AskAutoOpenOrders, bind=st.booleans()),
    st.builds(requests.AskCompletedOrders, api_only=st.booleans()),
    st.builds(requests.AskExecutions, IDS, FILTERS),
    st.just(requests.AskPositions()),
    st.just(requests.StopPositions()),
    st.builds(requests.AskAccountUpdates, st.booleans(), st.sampled_from(["", ACCOUNT, "DU1"])),
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
STEPS = st.lists(st.tuples(st.integers(0, 3), REQUESTS | st.integers(1, 5)), max_size=40)
QUOTES = tuple((second, f"1.2{5 + second * 7 % 3}000") for second in range(0, 60, 3))


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
