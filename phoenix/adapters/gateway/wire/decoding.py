"""What a client sent, read into a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from phoenix.adapters.gateway.wire import requests as asked
from phoenix.adapters.gateway.wire.cursor import Cursor
from phoenix.adapters.gateway.wire.not_simulated import not_simulated
from phoenix.adapters.gateway.wire.numbers import read_integer
from phoenix.adapters.gateway.wire.order_decoding import decode_order
from phoenix.adapters.gateway.wire.requests import Request, Undecodable

UNKNOWN_MESSAGE = 505

_Reader: TypeAlias = Callable[[Cursor], Request]


def decode(fields: Sequence[str], version: int) -> Request:
    """The request in the fields of one message, laid out for this server version.

    Raises Undecodable, with the code TWS would answer, for a message with a field too few, too many or unreadable.
    """
    if not fields or not fields[0]:
        raise Undecodable(UNKNOWN_MESSAGE, "Unknown message id: there is none")
    message_id = read_integer("message id", fields[0])
    if message_id not in _READERS:
        other = not_simulated(message_id, fields, version)
        if other is None:
            raise Undecodable(UNKNOWN_MESSAGE, f"Unknown message id: {message_id}")
        return other
    name, read = _READERS[message_id]
    cursor = Cursor(name, fields, version)
    request = read(cursor)
    cursor.finish()
    return request


def _bare(request: Request) -> _Reader:
    """A message of nothing but its version."""

    def read(cursor: Cursor) -> Request:
        cursor.integer("version")
        return request

    return read


def _of_one_id(make: Callable[[int], Request]) -> _Reader:
    def read(cursor: Cursor) -> Request:
        return make(cursor.identify("reqId"))

    return read


def _versioned(read_rest: _Reader) -> _Reader:
    """A message with a version of its own, which says nothing that the server's version does not say."""

    def read(cursor: Cursor) -> Request:
        cursor.integer("version")
        return read_rest(cursor)

    return read


def _start(cursor: Cursor) -> Request:
    return asked.StartApi(cursor.integer("clientId"), cursor.text("optionalCapabilities"))


def _cancel(cursor: Cursor) -> Request:
    order_id = cursor.identify("orderId")
    if cursor.version >= 169:
        cursor.skip("manualCancelOrderTime")
    return asked.CancelOrder(order_id)


def _executions(cursor: Cursor) -> Request:
    return asked.AskExecutions(
        cursor.identify("reqId"),
        asked.ExecutionFilter(
            client_id=cursor.integer("clientId"),
            account=cursor.text("acctCode"),
            since=cursor.text("time"),
            symbol=cursor.text("symbol"),
            security_type=cursor.text("secType"),
            exchange=cursor.text("exchange"),
            side=cursor.text("side"),
        ),
    )


def _account_updates(cursor: Cursor) -> Request:
    return asked.AskAccountUpdates(cursor.flag("subscribe"), cursor.text("acctCode"))


def _account_updates_multi(cursor: Cursor) -> Request:
    return asked.AskAccountUpdatesMulti(
        cursor.identify("reqId"), cursor.text("account"), cursor.text("modelCode"), cursor.flag("ledgerAndNLV")
    )


def _ids(cursor: Cursor) -> Request:
    cursor.integer("numIds")
    return asked.AskIds()


def _auto_open_orders(cursor: Cursor) -> Request:
    return asked.AskAutoOpenOrders(cursor.flag("autoBind"))


def _account_summary(cursor: Cursor) -> Request:
    request_id, group, tags = cursor.identify("reqId"), cursor.text("group"), cursor.text("tags")
    return asked.AskAccountSummary(request_id, group, tuple(tag.strip() for tag in tags.split(",") if tag.strip()))


