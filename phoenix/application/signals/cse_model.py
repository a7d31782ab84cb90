"""The fields of the canonical signal envelope and what each may hold (SPEC 3.1)."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator
from pydantic_core import PydanticCustomError

from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import parse_instant
from phoenix.domain.vocabulary import OrderType, Regime, SignalSource, TimeInForce

CSE_VERSION = "1.0"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)

E = TypeVar("E", bound=StrEnum)


def _wrong(detail: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("cse", "{detail}. {remedy}", {"detail": detail, "remedy": remedy})


def _matching(pattern: re.Pattern[str], detail: str, remedy: str) -> PlainValidator:
    def check(value: object) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise _wrong(detail, remedy)

    return PlainValidator(check)


def _name(length_max: int) -> PlainValidator:
    """Text by which things are told apart: printable ASCII."""

    def check(value: object) -> str:
        if isinstance(value, str) and 0 < len(value) <= length_max and value.isascii() and value.isprintable():
            return value
        raise _wrong(
            f"is not text of 1 to {length_max} printable ASCII characters", "Write a name without control characters"
        )

    return PlainValidator(check)


def _label(value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable():
        return value
    raise _wrong("is not text of 1 to 100 printable characters", "Name the setup, such as FVG_RETEST")


def _decimal(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise _wrong("is not a plain decimal number", "Write digits, such as 1.25725, at most 18 on either side")


def _within(low: str, high: str) -> PlainValidator:
    lowest, highest = Decimal(low), Decimal(high)

    def check(value: object) -> Decimal:
        number = _decimal(value)
        if lowest <= number <= highest:
            return number
        raise _wrong(f"is outside {low} to {high}", f"Give a number from {low} to {high}")

    return PlainValidator(check)


def _instant(value: object) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return parse_instant(value)
        except InvalidValue as error:
            raise _wrong("is no date and time that exists in UTC", "Write 2026-01-31T14:30:00Z") from error
    raise _wrong("is not an ISO 8601 date and time with an offset", "Write 2026-01-31T14:30:00Z")


def _one_of(enum: type[E], *members: E) -> PlainValidator:
    by_value = {member.value: member for member in members or tuple(enum)}
    choices = ", ".join(by_value)

    def check(value: object) -> E:
        member = by_value.get(value) if isinstance(value, str) else None
        if member is None:
            raise _wrong(f"is not one of {choices}", f"Write one of {choices}")
        return member

    return PlainValidator(check)


def _object(value: object) -> object:
    if isinstance(value, dict):
        return value
    raise _wrong("is no object", "Send an object; it may hold any fields")


def _version(value: object) -> object:
    if value == CSE_VERSION and isinstance(value, str):
        return value
    raise _wrong("is not a version this Phoenix reads", f'Write "{CSE_VERSION}", as text')


_Price = Annotated[Decimal, PlainValidator(_decimal)]
_Instant = Annotated[datetime, PlainValidator(_instant)]
_Hash = Annotated[str, _name(128)]
_OrderType = Annotated[OrderType, _one_of(OrderType, OrderType.MARKET, OrderType.LIMIT)]
_TimeInForce = Annotated[TimeInForce, _one_of(TimeInForce, TimeInForce.DAY, TimeInForce.GTC)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Parameters(_Strict):
    entry: _Price
    stop: _Price
    target: _Price
    risk_percent: Annotated[Decimal, _within("0.5", "2.5")] = Decimal("1.0")
    order_type: _OrderType = OrderType.MARKET
    time_in_force: _TimeInForce = TimeInForce.DAY


class Components(_Strict):
    strategy_params: _Hash
    market_snapshot: _Hash


class StateAnchor(_Strict):
    captured_at: _Instant
    regime: Annotated[Regime, _one_of(Regime)]
    components: Components


class Envelope(_Strict):
    """The top level. What `evidence` holds is the source's own affair; its hash is checked elsewhere."""

    cse_version: Annotated[Literal["1.0"], PlainValidator(_version)]
    signal_id: Annotated[str, _matching(_UUID, "is not a canonical UUID", "Write it in lower case with hyphens")]
    timestamp: _Instant
    strategy_id: Annotated[str, _name(100)]
    source: Annotated[SignalSource, _one_of(SignalSource)]
    pair: Annotated[str, _name(32)]
    setup_type: Annotated[str, PlainValidator(_label)]
    confidence: Annotated[Decimal, _within("0", "1")]
    parameters: Parameters
    evidence: Annotated[Any, PlainValidator(_object)]
    evidence_hash: Annotated[str, _matching(_SHA256, "is not a SHA-256 in lower-case hexadecimal", "Hash the evidence")]
    state_anchor: StateAnchor
