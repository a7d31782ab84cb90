"""What the server says about contracts and prices, laid out by version."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.numbers import decimal_text, double_text
from phoenix.adapters.gateway.wire.texts import escaped, size_text

MarketReply: TypeAlias = (
    said.TickPrice | said.TickSize | said.TickParameters | said.SnapshotEnd | said.MarketDataType
    | said.ContractDetails | said.ContractDetailsEnd | said.MarketRule
)  # fmt: skip

_ORDER_TYPES = "LMT,MKT,STP,STP LMT"
_SIZE_RULES_SINCE = 164


def encode_market_reply(reply: MarketReply, version: int) -> list[str]:
    """The fields of one message."""
    match reply:
        case said.TickPrice():
            return _tick_price(reply, version)
        case said.TickSize():
            return ["2", "6", str(reply.request_id), str(reply.tick_type), size_text(reply.size, version)]
        case said.TickParameters():
            minimum, permissions = double_text(reply.minimum_tick), str(reply.snapshot_permissions)
            return ["81", str(reply.request_id), minimum, reply.exchange, permissions]
        case said.SnapshotEnd():
            return ["57", "1", str(reply.request_id)]
        case said.MarketDataType():
            return ["58", "1", str(reply.request_id), str(reply.kind)]
        case said.ContractDetails():
            return _contract_details(reply, version)
        case said.ContractDetailsEnd():
            return ["52", "1", str(reply.request_id)]
        case said.MarketRule():
            steps = (double_text(number) for increment in reply.increments for number in increment)
            return ["93", str(reply.rule_id), str(len(reply.increments)), *steps]
        case _:
            assert_never(reply)


def _tick_price(reply: said.TickPrice, version: int) -> list[str]:
    return [
        "1",
        "6",
        str(reply.request_id),
        str(reply.tick_type),
        double_text(reply.price),
        size_text(reply.size, version),
        "1" if reply.can_auto_execute else "0",
    ]


def _contract_details(reply: said.ContractDetails, version: int) -> list[str]:
    security = reply.security
    has_size_rules = version >= _SIZE_RULES_SINCE
    return [
        "10",
        *([] if has_size_rules else ["8"]),
        str(reply.request_id),
        security.symbol,
        security.security_type,
        "",  # lastTradeDateOrContractMonth
        "0",  # strike
        "",  # right
        security.exchange,
        security.currency,
        security.local_symbol,
        security.trading_class,  # as the market's name
        security.trading_class,
        str(security.contract_id),
        double_text(security.minimum_tick),
        *(["1"] if 110 <= version < _SIZE_RULES_SINCE else []),  # mdSizeMultiplier
        "",  # multiplier
        _ORDER_TYPES,
        security.exchange,  # the only valid one
        "1",  # priceMagnifier
        "0",  # underConId
        escaped(security.long_name, version),
        *_contract_tail(security, version),
    ]


def _contract_tail(security: said.Security, version: int) -> list[str]:
    fields = [""] * 8  # primaryExchange, contractMonth, industry, category, subcategory, timeZoneId, hours, liquidHours
    fields += ["", "", "0"]  # evRule, evMultiplier, secIdList
    if version >= 121:
        fields += ["4" if security.security_type == "CASH" else "1"]  # aggGroup
    if version >= 122:
        fields += ["", ""]  # underSymbol, underSecType
    if version >= 126:
        fields += [str(security.market_rule_id)]
    if version >= 134:
        fields += [""]  # realExpirationDate
    if version >= 152:
        fields += [""]  # stockType
    return [*fields, *_sizes(security, version)]


def _sizes(security: said.Security, version: int) -> list[str]:
    smallest, increment = decimal_text(security.minimum_size), decimal_text(security.size_increment)
    if version >= _SIZE_RULES_SINCE:
        return [smallest, increment, increment]  # the last one is the suggested increment
    return [increment] if version == 163 else []
