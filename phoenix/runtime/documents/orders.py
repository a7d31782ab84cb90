"""Orders, executions, the account and quotes as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.runtime.documents.positions import order_document, quote_document
from phoenix.runtime.documents.values import optional_instant, optional_number
from phoenix.runtime.readings import AccountReading, FillReading, OrderReading
from phoenix.runtime.readings.orders import Commission
from phoenix.runtime.readings.positions import LastWord


def orders_document(
    orders: Sequence[OrderReading], words: Mapping[str, LastWord], now: datetime
) -> dict[str, Any]:  # fmt: skip
    return {
        "as_of": instant_text(now),
        "orders": [
            {
                "position_id": order.position_id, "pair": order.pair,
                **order_document(order.leg, words.get(order.leg.leg.reference)),
            }
            for order in orders
        ],
    }  # fmt: skip


def fills_document(
    fills: Sequence[FillReading], commissions: Mapping[str, Commission], now: datetime
) -> dict[str, Any]:  # fmt: skip
    """Executions, corrections and busts. A commission is null while the broker has told none."""
    return {"as_of": instant_text(now), "executions": [_fill(fill, commissions) for fill in fills]}


def account_document(reading: AccountReading | None, now: datetime) -> dict[str, Any]:
    """The last snapshot; `known` is false while none was ever taken, and then nothing is known about the account."""
    if reading is None:
        return {"known": False, "as_of": None, "said": "the broker has not told anything of the account yet"}
    snapshot = reading.snapshot
    return {
        "known": True, "account": snapshot.account, "mode": snapshot.mode.value, "currency": snapshot.currency,
        "equity": decimal_text(snapshot.equity), "balance": decimal_text(snapshot.balance),
        "margin_used": optional_number(snapshot.margin_used), "buying_power": optional_number(snapshot.buying_power),
        "as_of": instant_text(snapshot.as_of), "age_s": str(int(reading.age.total_seconds())),
        "now": instant_text(now),
    }  # fmt: skip


def quotes_document(quotes: Mapping[str, Answer[Quote]], now: datetime) -> dict[str, Any]:
    return {
        "now": instant_text(now),
        "quotes": {
            pair: {"unknown": answer.reason} if isinstance(answer, Unknown) else quote_document(answer.value, now)
            for pair, answer in quotes.items()
        },
    }


def _fill(fill: FillReading, commissions: Mapping[str, Commission]) -> dict[str, Any]:
    payload, cost = fill.payload, commissions.get(fill.execution_id)
    return {
        "event": fill.event.value, "execution_id": fill.execution_id, "position_id": fill.position_id,
        "role": None if fill.role is None else fill.role.value, "pair": payload.pair,
        "action": None if payload.action is None else payload.action.value,
        "quantity": optional_number(payload.quantity), "price": optional_number(payload.price),
        "client_order_id": payload.client_order_id, "permanent_id": payload.permanent_id,
        "commission": None if cost is None else decimal_text(cost.amount),
        "commission_currency": None if cost is None else cost.currency,
        "executed_at": optional_instant(payload.executed_at), "recorded_at": instant_text(fill.recorded_at),
    }  # fmt: skip
