"""Requests made through a real client, and what they must be decoded to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from phoenix.adapters.gateway.wire import requests as asked
from phoenix.adapters.gateway.wire.requests import ContractFields, OrderFields, Request


@dataclass(frozen=True)
class Sample:
    """What a user calls on the client, and the request it stands for. `since` is the version that introduced it."""

    label: str
    ask: Callable[[Any], None]
    expected: Request
    since: int = 0


EURUSD = ContractFields(
    contract_id=12087792, symbol="EUR", security_type="CASH", exchange="IDEALPRO", currency="USD",
    local_symbol="EUR.USD", primary_exchange="", trading_class="EUR.USD",
)  # fmt: skip


def samples(classes: Any) -> Iterator[Sample]:
    """One of every request, with contracts and orders made of the library's own classes."""
    yield from _plain(classes)
    yield from _streams(classes)
    yield from _not_simulated(classes)
    yield from _orders(classes)


def _contract(classes: Any, **changes: Any) -> Any:
    contract = classes.Contract()
    values = {
        "conId": 12087792, "symbol": "EUR", "secType": "CASH", "exchange": "IDEALPRO", "currency": "USD",
        "localSymbol": "EUR.USD", "tradingClass": "EUR.USD",
    }  # fmt: skip
    for name, value in (values | changes).items():
        setattr(contract, name, value)
    return contract


def _plain(classes: Any) -> Iterator[Sample]:
    known = classes.ExecutionFilter()
    known.clientId, known.acctCode, known.time, known.symbol = 3, "DU1", "20260302-00:00:00", "EUR"
    known.secType, known.exchange, known.side = "CASH", "IDEALPRO", "BUY"
    wanted = asked.ExecutionFilter(3, "DU1", "20260302-00:00:00", "EUR", "CASH", "IDEALPRO", "BUY")
    none = classes.ExecutionFilter()
    yield Sample("startApi", lambda c: c.startApi(), asked.StartApi(3))
    yield Sample("cancelOrder", lambda c: c.cancelOrder(17), asked.CancelOrder(17))
    yield Sample("reqGlobalCancel", lambda c: c.reqGlobalCancel(), asked.CancelAllOrders())
    yield Sample("reqOpenOrders", lambda c: c.reqOpenOrders(), asked.AskOpenOrders(of_all=False))
    yield Sample("reqAllOpenOrders", lambda c: c.reqAllOpenOrders(), asked.AskOpenOrders(of_all=True))
    yield Sample("reqAutoOpenOrders", lambda c: c.reqAutoOpenOrders(True), asked.AskAutoOpenOrders(bind=True))
    yield Sample("reqCompletedOrders", lambda c: c.reqCompletedOrders(False), asked.AskCompletedOrders(api_only=False))
    yield Sample("reqExecutions", lambda c: c.reqExecutions(9, known), asked.AskExecutions(9, wanted))
    yield Sample("all executions", lambda c: c.reqExecutions(9, none), asked.AskExecutions(9, asked.ExecutionFilter()))
    yield Sample("reqCurrentTime", lambda c: c.reqCurrentTime(), asked.AskTime())
    yield Sample("reqIds", lambda c: c.reqIds(-1), asked.AskIds())
    yield Sample("reqManagedAccts", lambda c: c.reqManagedAccts(), asked.AskAccounts())
    yield Sample("setServerLogLevel", lambda c: c.setServerLogLevel(5), asked.SetLogLevel(5))
    yield Sample("reqMarketRule", lambda c: c.reqMarketRule(239), asked.AskMarketRule(239), since=126)


