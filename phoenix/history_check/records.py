"""Beads as bytes, and how they are read here.

This reading shares nothing with the core's codec. Only the fields that some rule looks at are given a type; a bead that
lacks one of them, or holds something else there, is not read at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class HistoryBead:
    """A bead as it is stored: its place, its predecessor's hash, its own, and the canonical bytes."""

    seq: int
    prev_hash: bytes
    bead_hash: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Bead:
    """A bead that could be read. `payload` holds decimals and instants where the table below says so."""

    seq: int
    bead_id: str
    kind: str
    timestamp: datetime
    signer_kind: str
    signer: str
    payload: Mapping[str, Any]

    @property
    def event(self) -> str | None:
        event = self.payload.get("event")
        return event if isinstance(event, str) else None


class Unreadable(ValueError):
    """Bytes that are no bead. The message says what is wrong with them."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value whose keys are ASCII and whose numbers are strings."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, over the canonical bytes of a JSON value."""
    return sha256(canonical(value)).hexdigest()


def parse_json(body: bytes) -> Any:
    """The JSON value of canonical bytes. Raises Unreadable for bytes that are not the one canonical form."""
    try:
        value = json.loads(body, parse_int=_no_number, parse_float=_no_number, parse_constant=_no_number)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is not JSON: {error}") from error
    if again != body:
        raise Unreadable("the body is not in canonical form")
    return value


