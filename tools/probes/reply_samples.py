"""Replies of every kind, and what a client must have understood from each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.replies import Reply

ZONE = ZoneInfo("US/Eastern")
UNSET = 1.7976931348623157e308
AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)

Values: TypeAlias = Mapping[str, object]
"""What is at a path into the arguments of a callback, such as 1.conId."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A reply, the callback it must lead to, and the values there. `is_told` says from which version on it is sent."""

    reply: Reply
    callback: str
    values: Callable[[int], Values]
    since: int = 0


EURUSD = said.Security(
    contract_id=12087792,
    symbol="EUR",
    security_type="CASH",
    exchange="IDEALPRO",
    currency="USD",
    local_symbol="EUR.USD",
    trading_class="EUR.USD",
    long_name="European Monetary Union \\ Euro, naïve",
    minimum_tick=Decimal("0.00005"),
    minimum_size=Decimal(1),
    size_increment=Decimal("0.5"),
    market_rule_id=239,
)

WORKING = said.OrderView(
    order_id=17,
    client_id=3,
    permanent_id=1812345678,
    parent_id=16,
    parent_permanent_id=1812345677,
    reference="px-7f3a",
    account="DU1234567",
    security=EURUSD,
    action="BUY",
    order_type="STP LMT",
    quantity=Decimal(20000),
    limit_price=Decimal("1.26005"),
    auxiliary_price=Decimal("1.2595"),
    time_in_force="GTC",
    oca_group="1812345677",
    oca_type=3,
    status="PreSubmitted",
    outside_hours=True,
    what_if=True,
)
MARKET = replace(WORKING, order_type="MKT", limit_price=None, auxiliary_price=None, what_if=False, outside_hours=False)
FILLED = replace(MARKET, status="Filled", filled=Decimal(20000), completed_at=AT, completed_status="Filled Size: 20000")
CANCELLED = replace(WORKING, status="Cancelled", filled=Decimal(5000), completed_at=AT, completed_status="Cancelled")


def _always(values: Values) -> Callable[[int], Values]:
    return lambda _: values


def _contract(at: str) -> dict[str, object]:
    return {
        f"{at}.conId": 12087792,
        f"{at}.symbol": "EUR",
        f"{at}.secType": "CASH",
        f"{at}.strike": 0.0,
        f"{at}.currency": "USD",
        f"{at}.localSymbol": "EUR.USD",
        f"{at}.tradingClass": "EUR.USD",
        f"{at}.multiplier": "",
        f"{at}.lastTradeDateOrContractMonth": "",
    }


def _order(order: said.OrderView, at: str) -> dict[str, object]:
    return {
        f"{at}.action": order.action,
        f"{at}.orderType": order.order_type,
        f"{at}.lmtPrice": UNSET if order.limit_price is None else float(order.limit_price),
        f"{at}.auxPrice": UNSET if order.auxiliary_price is None else float(order.auxiliary_price),
        f"{at}.tif": order.time_in_force,
        f"{at}.ocaGroup": order.oca_group,
        f"{at}.ocaType": order.oca_type,
        f"{at}.account": order.account,
        f"{at}.orderRef": order.reference,
        f"{at}.permId": order.permanent_id,
        f"{at}.outsideRth": order.outside_hours,
        f"{at}.openClose": "",
        f"{at}.exemptCode": -1,
        f"{at}.deltaNeutralOrderType": "",
        f"{at}.hedgeType": "",
        f"{at}.algoStrategy": "",
        f"{at}.clearingIntent": "IB",
        f"{at}.trailStopPrice": UNSET,
        f"{at}.lmtPriceOffset": UNSET,
        f"{at}.cashQty": UNSET,
    }


def _open_order(order: said.OrderView) -> Sample:
    def values(version: int) -> Values:
        later = {"2.cashQty": UNSET} if version >= 111 else {}
        adjusted = {"2.triggerPrice": UNSET, "2.adjustedStopPrice": UNSET, "2.adjustableTrailingUnit": 0}
        told = {
            "0": order.order_id,
            **_contract("1"),
            "1.exchange": "IDEALPRO",
            "1.right": "?",
            **_order(order, "2"),
            "2.orderId": order.order_id,
            "2.clientId": order.client_id,
            "2.parentId": order.parent_id,
            "2.totalQuantity": float(order.quantity),
            "2.whatIf": order.what_if,
            "2.eTradeOnly": False,
            "3.status": order.status,
            "3.initMarginAfter": "1.7976931348623157E308",
            "3.commission": UNSET,
            "3.warningText": "",
            **adjusted,
        }
        if version < 111:
            del told["2.cashQty"]
        if version < 102:
            for path in (*adjusted, "2.lmtPriceOffset"):
                del told[path]
        return {**told, **later, **_later_order_fields(version)}

    return Sample(said.OpenOrder(order), "openOrder", values)