def _prices(cursor: Cursor) -> Request:
    request_id, contract = cursor.identify("reqId"), cursor.contract()
    if contract.security_type == "BAG":
        for _ in range(cursor.count("comboLegs")):
            cursor.skip("conId", "ratio", "action", "exchange")
    if cursor.flag("deltaNeutralContract"):
        cursor.skip("conId", "delta", "price")
    generic_ticks, is_snapshot = cursor.text("genericTickList"), cursor.flag("snapshot")
    if cursor.version >= 114:
        cursor.skip("regulatorySnapshot")
    cursor.skip("mktDataOptions")
    return asked.AskPrices(request_id, contract, generic_ticks, is_snapshot)


def _contract_details(cursor: Cursor) -> Request:
    request_id, contract = cursor.identify("reqId"), cursor.contract()
    cursor.skip("includeExpired", "secIdType", "secId")
    if cursor.version >= 176:
        cursor.skip("issuerId")
    return asked.AskContractDetails(request_id, contract)


def _profit(cursor: Cursor) -> Request:
    request_id, account = cursor.identify("reqId"), cursor.text("account")
    cursor.skip("modelCode")
    return asked.AskProfit(request_id, account)


def _profit_of_one(cursor: Cursor) -> Request:
    request_id, account = cursor.identify("reqId"), cursor.text("account")
    cursor.skip("modelCode")
    return asked.AskProfitOfOne(request_id, account, cursor.integer("conId"))


def _completed_orders(cursor: Cursor) -> Request:
    return asked.AskCompletedOrders(cursor.flag("apiOnly"))


def _market_data_type(cursor: Cursor) -> Request:
    return asked.AskMarketDataType(cursor.integer("marketDataType"))


def _log_level(cursor: Cursor) -> Request:
    return asked.SetLogLevel(cursor.integer("logLevel"))


def _market_rule(cursor: Cursor) -> Request:
    return asked.AskMarketRule(cursor.integer("marketRuleId"))


_READERS: Mapping[int, tuple[str, _Reader]] = {
    1: ("reqMktData", _versioned(_prices)),
    2: ("cancelMktData", _versioned(_of_one_id(asked.StopPrices))),
    3: ("placeOrder", decode_order),
    4: ("cancelOrder", _versioned(_cancel)),
    5: ("reqOpenOrders", _bare(asked.AskOpenOrders(of_all=False))),
    6: ("reqAccountUpdates", _versioned(_account_updates)),
    7: ("reqExecutions", _versioned(_executions)),
    8: ("reqIds", _versioned(_ids)),
    76: ("reqAccountUpdatesMulti", _versioned(_account_updates_multi)),
    77: ("cancelAccountUpdatesMulti", _versioned(_of_one_id(asked.StopAccountUpdatesMulti))),
    9: ("reqContractDetails", _versioned(_contract_details)),
    14: ("setServerLogLevel", _versioned(_log_level)),
    15: ("reqAutoOpenOrders", _versioned(_auto_open_orders)),
    16: ("reqAllOpenOrders", _bare(asked.AskOpenOrders(of_all=True))),
    17: ("reqManagedAccts", _bare(asked.AskAccounts())),
    49: ("reqCurrentTime", _bare(asked.AskTime())),
    58: ("reqGlobalCancel", _bare(asked.CancelAllOrders())),
    59: ("reqMarketDataType", _versioned(_market_data_type)),
    61: ("reqPositions", _bare(asked.AskPositions())),
    62: ("reqAccountSummary", _versioned(_account_summary)),
    63: ("cancelAccountSummary", _versioned(_of_one_id(asked.StopAccountSummary))),
    64: ("cancelPositions", _bare(asked.StopPositions())),
    71: ("startApi", _versioned(_start)),
    91: ("reqMarketRule", _market_rule),
    92: ("reqPnL", _profit),
    93: ("cancelPnL", _of_one_id(asked.StopProfit)),
    94: ("reqPnLSingle", _profit_of_one),
    95: ("cancelPnLSingle", _of_one_id(asked.StopProfitOfOne)),
    99: ("reqCompletedOrders", _completed_orders),
}