def read_bead(body: bytes) -> Bead:
    """The bead that canonical bytes hold. Raises Unreadable."""
    value = parse_json(body)
    try:
        if value["version"] != "1":
            raise Unreadable(f"encoding version {value['version']!r} is not known here")
        kind = value["bead_type"]
        if kind not in FIELDS:
            raise Unreadable(f"there is no bead type {kind!r}")
        return Bead(
            seq=int(value["seq"]),
            bead_id=_text(value["bead_id"]),
            kind=kind,
            timestamp=_instant(value["timestamp"]),
            signer_kind=_text(value["signer"]["kind"]),
            signer=_text(value["signer"]["identity"]),
            payload=_read_payload(kind, value["payload"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(f"the envelope does not read: {error!r}") from error


def decimal(text: object) -> Decimal:
    """The finite decimal of a text. Raises ValueError."""
    try:
        number = Decimal(_text(text))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{text!r} is not finite")
    return number


def instant(text: object) -> datetime:
    """The instant of an ISO 8601 text with an offset. Raises ValueError."""
    parsed = datetime.fromisoformat(_text(text))
    if parsed.utcoffset() is None:
        raise ValueError(f"{text!r} has no offset")
    return parsed


_instant, _decimal = instant, decimal


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _date(value: object) -> date:
    return date.fromisoformat(_text(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _no_number(text: str) -> Any:
    raise ValueError(f"the number {text} is not written as a string")


_Reader = Callable[[Any], Any]


def _maybe(read: _Reader) -> _Reader:
    return lambda value: None if value is None else read(value)


@dataclass(frozen=True, slots=True)
class Leg:
    """One order of a prepared group, as its bead states it."""

    reference: str
    role: str
    action: str
    order_type: str
    quantity: Decimal
    time_in_force: str
    limit_price: Decimal | None
    stop_price: Decimal | None
    session_order_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A prepared order group. `terms_hash` is recomputed from the terms of its legs."""

    order_group_id: str
    account: str
    pair: str
    legs: tuple[Leg, ...]
    terms_hash: str


_TERMS = ("role", "action", "order_type", "quantity", "time_in_force", "limit_price", "stop_price")


def _plan(value: Any) -> Plan:
    terms = {
        "account": value["account"],
        "pair": value["pair"],
        "legs": [{name: leg[name] for name in _TERMS} for leg in value["legs"]],
    }
    return Plan(
        order_group_id=_text(value["order_group_id"]),
        account=_text(value["account"]),
        pair=_text(value["pair"]),
        legs=tuple(_leg(leg) for leg in value["legs"]),
        terms_hash=digest(terms),
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What the broker reported of something that is none of Phoenix's own: what an adoption is held to."""

    pair: str
    action: str
    quantity: Decimal | None
    price: Decimal | None

    @property
    def side(self) -> str:
        return "LONG" if self.action == "BUY" else "SHORT"


def _terms(value: Any) -> Terms:
    quantity, price = _maybe(_decimal)(value["quantity"]), _maybe(_decimal)(value["price"])
    return Terms(_text(value["pair"]), _text(value["action"]), quantity, price)


def _leg(value: Any) -> Leg:
    return Leg(
        reference=_text(value["reference"]),
        role=_text(value["role"]),
        action=_text(value["action"]),
        order_type=_text(value["order_type"]),
        quantity=_decimal(value["quantity"]),
        time_in_force=_text(value["time_in_force"]),
        limit_price=_maybe(_decimal)(value["limit_price"]),
        stop_price=_maybe(_decimal)(value["stop_price"]),
        session_order_id=_text(value["session_order_id"]),
    )


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A difference that stood in a comparison of the books, and since when."""

    key: str
    pair: str
    since: datetime


def _mismatches(value: Any) -> tuple[Mismatch, ...]:
    found = value or ()
    return tuple(Mismatch(_text(one["key"]), _text(one["pair"]), _instant(one["since"])) for one in found)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(one) for one in value or ())


def _count(value: object) -> int:
    return int(_text(value))


def _promotion_event(value: object) -> str:
    """Beads from before there were other ends of a promotion say nothing: they are promotions."""
    return "PROMOTED" if value is None else _text(value)


_SOME_TEXT, _SOME_NUMBER, _SOME_INSTANT = _maybe(_text), _maybe(_decimal), _maybe(_instant)

FIELDS: Mapping[str, Mapping[str, _Reader]] = {
    "SIGNAL": {"signal_id": _text, "strategy_id": _text, "pair": _text, "content_hash": _text},
    "INTENT": {
        "intent_id": _text, "kind": _text, "position_id": _SOME_TEXT, "signal_id": _SOME_TEXT,
        "strategy_id": _SOME_TEXT, "pair": _SOME_TEXT, "side": _SOME_TEXT, "maximum_quantity": _SOME_NUMBER,
        "origin": _text,
    },
    "STATE_ANCHOR": {"strategy_id": _text, "pair": _text, "captured_at": _instant},
    "EVIDENCE": {
        "intent_id": _text, "bundle_hash": _text, "order_hash": _SOME_TEXT, "anchor_captured_at": _SOME_INSTANT,
        "stale_at": _SOME_INSTANT,
    },
    "DECISION": {
        "decision_id": _text, "kind": _text, "subject_id": _text, "evidence_hash": _SOME_TEXT, "reason": _SOME_TEXT,
    },
    "T2_TOKEN": {
        "token_id": _text, "intent_id": _text, "event": _text, "reason": _SOME_TEXT, "evidence_hash": _text,
        "issued_at": _SOME_INSTANT, "expires_at": _SOME_INSTANT, "final": _flag, "secret_hash": _SOME_TEXT,
        "approver": _SOME_TEXT, "decision_id": _SOME_TEXT,
    },
    "ORDER": {
        "event": _text, "order_group_id": _text, "intent_id": _SOME_TEXT, "intent_kind": _SOME_TEXT,
        "position_id": _SOME_TEXT, "client_order_id": _SOME_TEXT, "role": _SOME_TEXT, "plan": _maybe(_plan),
        "order_hash": _SOME_TEXT, "token_id": _SOME_TEXT, "permanent_id": _SOME_TEXT, "status": _SOME_TEXT,
        "filled_quantity": _SOME_NUMBER, "remaining_quantity": _SOME_NUMBER, "stated": _maybe(_terms),
    },
    "EXECUTION": {
        "pair": _text, "event": _text, "execution_id": _text, "client_order_id": _SOME_TEXT, "position_id": _SOME_TEXT,
        "role": _SOME_TEXT, "action": _SOME_TEXT, "quantity": _SOME_NUMBER, "price": _SOME_NUMBER,
    },
    "POSITION": {
        "position_id": _text, "intent_id": _text, "signal_id": _SOME_TEXT, "strategy_id": _text, "account": _text,
        "pair": _text, "side": _text, "state": _text, "previous_state": _SOME_TEXT, "trigger": _text,
        "entry_price": _decimal, "stop_price": _SOME_NUMBER, "target_price": _SOME_NUMBER,
        "requested_quantity": _decimal, "filled_quantity": _decimal, "open_quantity": _decimal, "protection": _text,
        "adopted_from": _SOME_TEXT, "adopted_execution_id": _SOME_TEXT, "handed_over": _SOME_NUMBER,
        "adjusted": _SOME_NUMBER, "adjusted_order": _SOME_TEXT, "decision_id": _SOME_TEXT,
    },
    "KILL_FLAG": {
        "flag_id": _text, "event": _text, "strategy_id": _SOME_TEXT, "source": _text, "reason": _text,
        "expires_at": _SOME_INSTANT, "decision_id": _SOME_TEXT,
    },
    "DECAY": {},
    "STATE_CONFLICT": {
        "intent_id": _SOME_TEXT, "signal_id": _SOME_TEXT, "strategy_id": _text, "age_s": _decimal, "limit_s": _decimal,
        "stale": _flag, "kill_flag_id": _SOME_TEXT,
    },
    "REFUSAL": {
        "subject_kind": _text, "subject_id": _text, "reason": _text, "intent_id": _SOME_TEXT, "decision_id": _SOME_TEXT,
    },
    "RECONCILIATION_DRIFT": {
        "drift_type": _text, "pair": _text, "severity": _text, "position_id": _SOME_TEXT, "key": _SOME_TEXT,
        "supersedes": _SOME_TEXT,
    },
    "RECONCILIATION_RESOLUTION": {
        "drift_bead_id": _text, "resolution": _text, "resolved_by": _text, "notes": _text, "decision_id": _SOME_TEXT,
        "pair": _SOME_TEXT, "quantity": _SOME_NUMBER, "unattributed": _SOME_NUMBER, "position_id": _SOME_TEXT,
        "set_aside": _SOME_TEXT,
    },
    "RECONCILIATION_RUN": {"verdict": _text, "mismatches": _mismatches, "silenced": _texts},
    "ACCOUNT": {"account": _text, "mode": _text},
    "PERFORMANCE": {"strategy_id": _text, "session_date": _date, "market_regime": _text, "trades": _count},
    "PROMOTION": {
        "strategy_id": _text, "intent_id": _text, "evidence_hash": _text, "approver": _text, "event": _promotion_event,
    },
    "STRATEGY": {"strategy_id": _text, "mode": _text, "promotion_intent_id": _SOME_TEXT},
    "AUTOPSY": {"strategy_id": _text, "shadow": _flag},
    "ALERT": {
        "event": _text, "severity": _text, "kind": _text, "dedupe_key": _text, "runbook": _SOME_TEXT,
        "position_id": _SOME_TEXT, "intent_id": _SOME_TEXT,
    },
    "BROKER_SESSION": {"event": _text, "account": _SOME_TEXT, "mode": _SOME_TEXT},
    "HEARTBEAT": {},
    "CONFIG_CHANGE": {"config_hash": _text},
    "CHECKPOINT": {"head_seq": _text, "head_hash": _text},
}  # fmt: skip
"""Every bead type, with the fields that some rule looks at."""


def _read_payload(kind: str, raw: Any) -> Mapping[str, Any]:
    payload = dict(raw)
    for name, read in FIELDS[kind].items():
        try:
            payload[name] = read(payload.get(name))
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"{kind}.{name} does not read: {error}") from error
    return payload
