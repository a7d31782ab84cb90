"""Signals, proposals, evidence and what humans decide, in a trader's words."""

from __future__ import annotations

from collections.abc import Mapping

from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.setup import (
    AnchorPayload,
    ConflictPayload,
    EvidencePayload,
    IntentPayload,
    RefusalPayload,
    SignalPayload,
)
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.vocabulary import TokenEvent


def signal(payload: SignalPayload) -> str:
    return f"a signal of {payload.strategy_id} in {payload.pair} came in"


def anchor(payload: AnchorPayload) -> str:
    context = f"captured {instant_text(payload.captured_at)}, regime {payload.regime.value}"
    return f"the context of {payload.strategy_id} in {payload.pair}, {context}"


def intent(payload: IntentPayload) -> str:
    terms, pair = payload.entry, payload.pair or ""
    if terms is not None and payload.origin == "ADOPT":
        return f"adoption asked for: {terms.side.value} {decimal_text(terms.quantity)} {pair}"
    if terms is not None:
        return (
            f"proposed: {terms.side.value} {decimal_text(terms.quantity)} {pair} {terms.order_type.value} entry "
            f"{decimal_text(terms.entry_price)}, stop {decimal_text(terms.stop_price)}, target "
            f"{decimal_text(terms.target_price)}"
        )
    quantity = "" if payload.maximum_quantity is None else f" of at most {decimal_text(payload.maximum_quantity)}"
    prices = [
        f"{name} {decimal_text(price)}"
        for name, price in (("stop", payload.stop_price), ("target", payload.target_price))
        if price is not None
    ]
    return f"{payload.kind.value} proposed{quantity} {pair}{': ' if prices else ''}{', '.join(prices)}"


def evidence(payload: EvidencePayload) -> str:
    return f"evidence frozen, {payload.bundle_hash[:16]}; an approval must name it"


def conflict(payload: ConflictPayload) -> str:
    what = "its anchor is stale" if payload.stale else f"changed: {', '.join(payload.changed)}"
    return f"its context no longer stands ({payload.phase}): {what}"


def refusal(payload: RefusalPayload) -> str:
    return f"refused: {payload.reason.value} {payload.field}: {payload.detail}"


def decision(payload: DecisionPayload) -> str:
    detail = payload.detail if isinstance(payload.detail, Mapping) else {}
    said = ", ".join(f"{name} {value}" for name, value in detail.items() if value is not None)
    reason = "" if payload.reason is None else f": {payload.reason}"
    return f"decided: {payload.kind.value}{' with ' if said else ''}{said}{reason}"


def token(payload: TokenPayload) -> str:
    reason = "" if payload.reason is None else f": {payload.reason.value}"
    if payload.event is TokenEvent.ISSUED:
        return f"approved by {payload.approver}: a token was issued"
    if payload.event is TokenEvent.REJECTED:
        return f"the approval {'ended' if payload.final else 'was refused a claim'}{reason}"
    return "the approval was used for an order" if payload.event is TokenEvent.USED else "the approval ran out of time"
