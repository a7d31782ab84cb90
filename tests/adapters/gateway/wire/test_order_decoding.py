"""placeOrder is read to its last field in every version, whatever groups the order carries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire.decoding import decode
from phoenix.adapters.gateway.wire.requests import ContractFields, OrderFields, PlaceOrder, Undecodable
from tests.adapters.gateway.wire.orders import CONTRACT, Extras, Told, place_order

VERSIONS = st.integers(100, 178)
EXTRAS = st.builds(
    Extras,
    combination_legs=st.none() | st.integers(0, 3),
    delta_neutral_order=st.sampled_from(["", "MKT"]),
    increment=st.sampled_from(["", "0.01", "0.0", "-1.0", "1.7976931348623157e+308"]),
    hedge=st.sampled_from(["", "F"]),
    delta_neutral_contract=st.booleans(),
    algorithm=st.sampled_from(["", "Adaptive"]),
    parameters=st.integers(0, 2),
    conditions=st.lists(st.sampled_from([1, 3, 4, 5, 6, 7]), max_size=4).map(tuple),
    order_type=st.sampled_from(["LMT", "PEG BENCH", "PEG BEST", "PEG MID"]),
    offset=st.sampled_from(["", "0.02", "Infinite"]),
    exchange=st.sampled_from(["IDEALPRO", "IBKRATS"]),
)
WHOLE_IN_176 = [
    "3", "17", *CONTRACT, "", "", "SELL", "5000", "STP LMT", "1.26", "5e-05", "DAY", "oca", "DU1", "", "0", "px-9",
    "0", "16", "0", "0", "0", "0", "1", "0", "", "0.0", "", "20260302 16:00:00", "", "", "", "", "", "0", "", "-1",
    "1", "", "", "0", "", "", "1", "1", "", "0", "", "", "", "", "", "0", "", "", "", "", "0", "", "", "", "", "", "",
    "", "", "", "", "0", "", "", "0", "0", "", "", "1", "", "0", "0", "0", "0", "", "", "", "", "", "", "0", "", "",
    "", "", "", "", "", "", "0", "0", "0", "", "", "", "0", "", "",
]  # fmt: skip


def test_everything_that_is_traded_on_is_read() -> None:
    assert decode(WHOLE_IN_176, 176) == PlaceOrder(
        17,
        ContractFields(12087792, "EUR", "CASH", "IDEALPRO", "USD", "EUR.USD", "", "EUR.USD"),
        OrderFields(
            action="SELL", quantity=Decimal(5000), order_type="STP LMT", limit_price=Decimal("1.26"),
            auxiliary_price=Decimal("0.00005"), time_in_force="DAY", oca_group="oca", oca_type=1, account="DU1",
            reference="px-9", transmit=False, parent_id=16, outside_hours=True, good_till="20260302 16:00:00",
            e_trade_only=True, firm_quote_only=True, what_if=True,
        ),
    )  # fmt: skip


@given(VERSIONS, EXTRAS)
def test_every_group_is_read_over_in_every_version(version: int, extras: Extras) -> None:
    placed = decode(place_order(version, extras), version)
    assert isinstance(placed, PlaceOrder)
    assert placed.order == OrderFields(
        action="BUY", quantity=Decimal(20000), order_type=extras.order_type, limit_price=Decimal("1.26005"),
        time_in_force="GTC", account="DU1", reference="px-1", oca_type=3,
    )  # fmt: skip


@given(VERSIONS, EXTRAS, st.data())
def test_a_field_too_few_or_too_many_is_refused(version: int, extras: Extras, data: st.DataObject) -> None:
    fields = place_order(version, extras)
    length = data.draw(st.integers(3, len(fields) - 1))
    for wrong in (fields[:length], [*fields, ""]):
        with pytest.raises(Undecodable) as refused:
            decode(wrong, version)
        assert refused.value.code == 320


@pytest.mark.parametrize("version", [102, 105, 106, 111, 138, 139, 141, 145, 148, 151, 158, 160, 162, 166, 169])
def test_a_version_asks_for_the_fields_it_brought(version: int) -> None:
    with pytest.raises(Undecodable):
        decode(place_order(version - 1), version)
    with pytest.raises(Undecodable):
        decode(place_order(version), version - 1)


@pytest.mark.parametrize("version", [102, 103, 176, 177])
def test_a_field_in_the_middle_that_comes_or_goes_shifts_nothing(version: int) -> None:
    placed = decode(place_order(version, told=Told({"ocaType": "2", "eTradeOnly": "1", "whatIf": "1"})), version)
    assert isinstance(placed, PlaceOrder)
    assert (placed.order.oca_type, placed.order.e_trade_only, placed.order.what_if) == (2, True, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [("totalQuantity", "NaN"), ("lmtPrice", "Infinite"), ("transmit", "yes"), ("parentId", "1.5"), ("ocaType", "x")],
)
def test_a_wrong_value_is_named_with_its_order(name: str, text: str) -> None:
    with pytest.raises(Undecodable, match=name) as refused:
        decode(place_order(176, told=Told({name: text})), 176)
    assert (refused.value.code, refused.value.request_id) == (320, 17)


def test_blank_prices_are_none() -> None:
    placed = decode(place_order(157, told=Told({"lmtPrice": "", "totalQuantity": ""})), 157)
    assert isinstance(placed, PlaceOrder)
    assert (placed.order.limit_price, placed.order.auxiliary_price, placed.order.quantity) == (None, None, None)


def test_a_condition_of_no_known_kind_is_refused() -> None:
    fields = place_order(176, Extras(conditions=(4,)))
    fields[len(fields) - fields[::-1].index("30") - 4] = "2"
    with pytest.raises(Undecodable, match="condition is 2"):
        decode(fields, 176)


def test_a_count_below_zero_is_refused() -> None:
    fields = place_order(176, Extras(combination_legs=0))
    fields[14 + 21] = "-1"
    with pytest.raises(Undecodable, match="comboLegs"):
        decode(fields, 176)
