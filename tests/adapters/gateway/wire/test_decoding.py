"""Every request is read by its version, and nothing else is taken for a request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire import requests as asked
from phoenix.adapters.gateway.wire.decoding import decode
from phoenix.adapters.gateway.wire.requests import ContractFields, NotSimulated, Request, Undecodable
from tests.adapters.gateway.wire.orders import CONTRACT, place_order
from tests.adapters.gateway.wire.outcomes import outcome

EURUSD = ContractFields(12087792, "EUR", "CASH", "IDEALPRO", "USD", "EUR.USD", "", "EUR.USD")
ALWAYS = (100, 178)

LAYOUTS: list[tuple[tuple[int, int], list[str], Request]] = [
    (ALWAYS, ["1", "11", "8", *CONTRACT, "0", "233", "1", "0", ""], asked.AskPrices(8, EURUSD, "233", True)),
    (ALWAYS, ["2", "2", "8"], asked.StopPrices(8)),
    ((100, 168), ["4", "1", "17"], asked.CancelOrder(17)),
    ((169, 178), ["4", "1", "17", "20260302-09:30:00"], asked.CancelOrder(17)),
    (ALWAYS, ["5", "1"], asked.AskOpenOrders(of_all=False)),
    (ALWAYS, ["6", "2", "1", "DU1"], asked.AskAccountUpdates(True, "DU1")),
    (ALWAYS, ["76", "1", "5", "DU1", "", "1"], asked.AskAccountUpdatesMulti(5, "DU1", "", ledger_only=True)),
    (ALWAYS, ["77", "1", "5"], asked.StopAccountUpdatesMulti(5)),
    (
        ALWAYS,
        ["7", "3", "9", "3", "DU1", "20260302-00:00:00", "EUR", "CASH", "IDEALPRO", "BUY"],
        asked.AskExecutions(
            9, asked.ExecutionFilter(3, "DU1", "20260302-00:00:00", "EUR", "CASH", "IDEALPRO", "BUY")
        ),
    ),
    (ALWAYS, ["8", "1", "-1"], asked.AskIds()),
    ((100, 175), ["9", "8", "5", *CONTRACT, "0", "", ""], asked.AskContractDetails(5, EURUSD)),
    ((176, 178), ["9", "8", "5", *CONTRACT, "0", "", "", ""], asked.AskContractDetails(5, EURUSD)),
    (ALWAYS, ["14", "1", "5"], asked.SetLogLevel(5)),
    (ALWAYS, ["15", "1", "1"], asked.AskAutoOpenOrders(bind=True)),
    (ALWAYS, ["16", "1"], asked.AskOpenOrders(of_all=True)),
    (ALWAYS, ["17", "1"], asked.AskAccounts()),
    (ALWAYS, ["49", "1"], asked.AskTime()),
    (ALWAYS, ["58", "1"], asked.CancelAllOrders()),
    (ALWAYS, ["59", "1", "3"], asked.AskMarketDataType(3)),
    (ALWAYS, ["61", "1"], asked.AskPositions()),
    (ALWAYS, ["62", "1", "4", "All", "NetLiquidation, BuyingPower,"],
     asked.AskAccountSummary(4, "All", ("NetLiquidation", "BuyingPower"))),
    (ALWAYS, ["63", "1", "4"], asked.StopAccountSummary(4)),
    (ALWAYS, ["64", "1"], asked.StopPositions()),
    (ALWAYS, ["71", "2", "3", ""], asked.StartApi(3)),
    (ALWAYS, ["91", "239"], asked.AskMarketRule(239)),
    (ALWAYS, ["92", "6", "DU1", ""], asked.AskProfit(6, "DU1")),
    (ALWAYS, ["93", "6"], asked.StopProfit(6)),
    (ALWAYS, ["94", "7", "DU1", "", "12087792"], asked.AskProfitOfOne(7, "DU1", 12087792)),
    (ALWAYS, ["95", "7"], asked.StopProfitOfOne(7)),
    (ALWAYS, ["99", "1"], asked.AskCompletedOrders(api_only=True)),
]  # fmt: skip


@pytest.mark.parametrize(("versions", "fields", "request_"), LAYOUTS)
def test_a_request_is_read_in_every_version_that_lays_it_out_so(
    versions: tuple[int, int], fields: list[str], request_: Request
) -> None:
    lowest = max(versions[0], 114) if fields[0] == "1" else versions[0]
    for version in range(lowest, versions[1] + 1):
        assert decode(fields, version) == request_


@pytest.mark.parametrize(("versions", "fields"), [(versions, fields) for versions, fields, _ in LAYOUTS])
def test_a_field_too_few_or_too_many_is_refused(versions: tuple[int, int], fields: list[str]) -> None:
    for wrong in (fields[:-1], [*fields, ""]):
        with pytest.raises(Undecodable) as refused:
            decode(wrong, versions[1])
        assert refused.value.code == 320
        assert "Error reading request: " in refused.value.text


@pytest.mark.parametrize(
    ("fields", "version"), [(["4", "1", "17"], 169), (["9", "8", "5", *CONTRACT, "0", "", ""], 176)]
)
def test_a_version_asks_for_the_field_it_brought(fields: list[str], version: int) -> None:
    decode(fields, version - 1)
    with pytest.raises(Undecodable) as refused:
        decode(fields, version)
    assert refused.value.request_id == int(fields[2])


def test_the_legs_of_a_combination_are_read_over() -> None:
    contract = [*CONTRACT]
    contract[2] = "BAG"
    legs = ["2", "1", "1", "BUY", "SMART", "2", "1", "SELL", "SMART"]
    prices = decode(["1", "11", "8", *contract, *legs, "1", "5", "0.5", "1.2", "", "0", "0", ""], 176)
    assert isinstance(prices, asked.AskPrices)
    assert prices.contract.security_type == "BAG"


@pytest.mark.parametrize(
    ("fields", "version", "name", "request_id"),
    [
        (["20", "31", *CONTRACT], 124, "reqHistoricalData", 31),
        (["20", "6", "31", *CONTRACT], 123, "reqHistoricalData", 31),
        (["22", "34", "50"], 143, "reqScannerSubscription", 34),
        (["22", "4", "34", "50"], 142, "reqScannerSubscription", 34),
        (["10", "5", "32"], 157, "reqMktDepth", 32),
        (["97", "37"], 157, "reqTickByTickData", 37),
        (["24", "1"], 157, "reqScannerParameters", -1),
        (["80"], 157, "reqFamilyCodes", -1),
    ],
)
def test_what_is_not_simulated_is_known_by_name(fields: list[str], version: int, name: str, request_id: int) -> None:
    assert decode(fields, version) == NotSimulated(name, request_id)


@pytest.mark.parametrize("fields", [[], [""], ["0"], ["48", "1"], ["9999"], ["-1"]])
def test_an_unknown_message_is_refused(fields: list[str]) -> None:
    with pytest.raises(Undecodable, match="Unknown message id") as refused:
        decode(fields, 176)
    assert refused.value.code == 505


@pytest.mark.parametrize("fields", [["x"], ["5", "x"], ["97", "x"], ["97"], ["20"], ["93", "2147483647"]])
def test_an_unreadable_message_is_refused(fields: list[str]) -> None:
    with pytest.raises(Undecodable) as refused:
        decode(fields, 176)
    assert refused.value.code == 320


TEXTS = st.sampled_from(["", "0", "1", "-1", "3", "17", "BAG", "1.26", "NaN", "Infinite", "2147483647"]) | st.text(
    max_size=6
)


@given(st.integers(1, 105).map(str) | TEXTS, st.lists(TEXTS, max_size=40), st.integers(100, 178))
def test_garbage_is_a_request_or_refused(message_id: str, fields: list[str], version: int) -> None:
    request = outcome(lambda: decode([message_id, *fields], version))
    assert request.code in (320, 505) if isinstance(request, Undecodable) else isinstance(request, Request)


@given(st.data(), st.integers(100, 178))
def test_an_order_with_damage_is_a_request_or_refused(data: st.DataObject, version: int) -> None:
    fields = place_order(version)
    for _ in range(data.draw(st.integers(1, 4))):
        fields[data.draw(st.integers(1, len(fields) - 1))] = data.draw(TEXTS)
    request = outcome(lambda: decode(fields, version))
    assert request.code == 320 if isinstance(request, Undecodable) else isinstance(request, asked.PlaceOrder)