def _streams(classes: Any) -> Iterator[Sample]:
    contract = _contract(classes)
    yield Sample("reqPositions", lambda c: c.reqPositions(), asked.AskPositions())
    yield Sample("cancelPositions", lambda c: c.cancelPositions(), asked.StopPositions())
    yield Sample("updates", lambda c: c.reqAccountUpdates(True, "DU1"), asked.AskAccountUpdates(True, "DU1"))
    updates = asked.AskAccountUpdatesMulti(5, "DU1", "", ledger_only=False)
    yield Sample("multi", lambda c: c.reqAccountUpdatesMulti(5, "DU1", "", False), updates, since=103)
    stopped = asked.StopAccountUpdatesMulti(5)
    yield Sample("cancel multi", lambda c: c.cancelAccountUpdatesMulti(5), stopped, since=103)
    tags = ("NetLiquidation", "BuyingPower")
    yield Sample(
        "summary", lambda c: c.reqAccountSummary(4, "All", ",".join(tags)), asked.AskAccountSummary(4, "All", tags)
    )
    yield Sample("cancelAccountSummary", lambda c: c.cancelAccountSummary(4), asked.StopAccountSummary(4))
    yield Sample("reqPnL", lambda c: c.reqPnL(6, "DU1", ""), asked.AskProfit(6, "DU1"), since=127)
    yield Sample("cancelPnL", lambda c: c.cancelPnL(6), asked.StopProfit(6), since=127)
    one = asked.AskProfitOfOne(7, "DU1", 12087792)
    yield Sample("reqPnLSingle", lambda c: c.reqPnLSingle(7, "DU1", "", 12087792), one, since=127)
    yield Sample("cancelPnLSingle", lambda c: c.cancelPnLSingle(7), asked.StopProfitOfOne(7), since=127)
    prices = asked.AskPrices(8, EURUSD, "233", is_snapshot=True)
    yield Sample("reqMktData", lambda c: c.reqMktData(8, contract, "233", True, False, []), prices)
    yield Sample("cancelMktData", lambda c: c.cancelMktData(8), asked.StopPrices(8))
    combination, legs = _contract(classes, secType="BAG"), [_leg(classes), _leg(classes)]
    combination.comboLegs = legs
    combination.deltaNeutralContract = _delta_neutral(classes)
    bag = replace(EURUSD, security_type="BAG")
    yield Sample(
        "reqMktData BAG", lambda c: c.reqMktData(8, combination, "", False, False, []), asked.AskPrices(8, bag)
    )
    yield Sample("reqMarketDataType", lambda c: c.reqMarketDataType(3), asked.AskMarketDataType(3))
    yield Sample("details", lambda c: c.reqContractDetails(5, contract), asked.AskContractDetails(5, EURUSD))


def _not_simulated(classes: Any) -> Iterator[Sample]:
    contract = _contract(classes)
    calls: dict[str, tuple[tuple[Any, ...], int]] = {
        "reqHistoricalData": ((31, contract, "", "1 D", "1 min", "MIDPOINT", True, 1, False, []), 31),
        "cancelHistoricalData": ((31,), 31),
        "reqMktDepth": ((32, contract, 5, False, []), 32),
        "cancelMktDepth": ((32, False), 32),
        "reqRealTimeBars": ((33, contract, 5, "MIDPOINT", True, []), 33),
        "cancelRealTimeBars": ((33,), 33),
        "cancelScannerSubscription": ((34,), 34),
        "reqScannerParameters": ((), -1),
        "reqFamilyCodes": ((), -1),
        "reqNewsProviders": ((), -1),
        "reqMktDepthExchanges": ((), -1),
        "reqHeadTimeStamp": ((35, contract, "MIDPOINT", True, 1), 35),
        "reqMatchingSymbols": ((36, "EUR"), 36),
        "reqTickByTickData": ((37, contract, "Last", 0, False), 37),
        "reqPositionsMulti": ((38, "DU1", ""), 38),
        "reqSecDefOptParams": ((39, "EUR", "", "CASH", 12087792), 39),
        "reqNewsBulletins": ((True,), -1),
    }
    for name, (arguments, request_id) in calls.items():
        yield Sample(name, _calling(name, arguments), asked.NotSimulated(name, request_id))


def _calling(name: str, arguments: tuple[Any, ...]) -> Callable[[Any], None]:
    return lambda client: getattr(client, name)(*arguments)


def _leg(classes: Any) -> Any:
    leg = classes.ComboLeg()
    leg.conId, leg.ratio, leg.action, leg.exchange = 1, 1, "BUY", "SMART"
    return leg


def _delta_neutral(classes: Any) -> Any:
    contract = classes.DeltaNeutralContract()
    contract.conId, contract.delta, contract.price = 1, 0.5, 1.2
    return contract


def _tag(classes: Any) -> Any:
    return classes.TagValue("adaptivePriority", "Normal")


_BASE = OrderFields(
    action="BUY", quantity=Decimal(20000), order_type="LMT", limit_price=Decimal("0.00005"), time_in_force="GTC",
    oca_group="g", oca_type=3, account="DU1", reference="px-1", transmit=False, parent_id=16, outside_hours=True,
    good_till="20260302 16:00:00",
)  # fmt: skip


