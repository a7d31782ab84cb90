"""Orders from their receipt to their end, their children, and the groups in which one cancels the other."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from phoenix.adapters.simulation.faults import EVERY_ORDER, Which, never_fill, partial, reject
from phoenix.adapters.simulation.messages import Acknowledged, Cancelled, Executed, Notice, Rejected, StatusChanged
from phoenix.adapters.simulation.options import ChildrenStart
from phoenix.domain.instrument import Instrument
from phoenix.domain.vocabulary import LegRole, OrderStatus
from tests.adapters.simulation.bench import PAIR, Bench, bracket, minute, order, quotes

D = Decimal
ENTRY = Which(role=LegRole.ENTRY)


def calm() -> Bench:
    return Bench(quotes((0, "1.2600")))


def test_a_quoted_market_order_fills_at_once_on_the_quote_it_finds() -> None:
    bench = calm()
    bench.submit(order("BUY"))
    assert bench.fills() == [("ref-1", D("100000"), D("1.2602"), minute(0))]


def test_the_acknowledgement_comes_first_and_the_filled_status_after_its_execution() -> None:
    bench = calm()
    bench.submit(order("BUY"))
    assert [type(message) for message in bench.heard] == [Acknowledged, StatusChanged, Executed, StatusChanged]
    assert bench.said(StatusChanged)[-1].status is OrderStatus.FILLED


def test_children_are_held_until_the_parent_fills_and_work_then() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2570")))
    bench.submit(*bracket(kind="LIMIT", limit_price="1.2595", stop="1.2560"))
    assert [bench.status(number) for number in (1, 2, 3)] == [
        OrderStatus.WORKING,
        OrderStatus.HELD,
        OrderStatus.HELD,
    ]
    bench.run(1)
    assert [bench.status(number) for number in (1, 2, 3)] == [
        OrderStatus.FILLED,
        OrderStatus.WORKING,
        OrderStatus.WORKING,
    ]


def test_a_held_stop_does_not_execute_however_far_the_price_goes() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2700"), (2, "1.2800")))
    bench.submit(*bracket("BUY", kind="LIMIT", limit_price="1.2500", target="1.2620"))
    bench.run(5)
    assert bench.fills() == []


def test_a_filled_target_cancels_the_stop() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2621")))
    bench.submit(*bracket())
    bench.run(1)
    assert bench.fills()[1:] == [("1-T", D("100000"), D("1.2621"), minute(1))]
    assert bench.status(3) is OrderStatus.CANCELLED
    assert bench.net == 0


def test_a_part_filled_target_shrinks_the_stop() -> None:
    fault = partial(Which(role=LegRole.TAKE_PROFIT), D("0.3"))
    bench = Bench(quotes((0, "1.2600"), (1, "1.2621"), (2, "1.2580")), faults=[fault])
    bench.submit(*bracket())
    bench.run(1)
    assert bench.order(3).remaining == D("70000")
    bench.run(2)
    assert bench.fills()[-1] == ("1-S", D("70000"), D("1.2580"), minute(2))
    assert bench.net == 0
    assert not bench.engine.world.book.live


def test_a_pair_without_a_parent_cancels_one_by_the_other() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2580")))
    bench.submit(
        order("SELL", "LIMIT", limit_price="1.2620", oca_group="pair", reference="T"),
        order("SELL", "STOP", stop_price="1.2590", oca_group="pair", session_order_id=2, reference="S"),
    )
    bench.run(1)
    assert [fill[0] for fill in bench.fills()] == ["S"]
    assert bench.status(1) is OrderStatus.CANCELLED


def test_a_cancelled_parent_takes_its_held_children_along() -> None:
    bench = calm()
    bench.submit(*bracket(kind="LIMIT", limit_price="1.2500"))
    bench.cancel(1)
    assert [bench.status(number) for number in (1, 2, 3)] == [OrderStatus.CANCELLED] * 3
    assert len(bench.said(Cancelled)) == 3


def test_a_rejected_parent_takes_its_children_along() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=[reject(ENTRY)])
    bench.submit(*bracket())
    assert [message.ids.reference for message in bench.said(Rejected)] == ["1-E"]
    assert [bench.status(number) for number in (2, 3)] == [OrderStatus.CANCELLED] * 2


def test_children_of_a_part_filled_parent_wait_while_its_remainder_lives() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=[partial(ENTRY, D("0.5"))])
    bench.submit(*bracket())
    assert bench.net == D("50000")
    assert bench.status(3) is OrderStatus.HELD


def test_children_work_for_the_filled_quantity_once_the_remainder_is_cancelled() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2580")), faults=[partial(ENTRY, D("0.5"))])
    bench.submit(*bracket())
    bench.cancel(1)
    assert (bench.status(3), bench.order(3).remaining) == (OrderStatus.WORKING, D("50000"))
    bench.run(1)
    assert bench.fills()[-1] == ("1-S", D("50000"), D("1.2580"), minute(1))
    assert bench.net == 0


def test_the_switch_lets_children_start_at_the_first_fill_and_grow_with_the_next() -> None:
    bench = Bench(
        quotes((0, "1.2600"), (5, "1.2580")),
        faults=[partial(ENTRY, D("0.5"), remainder_after_s=60)],
        children_start=ChildrenStart.AT_FIRST_FILL,
    )
    bench.submit(*bracket())
    assert (bench.status(3), bench.order(3).remaining) == (OrderStatus.WORKING, D("50000"))
    bench.run(1)
    assert bench.order(3).remaining == D("100000")
    bench.run(5)
    assert (bench.net, bench.fills()[-1][1]) == (D(0), D("100000"))


def test_early_children_go_on_protecting_what_the_parent_fills_after_a_stop_out() -> None:
    bench = Bench(
        quotes((0, "1.2600"), (1, "1.2580"), (4, "1.2570")),
        faults=[partial(ENTRY, D("0.5"), remainder_after_s=120)],
        children_start=ChildrenStart.AT_FIRST_FILL,
    )
    bench.submit(*bracket())
    bench.run(9)
    assert [fill[:2] for fill in bench.fills()] == [
        ("1-E", D("50000")),
        ("1-S", D("50000")),
        ("1-E", D("50000")),
        ("1-S", D("50000")),
    ]
    assert bench.net == 0
    assert not bench.engine.world.book.live


def test_a_remainder_rests_until_it_is_cancelled() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2610")), faults=[partial(EVERY_ORDER, D("0.25"))])
    bench.submit(order("BUY"))
    bench.run(9)
    assert [fill[1] for fill in bench.fills()] == [D("25000")]
    bench.cancel(1, at=9)
    assert bench.said(Cancelled)[0].filled == D("25000")


def test_a_resting_order_that_cannot_fill_calls_for_no_prices() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2610")), faults=[never_fill(EVERY_ORDER)])
    bench.submit(order("BUY"))
    assert bench.engine.next_due() is None


def test_an_immediate_or_cancel_order_ends_with_what_it_got() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=[partial(EVERY_ORDER, D("0.25"))])
    bench.submit(order("BUY", time_in_force="IOC"))
    assert bench.net == D("25000")
    assert bench.status(1) is OrderStatus.CANCELLED


def test_a_day_order_expires_at_the_end_of_the_session_and_a_gtc_order_does_not() -> None:
    def session_end(pair: str, instant: datetime) -> datetime:
        return minute(60)

    bench = Bench(quotes((0, "1.2600"), (60, "1.2400")), session_end=session_end)
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500", time_in_force="DAY"))
    bench.submit(order("BUY", "LIMIT", limit_price="1.2450", session_order_id=2, reference="gtc"))
    bench.run(60)
    assert bench.status(1) is OrderStatus.CANCELLED
    assert bench.status(2) is OrderStatus.FILLED
    assert "EXPIRED" in [record.kind.value for record in bench.engine.ledger.records]


def test_a_cancel_of_an_ended_or_unknown_order_is_answered_by_a_notice() -> None:
    bench = calm()
    bench.submit(order("BUY"))
    bench.cancel(1)
    bench.cancel(99)
    assert [notice.code for notice in bench.said(Notice)] == [10148, 10147]
    assert "FILLED" in bench.said(Notice)[0].text


INSTRUMENT = Instrument(
    PAIR, "GBP", "CASH", "IDEALPRO", "USD", D("0.00005"), D("0.0001"), D("20000"), D("1000")
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "LIMIT", "limit_price": "1.26001"}, 110),
        ({"kind": "STOP", "stop_price": "1.26001"}, 110),
        ({"quantity": "20500"}, 321),
        ({"quantity": "19000"}, 321),
        ({"quantity": "-20000"}, 321),
        ({"kind": "LIMIT"}, 321),
        ({"limit_price": "1.26"}, 321),
        ({"pair": "EURUSD"}, 200),
        ({"parent_session_order_id": 77}, 135),
        ({"quantity": "5000000"}, 201),
    ],
)
def test_a_broker_refuses_what_it_cannot_take(changes: dict[str, str], code: int) -> None:
    bench = Bench(quotes((0, "1.2600")), instruments={PAIR: INSTRUMENT}, margin_rate=D("0.02"))
    bench.submit(order("BUY", **changes))
    assert [message.code for message in bench.said(Rejected)] == [code]
    assert bench.net == 0


def test_a_second_order_under_one_session_order_id_is_refused() -> None:
    bench = calm()
    bench.submit(order("BUY"))
    bench.submit(order("BUY"))
    assert [message.code for message in bench.said(Rejected)] == [103]
    assert bench.net == D("100000")


def test_a_holding_may_be_closed_below_the_minimum_size_and_without_margin() -> None:
    fault = partial(Which(reference="in"), D("0.1"))
    bench = Bench(quotes((0, "1.2600")), faults=[fault], instruments={PAIR: INSTRUMENT}, margin_rate=D("0.5"))
    bench.submit(order("BUY", quantity="100000", reference="in"))
    bench.submit(order("SELL", quantity="10000", session_order_id=2))
    assert bench.net == 0


def test_order_ids_go_on_above_the_highest_one_seen() -> None:
    bench = calm()
    bench.submit(order("BUY", session_order_id=41))
    assert bench.engine.connect(1, minute(1)) == 42
    assert bench.engine.connect(2, minute(1)) == 1
