"""Orders that change while they are at work."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from phoenix.adapters.simulation.faults import EVERY_ORDER, LineOutage, Which, never_fill, partial
from phoenix.adapters.simulation.messages import Notice, StatusChanged
from phoenix.domain.vocabulary import LegRole, OrderStatus, TimeInForce
from tests.adapters.simulation.bench import START, Bench, bracket, minute, order, quotes
from tests.adapters.simulation.book_file.files import kept_bench

LIMIT: dict[str, Any] = {"kind": "LIMIT", "limit_price": "1.2500"}
STOPS = Which(role=LegRole.STOP_LOSS)


def _records(bench: Bench) -> list[dict[str, object]]:
    return [dict(record.details) for record in bench.engine.ledger.records if record.kind == "AMENDED"]


def test_an_order_takes_its_new_terms_and_says_so() -> None:
    bench = Bench(quotes((0, "1.2600")))
    bench.submit(order(**LIMIT))
    bench.engine.amend(order(kind="LIMIT", limit_price="1.2550", quantity="50000", time_in_force="DAY"), START)
    request = bench.order(1).request
    assert (request.limit_price, request.quantity, request.time_in_force) == (
        Decimal("1.2550"), Decimal(50_000), TimeInForce.DAY,
    )  # fmt: skip
    assert bench.said(StatusChanged)[-1].remaining == Decimal(50_000)
    (record,) = _records(bench)
    assert (record["reference"], record["quantity"]) == ("ref-1", Decimal(50_000))


def test_an_amended_price_is_the_one_that_executes() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2540")))
    bench.submit(order(**LIMIT))
    bench.engine.amend(order(kind="LIMIT", limit_price="1.2550"), START)
    bench.run(1)
    assert [price for _, _, price, _ in bench.fills()] == [Decimal("1.2542")]


def test_the_reference_and_the_identity_stay() -> None:
    bench = Bench(quotes((0, "1.2600")))
    bench.submit(order(**LIMIT))
    before = bench.order(1)
    bench.engine.amend(order(kind="LIMIT", limit_price="1.2550", reference="other"), START)
    assert bench.order(1) is before
    assert before.request.reference == "ref-1"


def test_a_waiting_child_can_be_amended_and_still_waits() -> None:
    bench = Bench(quotes((0, "1.2600")))
    entry, target, stop = bracket(kind="LIMIT", limit_price="1.2500")
    bench.submit(entry, target, stop)
    bench.engine.amend(
        order("SELL", "STOP", stop_price="1.2400", session_order_id=3, parent_session_order_id=1), START
    )  # fmt: skip
    assert bench.status(3) is OrderStatus.HELD
    assert bench.order(3).request.stop_price == Decimal("1.2400")
    assert bench.order(3).available == Decimal(0)


def test_a_child_at_work_never_works_for_more_than_its_parent_filled() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=(partial(Which(role=LegRole.ENTRY), Decimal("0.4")), never_fill(STOPS)))
    bench.submit(*bracket())
    bench.cancel(1)
    bench.engine.amend(
        order("SELL", "STOP", "90000", stop_price="1.2400", session_order_id=3, parent_session_order_id=1), START
    )  # fmt: skip
    assert bench.order(3).leaves == Decimal(40_000)


def test_a_day_order_that_becomes_good_till_cancelled_outlives_the_day() -> None:
    bench = Bench(quotes((0, "1.2600")), session_end=lambda _, instant: instant + timedelta(minutes=3))
    bench.submit(order(**LIMIT, time_in_force="DAY"), order(**LIMIT, session_order_id=2))
    bench.engine.amend(order(**LIMIT, time_in_force="GTC"), START)
    bench.engine.amend(order(**LIMIT, session_order_id=2, time_in_force="DAY"), START)
    bench.run(5)
    assert (bench.status(1), bench.status(2)) == (OrderStatus.WORKING, OrderStatus.CANCELLED)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"action": "SELL"}, 105), ({"kind": "MARKET", "limit_price": None}, 105), ({"pair": "EURUSD"}, 105),
        ({"account": "OTHER"}, 105), ({"quantity": "40000"}, 104), ({"quantity": "0"}, 104),
        ({"limit_price": None}, 321), ({"limit_price": "-1"}, 321),
    ],
)  # fmt: skip
def test_an_impossible_amendment_leaves_the_order_as_it_was(changes: dict[str, Any], code: int) -> None:
    bench = Bench(quotes((0, "1.2600")), faults=(partial(EVERY_ORDER, Decimal("0.4")),))
    bench.submit(order(kind="LIMIT", limit_price="1.2700"))
    before = bench.order(1).request
    account = changes.pop("account", None)
    wanted = order(**{"kind": "LIMIT", "limit_price": "1.2700", **changes})
    if account is not None:
        object.__setattr__(wanted, "account", account)
    bench.engine.amend(wanted, START)
    assert [message.code for message in bench.said(Notice)] == [code]
    assert bench.order(1).request == before
    assert _records(bench) == []


def test_an_amendment_during_an_outage_is_lost() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=(LineOutage(minute(1), 60.0),))
    bench.submit(order(**LIMIT))
    bench.run(1)
    bench.engine.amend(order(kind="LIMIT", limit_price="1.2550"), minute(1))
    assert bench.order(1).request.limit_price == Decimal("1.2500")


def test_an_amended_order_is_kept_in_a_book_as_it_was_amended(tmp_path: Path) -> None:
    first = kept_bench(tmp_path / "book", quotes((0, "1.2600")))
    first.submit(order(**LIMIT))
    first.engine.amend(order(kind="LIMIT", limit_price="1.2550", quantity="50000"), START)
    first.engine.release()
    second = kept_bench(tmp_path / "book", quotes((0, "1.2600"), (1, "1.2540")))
    assert len(_records(second)) == 1
    second.run(1)
    assert second.net == Decimal(50_000)