def _later_order_fields(version: int) -> Values:
    since = {"2.duration": (159, 2147483647), "2.autoCancelParent": (162, False), "2.minTradeQty": (170, 2147483647)}
    return {path: value for path, (first, value) in since.items() if version >= first}


def _completed_order(order: said.OrderView, told_quantity: float) -> Sample:
    values = {
        **_contract("0"),
        "0.exchange": "IDEALPRO",
        **_order(order, "1"),
        "1.orderId": 0,
        "1.clientId": 0,
        "1.totalQuantity": told_quantity,
        "1.filledQuantity": float(order.filled),
        "1.parentPermId": order.parent_permanent_id,
        "1.autoCancelParent": False,
        "2.status": order.status,
        "2.completedTime": "20260302 09:30:00 US/Eastern",
        "2.completedStatus": order.completed_status,
    }
    return Sample(said.CompletedOrder(order), "completedOrder", _always(values), since=150)


def _execution() -> Sample:
    reply = said.ExecutionDetails(
        request_id=9, order_id=17, client_id=3, permanent_id=1812345678, security=EURUSD,
        execution_id="0000e0d5.65e2a1b3.01.01", account="DU1234567", side="BOT", quantity=Decimal(5000),
        price=Decimal("1.26005"), cumulative_quantity=Decimal(15000), average_price=Decimal("1.26001666"),
        reference="px-7f3a", executed_at=AT,
    )  # fmt: skip
    values = {
        "0": 9, **_contract("1"), "1.exchange": "IDEALPRO", "2.orderId": 17, "2.clientId": 3, "2.permId": 1812345678,
        "2.execId": reply.execution_id, "2.acctNumber": "DU1234567", "2.exchange": "IDEALPRO", "2.side": "BOT",
        "2.shares": 5000.0, "2.price": 1.26005, "2.cumQty": 15000.0, "2.avgPrice": 1.26001666,
        "2.orderRef": "px-7f3a", "2.liquidation": 0, "2.evRule": "", "2.evMultiplier": 0.0, "2.modelCode": "",
        "2.lastLiquidity": 0, "2.time": AT,
    }  # fmt: skip
    return Sample(reply, "execDetails", _always(values))


def _contract_details() -> Sample:
    def values(version: int) -> Values:
        sizes = {"1.minSize": 1.0, "1.sizeIncrement": 0.5, "1.suggestedSizeIncrement": 0.5}
        told = {
            "0": 5, **_contract("1.contract"), "1.contract.exchange": "IDEALPRO", "1.contract.primaryExchange": "",
            "1.minTick": 0.00005, "1.validExchanges": "IDEALPRO", "1.priceMagnifier": 1, "1.underConId": 0,
            "1.orderTypes": "LMT,MKT,STP,STP LMT", "1.longName": EURUSD.long_name,
        }  # fmt: skip
        since = {"1.aggGroup": (121, 4), "1.marketRuleIds": (126, "239"), "1.stockType": (152, "")}
        told |= {path: value for path, (first, value) in since.items() if version >= first}
        told |= {"1.suggestedSizeIncrement": 0.5} if version == 163 else {}
        return told | (sizes if version >= 164 else {})

    return Sample(said.ContractDetails(5, EURUSD), "contractDetails", values)


def _profit() -> tuple[Sample, ...]:
    def laid_out(version: int, first: int, names: tuple[float | None, float | None]) -> Values:
        since = (129, 135)
        told = [value if version >= start else None for value, start in zip(names, since, strict=True)]
        return {str(first + place): value for place, value in enumerate(told)}

    return (
        Sample(
            said.Profit(6, Decimal("-12.5"), None, Decimal(3)),
            "pnl",
            lambda version: {"0": 6, "1": -12.5, **laid_out(version, 2, (UNSET, 3.0))},
        ),
        Sample(
            said.ProfitOfOne(7, Decimal(20000), None, Decimal("1.5"), Decimal(0), Decimal("25200.5")),
            "pnlSingle",
            lambda version: {"0": 7, "1": 20000, "2": UNSET, **laid_out(version, 3, (1.5, 0.0)), "5": 25200.5},
        ),
    )


