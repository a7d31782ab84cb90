"""Orders: held back and released, taken in, refused, amended and cancelled."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.simulation.faults import (
    EVERY_ORDER,
    LineOutage,
    NoticeSent,
    Which,
    partial,
    refuse_cancel,
    reject,
    slow,
)
from phoenix.domain.vocabulary import LegRole, OrderStatus
from tests.adapters.gateway.bench import START, Bench, bracket, place

LIMIT: dict[str, Any] = {"kind": "LMT", "price": "1.25000"}


# --- holding back and releasing --------------------------------------------------------------------------------------


def test_an_order_that_is_not_transmitted_is_not_heard_of() -> None:
    bench = Bench()
    client = bench.client()
    assert bench.ask(client, *bracket()[:2]) == []
    assert not bench.ledger("ORDER_RECEIVED")


def test_the_last_leg_releases_the_whole_group_parent_first() -> None:
    bench = Bench()
    client = bench.client()
    entry, target, stop = bracket()
    bench.ask(client, target, entry, stop)
    assert [row["session_order_id"] for row in bench.ledger("ORDER_RECEIVED")] == [1, 2, 3]


def test_other_orders_that_are_held_back_stay_so() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(9, transmit=False), *bracket())
    assert set(client.client.untransmitted) == {9}


def test_a_lone_order_releases_no_other() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, transmit=False), place(2, transmit=False), place(3))
    assert [row["session_order_id"] for row in bench.ledger("ORDER_RECEIVED")] == [3]


def test_an_order_held_back_is_replaced_under_its_own_id() -> None:
    bench = Bench()
    bench.ask(bench.client(), place(1, transmit=False), place(1, quantity="50000"))
    assert [row["quantity"] for row in bench.ledger("ORDER_RECEIVED")] == [Decimal(50_000)]


def test_a_child_without_its_parent_is_refused() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(2, "SELL", "STP", price="1.25900", parent_id=1))
    assert client.codes(2) == [135]


def test_children_may_come_after_their_parent() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, place(2, "SELL", "STP", price="1.24900", parent_id=1))
    assert client.tags(2) == ["open PreSubmitted", "status PreSubmitted"]


def test_a_pair_of_one_cancels_all_orders_needs_no_parent() -> None:
    bench = Bench((0, "1.26000"), (5, "1.26300"))
    client = bench.client()
    bench.ask(client, place(1, "SELL", "LMT", price="1.26200", oca_group="pair"))
    bench.ask(client, place(2, "SELL", "STP", price="1.25900", oca_group="pair"))
    client.take()
    bench.live_to(5)
    assert client.tags(1)[-2:] == ["status Filled", "commission"]
    assert [tag for tag in client.tags(2) if tag != "commission"] == ["status Cancelled", "error 202"]
    assert bench.order(2).status is OrderStatus.CANCELLED


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"e_trade_only": True}, 10268),
        ({"firm_quote_only": True}, 10269),
        ({"what_if": True}, 321),
        ({"contract": requests.ContractFields(symbol="EUR", security_type="CASH")}, 200),
        ({"contract": requests.ContractFields()}, 200),
        ({"action": "HOLD"}, 321),
        ({"kind": "TRAIL"}, 387),
        ({"time_in_force": "GTD"}, 111),
        ({"quantity": "0"}, 107),
        ({"quantity": "-1000"}, 107),
        ({"account": "DU999"}, 321),
        ({"quantity": "Infinity"}, 321),
        ({"quantity": "1E300"}, 321),
        ({"kind": "LMT", "price": "1E-300"}, 321),
        ({"kind": "LMT", "price": "Infinity"}, 321),
    ],
)
def test_what_cannot_be_traded_is_refused_before_the_broker_sees_it(changes: dict[str, Any], code: int) -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **changes))
    assert client.tags() == [f"error {code}"]
    assert client.codes(1) == [code]
    assert not bench.ledger("ORDER_RECEIVED")


@pytest.mark.parametrize("order_id", [0, -1])
def test_an_order_id_is_above_zero(order_id: int) -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(order_id))
    assert client.codes(order_id) == [321]


def test_client_0_places_no_orders() -> None:
    bench = Bench()
    client = bench.client(0)
    bench.ask(client, place(1))
    assert client.codes(1) == [10000]
    assert not bench.ledger("EXTERNAL_ORDER")


def test_a_price_off_the_grid_is_refused_without_a_status() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, kind="LMT", price="1.25001"))
    assert client.tags() == ["error 110"]


def test_a_refusal_by_the_broker_comes_before_inactive() -> None:
    bench = Bench(faults=(reject(EVERY_ORDER),))
    client = bench.client()
    bench.ask(client, place(1))
    assert client.tags() == ["error 201", "open Inactive", "status Inactive"]


def test_without_a_time_in_force_the_preset_is_told_and_the_order_lives() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, time_in_force="", **LIMIT))
    assert client.codes(1) == [10349]
    assert bench.order(1).is_live
    assert bench.order(1).request.time_in_force.value == "DAY"


def test_the_preset_is_not_told_of_an_order_that_was_refused() -> None:
    bench = Bench(faults=(reject(EVERY_ORDER),))
    client = bench.client()
    bench.ask(client, place(1, time_in_force=""))
    assert client.codes(1) == [201]


def test_an_order_sent_while_the_line_is_down_is_lost_without_a_word() -> None:
    bench = Bench(faults=(LineOutage(START, 10.0),))
    client = bench.client()
    bench.live_to(1)
    assert bench.ask(client, place(1, time_in_force="")) == []
    assert not bench.ledger("ORDER_RECEIVED")


def test_a_read_only_gateway_takes_nothing() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.gateway.tricks.turn({"read_only": True})
    bench.ask(client, place(2), requests.CancelOrder(1), requests.CancelAllOrders())
    assert [(error.request_id, error.code) for error in client.of(replies.ErrorReply)] == [
        (2, 321), (1, 321), (-1, 321),
    ]  # fmt: skip
    assert all("Read-Only" in error.text for error in client.of(replies.ErrorReply))
    assert bench.order(1).is_live
    assert len(bench.ledger("ORDER_RECEIVED")) == 1


# --- the id of an order that there is -----------------------------------------------------------------------------


def test_the_id_of_an_order_that_ended_is_a_duplicate_and_reaches_no_broker() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1))
    bench.ask(client, place(1))
    assert client.tags() == ["error 103"]
    assert len(bench.ledger("ORDER_RECEIVED")) == 1


def test_the_id_of_a_live_order_amends_it() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, place(1, kind="LMT", price="1.25500", quantity="50000", time_in_force="DAY"))
    assert client.tags() == ["open Submitted", "status Submitted"]
    view = client.of(replies.OpenOrder)[0].order
    assert (view.quantity, view.limit_price, view.time_in_force) == (Decimal(50_000), Decimal("1.25500"), "DAY")
    assert len(bench.ledger("ORDER_RECEIVED")) == len(bench.ledger("AMENDED")) == 1


def test_an_amended_order_meets_the_price_that_stands() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, place(1, kind="LMT", price="1.27000"))
    assert client.tags()[-4:] == ["execution", "open Filled", "status Filled", "commission"]


@pytest.mark.parametrize(
    "changes", [{"action": "SELL"}, {"kind": "STP", "price": "1.27000"}, {"parent_id": 9}]
)  # fmt: skip
def test_an_amendment_of_another_order_is_refused_and_the_order_lives(changes: dict[str, Any]) -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, place(1, **{**LIMIT, **changes}))
    assert client.tags() == ["error 105"]
    assert bench.order(1).is_live
    assert bench.order(1).request.limit_price == Decimal("1.25000")


def test_an_amendment_to_less_than_is_filled_comes_too_late() -> None:
    bench = Bench(faults=(partial(EVERY_ORDER, Decimal("0.5")),))
    client = bench.client()
    bench.ask(client, place(1, kind="LMT", price="1.27000"))
    bench.ask(client, place(1, kind="LMT", price="1.27000", quantity="50000"))
    assert client.tags() == ["error 104"]
    assert bench.order(1).request.quantity == Decimal(100_000)


def test_an_order_whose_cancel_is_under_way_is_not_amended() -> None:
    bench = Bench(faults=(slow(EVERY_ORDER, 1.0),))
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.live_to(1)
    bench.ask(client, requests.CancelOrder(1), place(1, kind="LMT", price="1.25500"))
    assert client.codes(1) == [104]


def test_an_amendment_off_the_grid_is_refused_and_the_order_lives() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, place(1, kind="LMT", price="1.25001"))
    assert client.tags() == ["error 110"]
    assert bench.order(1).is_live


def test_another_client_with_the_same_id_has_an_order_of_its_own() -> None:
    bench = Bench()
    bench.ask(bench.client(1), place(1, **LIMIT))
    bench.ask(bench.client(2), place(1, kind="LMT", price="1.25500"))
    assert bench.order(1, 1).request.limit_price == Decimal("1.25000")
    assert len(bench.ledger("ORDER_RECEIVED")) == 2


# --- cancels -----------------------------------------------------------------------------------------------------


def test_a_cancel_is_told_by_status_and_then_202() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, requests.CancelOrder(1))
    assert client.tags(1) == ["status Cancelled", "error 202"]


def test_a_slow_cancel_is_pending_first() -> None:
    bench = Bench(faults=(slow(EVERY_ORDER, 1.0),))
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.live_to(1)
    bench.ask(client, requests.CancelOrder(1))
    assert client.tags(1) == ["open PendingCancel", "status PendingCancel"]
    bench.live_to(2)
    assert client.tags(1)[-2:] == ["status Cancelled", "error 202"]


def test_a_cancel_of_an_unknown_order_is_10147_for_who_asked() -> None:
    bench = Bench()
    first, second = bench.client(1), bench.client(2)
    bench.ask(second, place(5, **LIMIT))
    bench.ask(first, requests.CancelOrder(5))
    assert first.codes(5) == [10147]
    assert "5" in first.of(replies.ErrorReply)[0].text
    assert bench.order(5, 2).is_live
    assert second.codes() == []


def test_a_notice_that_falls_due_at_a_cancel_does_not_answer_it() -> None:
    bench = Bench(faults=(NoticeSent(START, 2109, "outside hours"),))
    client = bench.client()
    bench.ask(client, requests.CancelOrder(5))
    assert [(error.request_id, error.code) for error in client.of(replies.ErrorReply)] == [(5, 10147), (-1, 2109)]


def test_a_cancel_of_an_order_that_ended_is_10148_with_its_state() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, place(1))
    bench.ask(client, requests.CancelOrder(1))
    assert client.codes(1) == [10148]
    assert client.of(replies.ErrorReply)[0].text.endswith("state: Filled.")


def test_a_refused_cancel_is_161_and_the_order_lives() -> None:
    bench = Bench(faults=(refuse_cancel(EVERY_ORDER),))
    client = bench.client()
    bench.ask(client, place(1, **LIMIT))
    bench.ask(client, requests.CancelOrder(1))
    assert client.tags() == ["error 161"]
    assert client.codes(1) == [161]
    assert bench.order(1).is_live


def test_a_cancel_of_what_was_held_back_takes_its_children_with_it() -> None:
    bench = Bench()
    client = bench.client()
    bench.ask(client, *bracket()[:2])
    bench.ask(client, requests.CancelOrder(1))
    assert [(error.request_id, error.code) for error in client.of(replies.ErrorReply)] == [(1, 202), (2, 202)]
    assert not client.client.untransmitted


def test_a_global_cancel_ends_every_order_of_everybody_and_complains_of_none() -> None:
    bench = Bench()
    first, second = bench.client(1), bench.client(2)
    bench.ask(first, *bracket(kind="LMT", price="1.25000"))
    bench.ask(second, place(1, **LIMIT))
    bench.ask(second, requests.CancelAllOrders())
    assert not bench.engine.world.book.live
    assert first.codes(1) == first.codes(2) == first.codes(3) == [202]
    assert second.codes() == [202]


def test_a_global_cancel_ends_children_that_wait_for_a_part_filled_parent() -> None:
    bench = Bench(faults=(partial(Which(role=LegRole.ENTRY), Decimal("0.4")),))
    client = bench.client()
    bench.ask(client, *bracket())
    bench.ask(client, requests.CancelAllOrders())
    assert not bench.engine.world.book.live
    assert 10148 not in client.codes()


# --- many orders, and a connection that breaks -------------------------------------------------------------------


def test_the_connection_may_break_in_the_middle_of_a_bracket() -> None:
    bench = Bench()
    client = bench.client()
    bench.gateway.tricks.turn({"hang_up_after_orders": 2})
    bench.ask(client, *bracket())
    assert client.is_hung_up
    assert not bench.ledger("ORDER_RECEIVED")
    assert bench.gateway.tricks.hang_up_after_orders is None


def test_a_child_works_for_no_more_than_it_was_ordered_for() -> None:
    bench = Bench(
        (0, "1.26000"),
        (5, "1.26300"),
    )
    client = bench.client()
    bench.ask(
        client, place(1, transmit=False), place(2, "SELL", "LMT", price="1.26200", quantity="40000", parent_id=1)
    )  # fmt: skip
    bench.live_to(5)
    assert bench.order(2).filled == Decimal(40_000)
