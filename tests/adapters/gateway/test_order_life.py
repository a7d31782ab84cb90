"""What TWS says of an order while it lives, and in which order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.simulation.faults import (
    EVERY_ORDER,
    ForeignOrder,
    LineOutage,
    NoticeSent,
    Which,
    blank_reference,
    bust,
    claim_fill,
    commission_first,
    correct,
    delay,
    execution_first,
    fill_after_cancel,
    never_fill,
    notice,
    partial,
    repeat,
)
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT
from phoenix.domain.vocabulary import LegRole
from tests.adapters.gateway.bench import PAIR, RATE, START, Bench, bracket, place
from tests.adapters.simulation.bench import order

ENTRY = Which(role=LegRole.ENTRY)
TARGET = Which(role=LegRole.TAKE_PROFIT)
OF_A_FILL = [
    "open PreSubmitted", "status PreSubmitted", "execution", "open Filled", "status Filled", "commission",
]  # fmt: skip


def test_a_market_order_is_accepted_executed_filled_and_charged_in_this_order() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1))
    assert client.tags() == OF_A_FILL


def test_each_status_states_what_was_filled_by_then() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1))
    first, last = client.of(replies.OrderStatus)
    nothing = Decimal(0)
    assert (first.filled, first.remaining, first.average_fill_price) == (nothing, Decimal(100_000), nothing)
    assert (last.filled, last.remaining, last.average_fill_price) == (Decimal(100_000), nothing, Decimal("1.2602"))
    assert first.permanent_id == last.permanent_id != 0


def test_an_execution_names_the_order_and_adds_up() -> None:
    bench = Bench(faults=(partial(EVERY_ORDER, Decimal("0.4"), remainder_after_s=5.0),))
    client = bench.client()
    bench.ask(client, place(1))
    bench.live_to(5)
    first, second = client.of(replies.ExecutionDetails)
    assert (first.request_id, first.order_id, first.client_id, first.reference) == (-1, 1, 1, "ref-1")
    assert (first.side, first.price, first.security.symbol) == ("BOT", Decimal("1.2602"), "GBP")
    assert [one.quantity for one in (first, second)] == [Decimal(40_000), Decimal(60_000)]
    assert [one.cumulative_quantity for one in (first, second)] == [Decimal(40_000), Decimal(100_000)]
    assert first.execution_id != second.execution_id


def test_a_resting_order_is_submitted() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, kind="LMT", price="1.25000"))
    assert client.tags() == ["open Submitted", "status Submitted"]


def test_a_market_order_that_does_not_fill_is_submitted() -> None:
    bench = Bench(faults=(never_fill(EVERY_ORDER),))
    client = bench.client()
    bench.ask(client, place(1))
    assert client.tags() == ["open Submitted", "status Submitted"]


def test_children_wait_and_say_what_for() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, *bracket(kind="LMT", price="1.25000"))
    held = {status.order_id: (status.status, status.why_held) for status in client.of(replies.OrderStatus)}
    assert held == {1: ("Submitted", ""), 2: ("PreSubmitted", "child"), 3: ("PreSubmitted", "child,trigger")}


def test_children_come_back_in_a_group_named_after_their_parent() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, *bracket(kind="LMT", price="1.25000"))
    views = {reply.order.order_id: reply.order for reply in client.of(replies.OpenOrder)}
    parent = views[1]
    assert parent.oca_group == ""
    assert parent.oca_type == 0
    assert parent.parent_id == 0
    for child in (views[2], views[3]):
        assert (child.oca_group, child.oca_type) == (str(parent.permanent_id), 3)
        assert (child.parent_id, child.parent_permanent_id) == (1, parent.permanent_id)


def test_once_the_parent_filled_the_stop_waits_for_its_price_only() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, *bracket())
    last = {status.order_id: (status.status, status.why_held) for status in client.of(replies.OrderStatus)}
    assert last == {1: ("Filled", ""), 2: ("Submitted", ""), 3: ("PreSubmitted", "trigger")}


def test_a_filled_target_cancels_the_stop() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26300"))
    client = bench.client()
    bench.ask(client, *bracket())
    client.take()
    bench.live_to(5)
    assert client.tags(2)[:3] == ["execution", "open Filled", "status Filled"]
    assert [tag for tag in client.tags(3) if tag != "commission"] == ["status Cancelled", "error 202"]


def test_a_part_filled_target_shrinks_the_stop() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26300"), faults=(partial(TARGET, Decimal("0.4")),))
    client = bench.client()
    bench.ask(client, *bracket())
    client.take()
    bench.live_to(5)
    stop = [reply.order for reply in client.of(replies.OpenOrder) if reply.order.order_id == 3][-1]
    status = [reply for reply in client.of(replies.OrderStatus) if reply.order_id == 3][-1]
    assert (stop.quantity, status.filled, status.remaining) == (Decimal(60_000), Decimal(0), Decimal(60_000))


def test_the_children_of_a_part_filled_parent_are_for_what_it_filled() -> None:
    bench = Bench(faults=(partial(ENTRY, Decimal("0.4")),))
    client = bench.client()
    bench.ask(client, *bracket())
    bench.ask(client, requests.CancelOrder(1))
    views = {reply.order.order_id: reply.order for reply in client.of(replies.OpenOrder)}
    remaining = {reply.order_id: reply.remaining for reply in client.of(replies.OrderStatus)}
    assert views[2].quantity == views[3].quantity == remaining[2] == remaining[3] == Decimal(40_000)


def test_an_amendment_to_the_quantity_that_is_shown_keeps_a_shrunk_stop_as_it_is() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26300"), faults=(partial(TARGET, Decimal("0.4")),))
    client = bench.client()
    bench.ask(client, *bracket())
    bench.live_to(5)
    bench.ask(client, place(3, "SELL", "STP", price="1.25950", quantity="60000", parent_id=1))
    assert [reply.remaining for reply in client.of(replies.OrderStatus)] == [Decimal(60_000)]
    assert [reply.order.auxiliary_price for reply in client.of(replies.OpenOrder)] == [Decimal("1.25950")]


def test_a_cancelled_parent_takes_its_children_with_it() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, *bracket(kind="LMT", price="1.25000"))
    bench.ask(client, requests.CancelOrder(1))
    for order_id in (1, 2, 3):
        assert client.tags(order_id) == ["status Cancelled", "error 202"]


# --- what may go wrong on the way --------------------------------------------------------------------------------


def test_an_execution_may_come_before_its_order() -> None:
    bench = Bench(faults=(execution_first(EVERY_ORDER),))
    client = bench.client()
    bench.ask(client, place(1))
    assert client.tags()[0] == "execution"
    assert client.tags()[-1] == "commission"


def test_a_commission_may_come_before_its_execution() -> None:
    bench = Bench(faults=(commission_first(EVERY_ORDER),))
    client = bench.client()
    bench.ask(client, place(1))
    assert [tag for tag in client.tags() if tag in ("execution", "commission")] == ["commission", "execution"]


def test_statuses_and_executions_may_be_repeated() -> None:
    bench = Bench(faults=(repeat(EVERY_ORDER, executions=2, statuses=3),))
    client = bench.client()
    bench.ask(client, place(1))
    assert (client.tags().count("execution"), client.tags().count("status Filled")) == (2, 3)


def test_a_correction_repeats_the_stem_and_is_charged_for_what_it_is() -> None:
    bench = Bench(faults=(correct(EVERY_ORDER, 5.0, quantity=Decimal(90_000)),))
    client = bench.client()
    bench.ask(client, place(1))
    first = client.of(replies.ExecutionDetails)[0]
    client.take()
    bench.live_to(5)
    assert client.tags() == ["execution", "commission"]
    second, charge = client.of(replies.ExecutionDetails)[0], client.of(replies.Commission)[0]
    assert second.execution_id == first.execution_id[:-2] + "02" == charge.execution_id
    assert (second.quantity, charge.amount) == (Decimal(90_000), Decimal(90_000) * Decimal("1.2602") * RATE)
    assert bench.engine.world.account.commissions == charge.amount


def test_a_bust_is_told_with_nothing_and_costs_nothing() -> None:
    bench = Bench(faults=(bust(EVERY_ORDER, 5.0),))
    client = bench.client()
    bench.ask(client, place(1))
    client.take()
    bench.live_to(5)
    assert [reply.quantity for reply in client.of(replies.ExecutionDetails)] == [Decimal(0)]
    assert client.of(replies.Commission) == []
    assert bench.engine.world.account.commissions == Decimal(0)


def test_an_execution_may_follow_a_cancel() -> None:
    bench = Bench(faults=(fill_after_cancel(EVERY_ORDER, 5.0),))
    client = bench.client()
    bench.ask(client, place(1, kind="LMT", price="1.25000"), requests.CancelOrder(1))
    client.take()
    bench.live_to(5)
    assert client.tags() == ["execution", "commission"]


def test_a_status_may_claim_more_than_was_filled() -> None:
    bench = Bench(faults=(claim_fill(EVERY_ORDER, Decimal("1.5")),))
    client = bench.client()
    bench.ask(client, place(1))
    assert client.of(replies.OrderStatus)[-1].filled == Decimal(150_000)


def test_a_reference_may_be_missing_on_executions() -> None:
    bench = Bench(faults=(blank_reference(EVERY_ORDER, on_orders=False, on_executions=True),))
    client = bench.client()
    bench.ask(client, place(1))
    assert [reply.reference for reply in client.of(replies.ExecutionDetails)] == [""]
    assert {reply.order.reference for reply in client.of(replies.OpenOrder)} == {"ref-1"}


def test_what_is_held_back_is_told_later_as_it_was() -> None:
    bench = Bench(faults=(delay(EVERY_ORDER, 5.0),))
    client = bench.client()
    assert bench.ask(client, place(1)) == []
    bench.live_to(5)
    assert client.tags() == OF_A_FILL


def test_a_remark_comes_with_the_order_it_is_about() -> None:
    bench = Bench(faults=(notice(EVERY_ORDER, 399, "held until the open"),))
    client = bench.client()
    bench.ask(client, place(1, kind="LMT", price="1.25000"))
    assert client.codes(1) == [399]
    assert bench.order(1).is_live


def test_a_notice_about_a_reference_names_the_order_of_that_reference() -> None:
    bench = Bench(faults=(NoticeSent(START + timedelta(seconds=5), 404, "held for a locate", "ref-7"),))
    first, second = bench.client(1), bench.client(2)
    bench.ask(first, place(7, kind="LMT", price="1.25000"))
    bench.live_to(5)
    assert first.codes(7) == [404]
    assert second.codes() == []


# --- who hears what ----------------------------------------------------------------------------------------------


def test_only_the_client_that_placed_an_order_hears_of_it() -> None:
    bench = Bench()
    others = [bench.client(number) for number in (0, 2)]
    bench.ask(bench.client(1), *bracket())
    assert [other.heard for other in others] == [[], []]


def test_client_0_hears_of_orders_entered_by_hand_and_nobody_else_does() -> None:
    by_hand = order(client_id=FOREIGN_CLIENT, session_order_id=5, reference=None)
    bench = Bench(faults=(ForeignOrder(START + timedelta(seconds=5), by_hand),))
    manual, other = bench.client(0), bench.client(1)
    bench.live_to(5)
    assert manual.tags(0)[2:] == OF_A_FILL[2:]
    assert other.heard == []
    assert {reply.client_id for reply in manual.of(replies.OrderStatus)} == {0}


def test_everybody_hears_of_the_line() -> None:
    bench = Bench(faults=(LineOutage(START + timedelta(seconds=1), 2.0),))
    clients = [bench.client(number) for number in (1, 2)]
    bench.live_to(3)
    assert [client.codes(-1) for client in clients] == [[1100, 1102], [1100, 1102]]


def test_what_happens_while_the_line_is_down_is_not_told_but_can_be_asked_for() -> None:
    bench = Bench((0, "1.26000"), (2, "1.24000"), faults=(LineOutage(START + timedelta(seconds=1), 2.0),))
    client = bench.client()
    bench.ask(client, place(1, kind="LMT", price="1.25000"))
    client.take()
    bench.live_to(3)
    assert client.codes(-1) == [1100, 1102]
    assert client.tags(1) == []
    bench.ask(client, requests.AskExecutions(4, requests.ExecutionFilter(symbol=PAIR[:3])))
    assert [reply.order_id for reply in client.of(replies.ExecutionDetails)] == [1]
