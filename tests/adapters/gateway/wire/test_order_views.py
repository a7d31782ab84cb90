"""openOrder and completedOrder have exactly the fields of each version, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from phoenix.adapters.gateway.wire.encoding import encode
from phoenix.adapters.gateway.wire.replies import CompletedOrder, OpenOrder, OrderView
from tests.adapters.gateway.wire.views import AT, WORKING

EASTERN = ZoneInfo("US/Eastern")
UNSET = "1.7976931348623157E308"
CONTRACT = ["12087792", "EUR", "CASH", "", "0", "?", "", "IDEALPRO", "USD", "EUR.USD", "EUR.USD"]
OPEN_IN_157 = [
    "5", "17", *CONTRACT, "BUY", "20000", "STP LMT", "1.26", "5.0E-5", "GTC", "g", "DU1", "", "0", "px-1", "3",
    "1812345678", "1", "0", "0.0", "", "", "", "", "", "", "", "", "", "", "", "0", "", "-1", "0", "", "", "", "", "",
    "0", "0", "0", "0", "", "3", "0", "0", "", "16", "0", "", "0", "", "", "0", "0", "", "", "", "", "", "0", "0",
    "0", "", "", "", "", "0", "", "IB", "0", "0", "", "0", "1", "PreSubmitted", *[UNSET] * 9, "", "", "", "", "",
    "0", "0", "0", "", UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, "0", "", "", "", UNSET, "0", "0", "0", "0",
]  # fmt: skip
PROFILE = OPEN_IN_157.index("px-1") + 10
FILLED = replace(
    WORKING, status="Filled", filled=Decimal(20000), completed_at=AT, completed_status="Filled Size: 20000",
    limit_price=None,
)  # fmt: skip
COMPLETED_IN_157 = [
    "101", *CONTRACT, "BUY", "0", "STP LMT", "", "5.0E-5", "GTC", "g", "DU1", "", "0", "px-1", "1812345678", "1", "0",
    "0.0", "", "", "", "", "", "", "", "", "", "", "0", "", "-1", "", "", "", "", "", "0", "0", "0", "", "3", "0", "",
    "0", "", "", "0", "0", "", "", "", "0", "0", "0", "", "", "", "", "", "IB", "0", "0", "", "0", "Filled", "0", "0",
    "0", UNSET, UNSET, UNSET, "0", "0", "", "20000", "0", "0", "", "0", "0", "1812345677",
    "20260302 09:30:00 US/Eastern", "Filled Size: 20000",
]  # fmt: skip


def open_order(version: int, order: OrderView = WORKING) -> list[str]:
    return encode(OpenOrder(order), version, EASTERN)


def completed_order(version: int, order: OrderView = FILLED) -> list[str]:
    return encode(CompletedOrder(order), version, EASTERN)


@pytest.mark.parametrize("version", [151, 157, 158])
def test_an_open_order_has_every_field_in_its_place(version: int) -> None:
    assert open_order(version) == OPEN_IN_157


@pytest.mark.parametrize(
    ("version", "brought"),
    [
        (102, ["0", "", *[UNSET] * 6, "0"]), (106, [""] * 3), (111, [UNSET]), (141, ["0"]),
        (148, ["0"]), (151, ["0"]), (159, [""]), (160, [""]), (162, ["0"]), (170, [""] * 5),
    ],
)  # fmt: skip
def test_a_version_brings_its_fields_to_an_open_order(version: int, brought: list[str]) -> None:
    before, after = open_order(version - 1), open_order(version)
    assert after == [*before, *brought]


def test_the_own_version_of_an_open_order_is_gone_since_145() -> None:
    assert open_order(144)[:3] == ["5", "34", "17"]
    assert open_order(145)[:3] == ["5", "17", "12087792"]


def test_the_model_is_told_since_103() -> None:
    before, place = open_order(102), PROFILE + 2
    assert open_order(103) == [*before[:place], "", *before[place:]]


def test_margins_before_and_after_the_change_are_told_since_142() -> None:
    assert open_order(141).count(UNSET) + 6 == open_order(142).count(UNSET)


def test_the_profile_of_advisers_is_gone_since_177() -> None:
    whole = open_order(176)
    assert open_order(177) == whole[:PROFILE] + whole[PROFILE + 1 :]
    assert len(completed_order(177)) == len(completed_order(176)) - 1


@pytest.mark.parametrize("version", [150, 157, 169])
def test_a_filled_order_is_completed_with_what_was_filled_and_without_a_quantity(version: int) -> None:
    assert completed_order(version) == COMPLETED_IN_157


def test_a_cancelled_order_keeps_its_quantity() -> None:
    cancelled = replace(FILLED, status="Cancelled", filled=Decimal(0))
    assert completed_order(157, cancelled)[13] == "20000"


def test_pegs_close_a_completed_order_since_170() -> None:
    assert completed_order(170) == [*COMPLETED_IN_157, *[""] * 5]


def test_the_end_of_an_order_is_told_in_the_zone_of_the_gateway() -> None:
    told = encode(CompletedOrder(FILLED), 176, UTC)
    assert "20260302 14:30:00 UTC" in told
    assert "" in completed_order(157, replace(FILLED, completed_at=None))[-2:]
