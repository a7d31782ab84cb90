"""What the server says, laid out for a client's version."""

from __future__ import annotations

from datetime import tzinfo
from typing import assert_never

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.account_encoding import AccountReply, encode_account_reply
from phoenix.adapters.gateway.wire.market_encoding import MarketReply, encode_market_reply
from phoenix.adapters.gateway.wire.order_encoding import OrderReply, encode_order_reply
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.gateway.wire.texts import escaped


def encode(reply: Reply, version: int, zone: tzinfo) -> list[str]:
    """The fields of one message as a client of this server version reads them; times are told in `zone`.

    Raises ValueError for a number that the wire cannot carry.
    """
    match reply:
        case said.NextValidId():
            return ["9", "1", str(reply.order_id)]
        case said.ManagedAccounts():
            return ["15", "1", ",".join(reply.accounts)]
        case said.CurrentTime():
            return ["49", "1", str(reply.seconds)]
        case said.ErrorReply():
            return _error(reply, version)
    if isinstance(reply, OrderReply):
        return encode_order_reply(reply, version, zone)
    if isinstance(reply, AccountReply):
        return encode_account_reply(reply, version)
    if isinstance(reply, MarketReply):
        return encode_market_reply(reply, version)
    assert_never(reply)


def _error(reply: said.ErrorReply, version: int) -> list[str]:
    reason_as_json = [""] if version >= 166 else []
    return ["4", "2", str(reply.request_id), str(reply.code), escaped(reply.text, version), *reason_as_json]
