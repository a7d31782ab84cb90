"""What the server says about accounts, positions and profits, laid out by version."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.numbers import decimal_text, double_text, optional_double_text
from phoenix.adapters.gateway.wire.texts import size_text

AccountReply: TypeAlias = (
    said.Position | said.PositionsEnd | said.AccountSummary | said.AccountSummaryEnd | said.AccountValue
    | said.AccountValueMulti | said.AccountValuesMultiEnd | said.PortfolioValue | said.AccountUpdateTime
    | said.AccountDownloadEnd | said.Profit | said.ProfitOfOne
)  # fmt: skip

_UNREALISED_SINCE = 129
_REALISED_SINCE = 135


def encode_account_reply(reply: AccountReply, version: int) -> list[str]:
    """The fields of one message."""
    match reply:
        case said.Position():
            return _position(reply)
        case said.PositionsEnd():
            return ["62", "1"]
        case said.AccountSummary():
            return ["63", "1", str(reply.request_id), reply.account, reply.tag, reply.value, reply.currency]
        case said.AccountSummaryEnd():
            return ["64", "1", str(reply.request_id)]
        case said.AccountValue():
            return ["6", "2", reply.key, reply.value, reply.currency, reply.account]
        case said.AccountValueMulti():
            return ["73", "1", str(reply.request_id), reply.account, "", reply.key, reply.value, reply.currency]
        case said.AccountValuesMultiEnd():
            return ["74", "1", str(reply.request_id)]
        case said.PortfolioValue():
            return _portfolio_value(reply)
        case said.AccountUpdateTime():
            return ["8", "1", reply.text]
        case said.AccountDownloadEnd():
            return ["54", "1", reply.account]
        case said.Profit() | said.ProfitOfOne():
            return _profit(reply, version)
        case _:
            assert_never(reply)


def _position(reply: said.Position) -> list[str]:
    return [
        "61",
        "3",
        reply.account,
        *_named(reply.security),
        reply.security.exchange,
        *_denoted(reply.security),
        decimal_text(reply.quantity),
        double_text(reply.average_cost),
    ]


def _portfolio_value(reply: said.PortfolioValue) -> list[str]:
    amounts = (reply.market_price, reply.market_value, reply.average_cost, reply.unrealised, reply.realised)
    return [
        "7",
        "8",
        *_named(reply.security),
        reply.security.exchange,  # here as the primary exchange
        *_denoted(reply.security),
        decimal_text(reply.quantity),
        *(double_text(amount) for amount in amounts),
        reply.account,
    ]


def _named(security: said.Security) -> list[str]:
    """As far as the exchange; blank or zero are expiry, strike, right and multiplier."""
    return [str(security.contract_id), security.symbol, security.security_type, "", "0.0", "", ""]


def _denoted(security: said.Security) -> list[str]:
    return [security.currency, security.local_symbol, security.trading_class]


def _profit(reply: said.Profit | said.ProfitOfOne, version: int) -> list[str]:
    profits = [
        optional_double_text(reply.daily),
        *([optional_double_text(reply.unrealised)] if version >= _UNREALISED_SINCE else []),
        *([optional_double_text(reply.realised)] if version >= _REALISED_SINCE else []),
    ]
    if isinstance(reply, said.Profit):
        return ["94", str(reply.request_id), *profits]
    size = size_text(reply.quantity, version)
    return ["95", str(reply.request_id), size, *profits, optional_double_text(reply.value)]
