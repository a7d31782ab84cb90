"""What the server says about orders, fills and commissions, laid out by version."""

from __future__ import annotations

from datetime import tzinfo
from typing import TypeAlias, assert_never

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.completedorder import completed_order
from phoenix.adapters.gateway.wire.numbers import UNSET_DOUBLE_TEXT, decimal_text, double_text, optional_double_text
from phoenix.adapters.gateway.wire.openorder import open_order
from phoenix.adapters.gateway.wire.times import local_text, zoned_text

OrderReply: TypeAlias = (
    said.OpenOrder | said.OpenOrderEnd | said.CompletedOrder | said.CompletedOrdersEnd | said.OrderStatus
    | said.ExecutionDetails | said.ExecutionsEnd | said.Commission
)  # fmt: skip


def encode_order_reply(reply: OrderReply, version: int, zone: tzinfo) -> list[str]:
    """The fields of one message; times are told in `zone`."""
    match reply:
        case said.OpenOrder():
            return open_order(reply.order, version)
        case said.OpenOrderEnd():
            return ["53", "1"]
        case said.CompletedOrder():
            return completed_order(reply.order, version, zone)
        case said.CompletedOrdersEnd():
            return ["102"]
        case said.OrderStatus():
            return _status(reply, version)
        case said.ExecutionDetails():
            return _execution(reply, version, zone)
        case said.ExecutionsEnd():
            return ["55", "1", str(reply.request_id)]
        case said.Commission():
            return _commission(reply)
        case _:
            assert_never(reply)


def _status(reply: said.OrderStatus, version: int) -> list[str]:
    own_version = ["6"] if version < 131 else []
    market_cap_price = ["0.0"] if version >= 131 else []
    return [
        "3",
        *own_version,
        str(reply.order_id),
        reply.status,
        decimal_text(reply.filled),
        decimal_text(reply.remaining),
        double_text(reply.average_fill_price),
        str(reply.permanent_id),
        str(reply.parent_id),
        double_text(reply.last_fill_price),
        str(reply.client_id),
        reply.why_held,
        *market_cap_price,
    ]


def _execution(reply: said.ExecutionDetails, version: int, zone: tzinfo) -> list[str]:
    own_version = ["10"] if version < 136 else []
    told_at = zoned_text if version >= 174 else local_text
    return [
        "11",
        *own_version,
        str(reply.request_id),
        str(reply.order_id),
        *_security(reply.security),
        reply.execution_id,
        told_at(reply.executed_at, zone),
        reply.account,
        reply.security.exchange,
        reply.side,
        decimal_text(reply.quantity),
        double_text(reply.price),
        str(reply.permanent_id),
        str(reply.client_id),
        "0",  # liquidation
        decimal_text(reply.cumulative_quantity),
        double_text(reply.average_price),
        reply.reference,
        *_execution_tail(version),
    ]


def _execution_tail(version: int) -> list[str]:
    model_code = [""] if version >= 103 else []
    last_liquidity = ["0"] if version >= 136 else []
    pending_price_revision = ["0"] if version >= 178 else []
    return ["", "", *model_code, *last_liquidity, *pending_price_revision]  # blank: evRule, evMultiplier


def _security(security: said.Security) -> list[str]:
    return [
        str(security.contract_id),
        security.symbol,
        security.security_type,
        "",  # lastTradeDateOrContractMonth
        "0.0",  # strike
        "",  # right
        "",  # multiplier
        security.exchange,
        security.currency,
        security.local_symbol,
        security.trading_class,
    ]


def _commission(reply: said.Commission) -> list[str]:
    return [
        "59",
        "1",
        reply.execution_id,
        double_text(reply.amount),
        reply.currency,
        optional_double_text(reply.realised),
        UNSET_DOUBLE_TEXT,  # yield
        "",  # yieldRedemptionDate
    ]