def _account() -> tuple[Sample, ...]:
    named = _contract("1")
    return (
        Sample(
            said.Position("DU1", EURUSD, Decimal(-20000), Decimal("1.26")),
            "position",
            _always({"0": "DU1", **named, "1.exchange": "IDEALPRO", "2": -20000.0, "3": 1.26}),
        ),
        Sample(said.PositionsEnd(), "positionEnd", _always({})),
        Sample(
            said.AccountSummary(4, "DU1", "NetLiquidation", "100000.00", "USD"),
            "accountSummary",
            _always({"0": 4, "1": "DU1", "2": "NetLiquidation", "3": "100000.00", "4": "USD"}),
        ),
        Sample(said.AccountSummaryEnd(4), "accountSummaryEnd", _always({"0": 4})),
        Sample(
            said.AccountValue("CashBalance", "100000.00", "USD", "DU1"),
            "updateAccountValue",
            _always({"0": "CashBalance", "1": "100000.00", "2": "USD", "3": "DU1"}),
        ),
        Sample(
            said.AccountValueMulti(5, "DU1", "CashBalance", "100000.00", "USD"),
            "accountUpdateMulti",
            _always({"0": 5, "1": "DU1", "2": "", "3": "CashBalance", "4": "100000.00", "5": "USD"}),
        ),
        Sample(said.AccountValuesMultiEnd(5), "accountUpdateMultiEnd", _always({"0": 5})),
        Sample(
            said.PortfolioValue(
                EURUSD, Decimal(20000), Decimal("1.26"), Decimal(25200), Decimal("1.25"), Decimal(200),
                Decimal("-0.5"), "DU1",
            ),
            "updatePortfolio",
            _always({
                **_contract("0"), "0.primaryExchange": "IDEALPRO", "1": 20000.0, "2": 1.26, "3": 25200.0, "4": 1.25,
                "5": 200.0, "6": -0.5, "7": "DU1",
            }),
        ),
        Sample(said.AccountUpdateTime("09:30"), "updateAccountTime", _always({"0": "09:30"})),
        Sample(said.AccountDownloadEnd("DU1"), "accountDownloadEnd", _always({"0": "DU1"})),
        *_profit(),
    )  # fmt: skip


def _market() -> tuple[Sample, ...]:
    return (
        Sample(said.TickPrice(8, 1, Decimal("1.26005"), Decimal(1000000)), "tickPrice", _always({
            "0": 8, "1": 1, "2": 1.26005, "size": 1000000.0,
        })),
        Sample(said.TickSize(8, 0, Decimal(500000)), "tickSize", _always({"0": 8, "1": 0, "2": 500000.0})),
        Sample(said.TickParameters(8, Decimal("0.00005"), "9c0001"), "tickReqParams", _always({
            "0": 8, "1": 0.00005, "2": "9c0001", "3": 3,
        })),
        Sample(said.SnapshotEnd(8), "tickSnapshotEnd", _always({"0": 8})),
        Sample(said.MarketDataType(8, 3), "marketDataType", _always({"0": 8, "1": 3})),
        _contract_details(),
        Sample(said.ContractDetailsEnd(5), "contractDetailsEnd", _always({"0": 5})),
        Sample(
            said.MarketRule(239, ((Decimal(0), Decimal("0.00005")), (Decimal(10), Decimal("0.001")))),
            "marketRule",
            _always({
                "0": 239, "1.0.lowEdge": 0.0, "1.0.increment": 0.00005, "1.1.lowEdge": 10.0, "1.1.increment": 0.001,
            }),
        ),
    )  # fmt: skip


SAMPLES: tuple[Sample, ...] = (
    Sample(said.NextValidId(101), "nextValidId", _always({"0": 101})),
    Sample(said.ManagedAccounts(("DU1", "DU2")), "managedAccounts", _always({"0": "DU1,DU2"})),
    Sample(said.CurrentTime(1772461800), "currentTime", _always({"0": 1772461800})),
    Sample(
        said.ErrorReply(17, 201, "Order rejected - reason: too large"),
        "error",
        _always({"0": 17, "1": 201, "2": "Order rejected - reason: too large"}),
    ),
    _open_order(WORKING),
    _open_order(MARKET),
    Sample(said.OpenOrderEnd(), "openOrderEnd", _always({})),
    _completed_order(FILLED, 0.0),
    _completed_order(CANCELLED, 20000.0),
    Sample(said.CompletedOrdersEnd(), "completedOrdersEnd", _always({}), since=150),
    Sample(
        said.OrderStatus(
            17, 3, 1812345678, 16, "Submitted", Decimal(5000), Decimal(15000), Decimal("1.26"), Decimal("1.25"), "child"
        ),
        "orderStatus",
        _always({
            "0": 17, "1": "Submitted", "2": 5000.0, "3": 15000.0, "4": 1.26, "5": 1812345678, "6": 16, "7": 1.25,
            "8": 3, "9": "child",
        }),
    ),
    _execution(),
    Sample(said.ExecutionsEnd(9), "execDetailsEnd", _always({"0": 9})),
    Sample(
        said.Commission("0000e0d5.65e2a1b3.01.01", Decimal("2.5"), "USD"),
        "commissionReport",
        _always({
            "0.execId": "0000e0d5.65e2a1b3.01.01", "0.commission": 2.5, "0.currency": "USD", "0.realizedPNL": UNSET,
            "0.yield_": UNSET, "0.yieldRedemptionDate": 0,
        }),
    ),
    Sample(
        said.Commission("1", Decimal(2), "USD", Decimal("-3.25")),
        "commissionReport",
        _always({"0.realizedPNL": -3.25}),
    ),
    *_account(),
    *_market(),
)  # fmt: skip