def _order(classes: Any, **changes: Any) -> Any:
    order = classes.Order()
    values = {
        "action": "BUY", "totalQuantity": 20000.0, "orderType": "LMT", "lmtPrice": 0.00005, "tif": "GTC",
        "ocaGroup": "g", "ocaType": 3, "account": "DU1", "orderRef": "px-1", "transmit": False, "parentId": 16,
        "outsideRth": True, "goodTillDate": "20260302 16:00:00", "eTradeOnly": False, "firmQuoteOnly": False,
    }  # fmt: skip
    for name, value in (values | changes).items():
        setattr(order, name, value)
    return order


_GROUPS: dict[str, dict[str, Any]] = {
    "scale": {"scaleInitLevelSize": 1, "scaleSubsLevelSize": 1, "scalePriceIncrement": 0.01, "scaleAutoReset": True},
    "hedge": {"hedgeType": "F", "hedgeParam": "1"},
    "delta neutral": {"deltaNeutralOrderType": "MKT", "deltaNeutralConId": 5},
    "algo without parameters": {"algoStrategy": "Adaptive"},
    "trailing": {"trailStopPrice": 1.25, "trailingPercent": 0.5, "lmtPriceOffset": 0.1},
    "adjusted": {"adjustedOrderType": "STP", "triggerPrice": 1.25, "adjustedStopPrice": 1.2},
    "cash": {"cashQty": 100.0},
}


def _orders(classes: Any) -> Iterator[Sample]:
    for label, changes in _GROUPS.items():
        yield _placed(label, classes, _order(classes, **changes))
    yield _placed("plain", classes, _order(classes))
    yield _placed("algo", classes, _order(classes, algoStrategy="Adaptive", algoParams=[_tag(classes)]))
    yield _placed("conditions", classes, _order(classes, conditions=_conditions(classes), conditionsIgnoreRth=True))
    yield _placed(
        "market", classes, _order(classes, orderType="MKT", lmtPrice=classes.UNSET_DOUBLE, whatIf=True),
        order_type="MKT", limit_price=None, what_if=True,
    )  # fmt: skip
    yield _placed(
        "only", classes, _order(classes, eTradeOnly=True, firmQuoteOnly=True), e_trade_only=True, firm_quote_only=True
    )
    for kind in ("PEG BENCH", "PEG MID", "PEG BEST", "STP LMT"):
        yield _placed(kind, classes, _order(classes, orderType=kind, auxPrice=1.5), order_type=kind,
                      auxiliary_price=Decimal("1.5"))  # fmt: skip
    best = _order(classes, orderType="PEG BEST", competeAgainstBestOffset=math.inf)
    yield _placed("PEG BEST up to the middle", classes, best, order_type="PEG BEST")
    yield _placed_with_contract("IBKRATS", classes, _order(classes), exchange="IBKRATS")
    yield _combination(classes)


def _placed(label: str, classes: Any, order: Any, **changes: Any) -> Sample:
    contract = _contract(classes)
    expected = asked.PlaceOrder(17, EURUSD, replace(_BASE, **changes))
    return Sample(f"placeOrder {label}", lambda c: c.placeOrder(17, contract, order), expected)


def _placed_with_contract(label: str, classes: Any, order: Any, *, exchange: str) -> Sample:
    contract = _contract(classes, exchange=exchange)
    expected = asked.PlaceOrder(17, replace(EURUSD, exchange=exchange), _BASE)
    return Sample(f"placeOrder {label}", lambda c: c.placeOrder(17, contract, order), expected)


def _combination(classes: Any) -> Sample:
    contract = _contract(classes, secType="BAG", comboLegs=[_leg(classes), _leg(classes)])
    contract.deltaNeutralContract = _delta_neutral(classes)
    order = _order(classes, smartComboRoutingParams=[_tag(classes)])
    price = classes.OrderComboLeg()
    price.price = 1.5
    order.orderComboLegs = [price, price]
    expected = asked.PlaceOrder(17, replace(EURUSD, security_type="BAG"), _BASE)
    return Sample("placeOrder combination", lambda c: c.placeOrder(17, contract, order), expected)


def _conditions(classes: Any) -> list[Any]:
    kinds = ("Price", "Time", "Margin", "Execution", "Volume", "PercentChange")
    values = {
        "price": 1.25, "conId": 1, "exch": "SMART", "exchange": "SMART", "triggerMethod": 0, "time": "20260302 10:00",
        "percent": 30, "volume": 100, "changePercent": 1.5, "secType": "CASH", "symbol": "EUR", "isMore": True,
    }  # fmt: skip
    made = [getattr(classes, f"{kind}Condition")() for kind in kinds]
    for condition in made:
        for name, value in values.items():
            setattr(condition, name, value)
    return made
