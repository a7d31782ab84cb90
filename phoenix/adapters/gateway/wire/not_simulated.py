"""The requests that TWS knows and the simulator does not carry out, and where each of them has its request id."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.adapters.gateway.wire.numbers import READING_FAILED, read_integer
from phoenix.adapters.gateway.wire.requests import NotSimulated, Undecodable

_WITH_ID_BEHIND_VERSION = {
    10: "reqMktDepth", 11: "cancelMktDepth", 21: "exerciseOptions", 23: "cancelScannerSubscription",
    25: "cancelHistoricalData", 50: "reqRealTimeBars", 51: "cancelRealTimeBars", 52: "reqFundamentalData",
    53: "cancelFundamentalData", 54: "calculateImpliedVolatility", 55: "calculateOptionPrice",
    56: "cancelCalculateImpliedVolatility", 57: "cancelCalculateOptionPrice", 67: "queryDisplayGroups",
    68: "subscribeToGroupEvents", 69: "updateDisplayGroup", 70: "unsubscribeFromGroupEvents",
    74: "reqPositionsMulti", 75: "cancelPositionsMulti",
}  # fmt: skip

_WITH_ID_FIRST = {
    78: "reqSecDefOptParams", 79: "reqSoftDollarTiers", 81: "reqMatchingSymbols", 83: "reqSmartComponents",
    84: "reqNewsArticle", 86: "reqHistoricalNews", 87: "reqHeadTimeStamp", 88: "reqHistogramData",
    89: "cancelHistogramData", 90: "cancelHeadTimeStamp", 96: "reqHistoricalTicks", 97: "reqTickByTickData",
    98: "cancelTickByTickData", 100: "reqWshMetaData", 101: "cancelWshMetaData", 102: "reqWshEventData",
    103: "cancelWshEventData", 104: "reqUserInfo",
}  # fmt: skip

_WITH_ID_FIRST_SINCE = {20: ("reqHistoricalData", 124), 22: ("reqScannerSubscription", 143)}
"""These lost the version field in front of their request id at the version given."""

_WITHOUT_ID = {
    12: "reqNewsBulletins", 13: "cancelNewsBulletins", 18: "requestFA", 19: "replaceFA", 24: "reqScannerParameters",
    65: "verifyRequest", 66: "verifyMessage", 72: "verifyAndAuthRequest", 73: "verifyAndAuthMessage",
    80: "reqFamilyCodes", 82: "reqMktDepthExchanges", 85: "reqNewsProviders",
}  # fmt: skip


def not_simulated(message_id: int, fields: Sequence[str], version: int) -> NotSimulated | None:
    """The request by name, or None when no such message is known. Raises Undecodable when its id cannot be read."""
    if message_id in _WITHOUT_ID:
        return NotSimulated(_WITHOUT_ID[message_id])
    if message_id in _WITH_ID_BEHIND_VERSION:
        return _identified(_WITH_ID_BEHIND_VERSION[message_id], fields, 2)
    if message_id in _WITH_ID_FIRST:
        return _identified(_WITH_ID_FIRST[message_id], fields, 1)
    if message_id in _WITH_ID_FIRST_SINCE:
        name, since = _WITH_ID_FIRST_SINCE[message_id]
        return _identified(name, fields, 1 if version >= since else 2)
    return None


def _identified(name: str, fields: Sequence[str], position: int) -> NotSimulated:
    if len(fields) <= position:
        raise Undecodable(READING_FAILED, f"Error reading request: {name} ends before its request id")
    return NotSimulated(name, read_integer("reqId", fields[position]))
