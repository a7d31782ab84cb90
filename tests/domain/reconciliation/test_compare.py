"""The comparison of two books is complete, makes nothing up, and is the same from both sides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.numbers import ZERO
from phoenix.domain.reconciliation.books import ABSENT, Book, Standing
from phoenix.domain.reconciliation.compare import (
    NetDifference,
    OrderDifference,
    ProfitDifference,
    compare,
    name_of_order_key,
    pair_of_net_key,
)
from phoenix.domain.vocabulary import DriftOrigin, DriftType, OrderStatus, Severity

PAIRS = st.sampled_from(["GBPUSD", "USDJPY", "EURUSD", "AUDUSD"])
QUANTITIES = st.sampled_from([Decimal(n) for n in (-2000, -1000, 1000, 1500, 2000)])
NETS = st.dictionaries(PAIRS, QUANTITIES)
NAMES = st.sampled_from(["PXA-E", "PXA-S", "PXB-E", "17", "18"])
STANDINGS = st.builds(
    Standing, PAIRS, st.sampled_from(["WORKING", "FILLED", "CANCELLED", ABSENT]),
    st.sampled_from([ZERO, Decimal(500), Decimal(1000)]),
)  # fmt: skip
ORDERS = st.dictionaries(NAMES, STANDINGS)
PROFITS = st.one_of(st.none(), st.sampled_from([Decimal(n) for n in (-60, 0, 40, 51)]))
BOOKS = st.builds(Book, NETS, ORDERS, PROFITS)
WORKING, FILLED = OrderStatus.WORKING.value, OrderStatus.FILLED.value


def book(nets: Mapping[str, Decimal] | None = None, orders: Mapping[str, Standing] | None = None,
         profit: Decimal | None = None) -> Book:  # fmt: skip
    return Book(nets or {}, orders or {}, profit)


@given(BOOKS)
def test_a_book_agrees_with_itself(one: Book) -> None:
    assert compare(one, one) == []
    assert compare(one, Book(dict(one.nets), dict(one.orders), one.profit)) == []


@given(BOOKS, BOOKS)
def test_every_difference_is_found_and_nothing_else(ours: Book, theirs: Book) -> None:
    keys = {difference.key for difference in compare(ours, theirs, Decimal(50))}
    nets = {f"net:{p}" for p in {*ours.nets, *theirs.nets} if ours.nets.get(p, ZERO) != theirs.nets.get(p, ZERO)}
    orders = {f"order:{n}" for n in {*ours.orders, *theirs.orders} if ours.orders.get(n) != theirs.orders.get(n)}
    apart = ours.profit is not None and theirs.profit is not None and abs(ours.profit - theirs.profit) > 50
    assert keys == nets | orders | ({"pnl"} if apart else set())


@given(BOOKS, BOOKS)
def test_each_difference_shows_both_sides_as_they_are(ours: Book, theirs: Book) -> None:
    for difference in compare(ours, theirs):
        if isinstance(difference, NetDifference):
            sides = (ours.nets.get(difference.pair, ZERO), theirs.nets.get(difference.pair, ZERO))
        elif isinstance(difference, OrderDifference):
            sides = (ours.orders.get(difference.name), theirs.orders.get(difference.name))  # type: ignore[assignment]
        else:
            sides = (ours.profit, theirs.profit)  # type: ignore[assignment]
        assert (difference.ours, difference.theirs) == sides
        assert difference.phoenix_state != difference.broker_state


@given(BOOKS, BOOKS)
def test_seen_from_the_other_side_the_same_things_differ(ours: Book, theirs: Book) -> None:
    seen = {(d.key, d.drift_type, d.ours, d.theirs) for d in compare(ours, theirs)}
    assert {(d.key, d.drift_type, d.theirs, d.ours) for d in compare(theirs, ours)} == seen


@given(BOOKS, BOOKS)
def test_no_key_is_told_twice(ours: Book, theirs: Book) -> None:
    keys = [difference.key for difference in compare(ours, theirs)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("ours", "theirs", "kind", "origin"),
    [
        (1000, 900, DriftType.POSITION_SIZE, DriftOrigin.PHOENIX),
        (1000, 1100, DriftType.POSITION_SIZE, DriftOrigin.EXTERNAL),
        (-1000, -1100, DriftType.POSITION_SIZE, DriftOrigin.EXTERNAL),
        (1000, -1100, DriftType.POSITION_SIZE, DriftOrigin.PHOENIX),
        (1000, 0, DriftType.POSITION_COUNT, DriftOrigin.PHOENIX),
        (0, -500, DriftType.POSITION_COUNT, DriftOrigin.EXTERNAL),
    ],
)
def test_nets_differ_in_count_or_in_size(ours: int, theirs: int, kind: DriftType, origin: DriftOrigin) -> None:
    sides = [{} if net == 0 else {"GBPUSD": Decimal(net)} for net in (ours, theirs)]
    [found] = compare(book(sides[0]), book(sides[1]))
    assert (found.drift_type, found.origin, found.severity) == (kind, origin, Severity.CRITICAL)
    assert (found.phoenix_state, found.broker_state) == ({"net": str(ours)}, {"net": str(theirs)})
    assert pair_of_net_key(found.key) == "GBPUSD"
    assert name_of_order_key(found.key) is None


def test_a_flat_net_that_is_stated_as_zero_is_no_difference() -> None:
    assert compare(book(), book({"GBPUSD": ZERO})) == []
    assert compare(book({"GBPUSD": ZERO}), book()) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (Standing("GBPUSD", WORKING, ZERO), Standing("GBPUSD", ABSENT, ZERO), DriftType.ORDER_STATUS),
        (Standing("GBPUSD", WORKING, Decimal(500)), Standing("GBPUSD", WORKING, Decimal(600)), DriftType.POSITION_SIZE),
        (Standing("GBPUSD", WORKING, ZERO), Standing("GBPUSD", FILLED, Decimal(1000)), DriftType.POSITION_SIZE),
    ],
)
def test_an_order_differs_in_its_status_or_in_what_was_filled(
    ours: Standing, theirs: Standing, kind: DriftType
) -> None:
    [found] = compare(book(orders={"PXA-E": ours}), book(orders={"PXA-E": theirs}))
    assert (found.drift_type, found.origin, found.pair) == (kind, DriftOrigin.PHOENIX, "GBPUSD")
    assert name_of_order_key(found.key) == "PXA-E"
    assert pair_of_net_key(found.key) is None


def test_an_order_that_is_not_ours_is_external() -> None:
    theirs = Standing("GBPUSD", WORKING, ZERO)
    [found] = compare(book(), book(orders={"17": theirs}))
    assert (found.origin, found.drift_type) == (DriftOrigin.EXTERNAL, DriftType.ORDER_STATUS)
    assert found.phoenix_state == {"order": "17", "status": ABSENT}


def test_only_a_fill_that_no_execution_bears_out_can_be_no_lag() -> None:
    ours = {"PXA-E": Standing("GBPUSD", WORKING, ZERO), "PXB-E": Standing("GBPUSD", WORKING, ZERO)}
    theirs = {name: Standing("GBPUSD", WORKING, Decimal(600)) for name in ours}
    found = compare(book(orders=ours), Book({}, theirs, unborne=frozenset({"PXA-E"})))
    assert {d.name: d.may_lag for d in found if isinstance(d, OrderDifference)} == {"PXA-E": False, "PXB-E": True}


@pytest.mark.parametrize(("ours", "theirs"), [(None, Decimal(999)), (Decimal(999), None), (Decimal(0), Decimal(50))])
def test_profit_that_is_unset_or_within_the_tolerance_says_nothing(
    ours: Decimal | None, theirs: Decimal | None
) -> None:
    assert compare(book(profit=ours), book(profit=theirs), Decimal(50)) == []


def test_profit_beyond_the_tolerance_is_a_warning_that_closes_no_instrument() -> None:
    [found] = compare(book(profit=Decimal(0)), book(profit=Decimal("50.01")), Decimal(50))
    assert isinstance(found, ProfitDifference)
    assert (found.severity, found.drift_type, found.pair) == (Severity.WARNING, DriftType.PNL, "")
