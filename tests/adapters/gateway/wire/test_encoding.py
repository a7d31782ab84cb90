"""Every reply has exactly the fields of each version, in order."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.encoding import encode
from phoenix.adapters.gateway.wire.replies import Reply
from tests.adapters.gateway.wire.views import AT, EURUSD

EASTERN = ZoneInfo("US/Eastern")
UNSET = "1.7976931348623157E308"
NAMED = ["12087792", "EUR", "CASH", "", "0.0", "", ""]

SAME_IN_ALL: list[tuple[Reply, list[str]]] = [
    (said.NextValidId(101), ["9", "1", "101"]),
    (said.ManagedAccounts(("DU1", "DU2")), ["15", "1", "DU1,DU2"]),
    (said.CurrentTime(1772461800), ["49", "1", "1772461800"]),
    (said.OpenOrderEnd(), ["53", "1"]),
    (said.CompletedOrdersEnd(), ["102"]),
    (said.ExecutionsEnd(9), ["55", "1", "9"]),
    (said.Commission("e.01", Decimal("2.5"), "USD"), ["59", "1", "e.01", "2.5", "USD", UNSET, UNSET, ""]),
    (said.Commission("e.01", Decimal(2), "USD", Decimal("-3.25")),
     ["59", "1", "e.01", "2.0", "USD", "-3.25", UNSET, ""]),
    (said.Position("DU1", EURUSD, Decimal(-20000), Decimal("1.26")),
     ["61", "3", "DU1", *NAMED, "IDEALPRO", "USD", "EUR.USD", "EUR.USD", "-20000", "1.26"]),
    (said.PositionsEnd(), ["62", "1"]),
    (said.AccountSummary(4, "DU1", "NetLiquidation", "100000.00", "USD"),
     ["63", "1", "4", "DU1", "NetLiquidation", "100000.00", "USD"]),
    (said.AccountSummaryEnd(4), ["64", "1", "4"]),
    (said.AccountValue("CashBalance", "1.00", "USD", "DU1"), ["6", "2", "CashBalance", "1.00", "USD", "DU1"]),
    (said.AccountValueMulti(5, "DU1", "CashBalance", "1.00", "USD"),
     ["73", "1", "5", "DU1", "", "CashBalance", "1.00", "USD"]),
    (said.AccountValuesMultiEnd(5), ["74", "1", "5"]),
    (
        said.PortfolioValue(
            EURUSD, Decimal(20000), Decimal("1.26"), Decimal(25200), Decimal("1.25"), Decimal(200), Decimal(0), "DU1"
        ),
        ["7", "8", *NAMED, "IDEALPRO", "USD", "EUR.USD", "EUR.USD", "20000", "1.26", "25200.0", "1.25", "200.0",
         "0.0", "DU1"],
    ),
    (said.AccountUpdateTime("09:30"), ["8", "1", "09:30"]),
    (said.AccountDownloadEnd("DU1"), ["54", "1", "DU1"]),
    (said.TickPrice(8, 1, Decimal("1.26"), Decimal(1000000)), ["1", "6", "8", "1", "1.26", "1000000", "1"]),
    (said.TickPrice(8, 4, Decimal("1.26"), Decimal(0), can_auto_execute=False),
     ["1", "6", "8", "4", "1.26", "0", "0"]),
    (said.TickParameters(8, Decimal("0.00005"), "9c0001"), ["81", "8", "5.0E-5", "9c0001", "3"]),
    (said.SnapshotEnd(8), ["57", "1", "8"]),
    (said.MarketDataType(8, 3), ["58", "1", "8", "3"]),
    (said.ContractDetailsEnd(5), ["52", "1", "5"]),
    (said.MarketRule(239, ((Decimal(0), Decimal("0.00005")), (Decimal(10), Decimal("0.001")))),
     ["93", "239", "2", "0.0", "5.0E-5", "10.0", "0.001"]),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "fields"), SAME_IN_ALL)
def test_a_reply_without_history_is_the_same_in_every_version(reply: Reply, fields: list[str]) -> None:
    for version in range(100, 179):
        assert encode(reply, version, EASTERN) == fields


@pytest.mark.parametrize(("version", "end"), [(100, []), (165, []), (166, [""]), (178, [""])])
def test_an_error_gains_its_reason_as_json(version: int, end: list[str]) -> None:
    assert encode(said.ErrorReply(17, 201, "rejected"), version, UTC) == ["4", "2", "17", "201", "rejected", *end]


@pytest.mark.parametrize(("version", "text"), [(152, "naïve \\"), (153, "na\\xefve \\\\")])
def test_the_text_of_an_error_is_plain_ascii_since_153(version: int, text: str) -> None:
    assert encode(said.ErrorReply(-1, 321, "naïve \\"), version, UTC)[4] == text


@pytest.mark.parametrize(
    ("version", "start", "end"), [(130, ["3", "6", "17"], "child"), (131, ["3", "17", "Submitted"], "0.0")]
)
def test_an_order_status_loses_its_version_and_gains_a_price(version: int, start: list[str], end: str) -> None:
    status = said.OrderStatus(
        17, 3, 1812345678, 16, "Submitted", Decimal(5000), Decimal(15000), Decimal("1.26"), Decimal("1.25"), "child"
    )
    fields = encode(status, version, UTC)
    middle = ["17", "Submitted", "5000", "15000", "1.26", "1812345678", "16", "1.25", "3", "child"]
    assert fields[:3] == start
    assert fields[-1] == end
    assert fields[fields.index("17") :][: len(middle)] == middle
    assert len(fields) == 12


EXECUTION = said.ExecutionDetails(
    request_id=9, order_id=17, client_id=3, permanent_id=1812345678, security=EURUSD, execution_id="e.01",
    account="DU1", side="BOT", quantity=Decimal(5000), price=Decimal("1.26"), cumulative_quantity=Decimal(15000),
    average_price=Decimal("1.25"), reference="px-1", executed_at=AT,
)  # fmt: skip


@pytest.mark.parametrize(
    ("version", "own_version", "time", "tail"),
    [
        (102, ["10"], "20260302  09:30:00", ["", ""]),
        (103, ["10"], "20260302  09:30:00", ["", "", ""]),
        (135, ["10"], "20260302  09:30:00", ["", "", ""]),
        (136, [], "20260302  09:30:00", ["", "", "", "0"]),
        (173, [], "20260302  09:30:00", ["", "", "", "0"]),
        (174, [], "20260302 09:30:00 US/Eastern", ["", "", "", "0"]),
        (177, [], "20260302 09:30:00 US/Eastern", ["", "", "", "0"]),
        (178, [], "20260302 09:30:00 US/Eastern", ["", "", "", "0", "0"]),
    ],
)
def test_an_execution_tells_its_time_as_the_version_wants_it(
    version: int, own_version: list[str], time: str, tail: list[str]
) -> None:
    assert encode(EXECUTION, version, EASTERN) == [
        "11", *own_version, "9", "17", *NAMED, "IDEALPRO", "USD", "EUR.USD", "EUR.USD", "e.01", time, "DU1",
        "IDEALPRO", "BOT", "5000", "1.26", "1812345678", "3", "0", "15000", "1.25", "px-1", *tail,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "profits"),
    [(128, ["-1.5"]), (129, ["-1.5", UNSET]), (134, ["-1.5", UNSET]), (135, ["-1.5", UNSET, "3.0"])],
)
def test_a_profit_has_the_parts_that_its_version_knows(version: int, profits: list[str]) -> None:
    parts = (Decimal("-1.5"), None, Decimal(3))
    assert encode(said.Profit(6, *parts), version, UTC) == ["94", "6", *profits]
    one = said.ProfitOfOne(7, Decimal(20000), *parts, None)
    assert encode(one, version, UTC) == ["95", "7", "20000", *profits, UNSET]


@pytest.mark.parametrize(("version", "size"), [(162, "1000"), (163, "1000.5")])
def test_a_size_may_have_a_fraction_since_163(version: int, size: str) -> None:
    broken = Decimal("1000.5")
    assert encode(said.TickSize(8, 0, broken), version, UTC) == ["2", "6", "8", "0", size]
    assert encode(said.TickPrice(8, 1, Decimal(1), broken), version, UTC)[5] == size
    assert encode(said.ProfitOfOne(7, broken, None, None, None, None), version, UTC)[2] == size


def contract_details(version: int) -> list[str]:
    return encode(said.ContractDetails(5, EURUSD), version, UTC)


DETAILS_IN_157 = [
    "10", "8", "5", "EUR", "CASH", "", "0", "", "IDEALPRO", "USD", "EUR.USD", "EUR.USD", "EUR.USD", "12087792",
    "5.0E-5", "1", "", "LMT,MKT,STP,STP LMT", "IDEALPRO", "1", "0", "Euro \\\\ na\\xefve", *[""] * 8, "", "", "0", "4",
    "", "", "239", "", "",
]  # fmt: skip


def test_contract_details_have_every_field_in_its_place() -> None:
    assert contract_details(157) == DETAILS_IN_157


def test_contract_details_gain_sizes_and_lose_their_version() -> None:
    assert contract_details(162) == DETAILS_IN_157
    assert contract_details(163) == [*DETAILS_IN_157, "0.5"]
    without_version_and_multiplier = [DETAILS_IN_157[0], *DETAILS_IN_157[2:15], *DETAILS_IN_157[16:]]
    assert contract_details(164) == [*without_version_and_multiplier, "1", "0.5", "0.5"]


@pytest.mark.parametrize(("version", "brought"), [(110, 1), (121, 1), (122, 2), (126, 1), (134, 1), (152, 1)])
def test_a_version_brings_its_fields_to_contract_details(version: int, brought: int) -> None:
    assert len(contract_details(version)) - len(contract_details(version - 1)) == brought
