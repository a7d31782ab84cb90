"""Typed payloads to JSON values and back, strictly: no unknown, missing or mistyped field passes."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.envelope import ENCODING_VERSION, Bead, BeadType, Payload, Signer
from phoenix.domain.encoding import Json, encode_trusted, require_json
from phoenix.domain.errors import CorruptBead, InvalidValue, PhoenixError
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.domain.numbers import decimal_text, parse_decimal
from phoenix.domain.vocabulary import SignerKind

T = TypeVar("T")

_Encoder = Callable[[Any], Any]
_Decoder = Callable[[Any], Any]
_PlainField: TypeAlias = tuple[str, tuple[type, ...]]
_EncodedField: TypeAlias = tuple[str, bool, _Encoder]
_NONE = type(None)


_ENVELOPE = {"bead_id", "bead_type", "occurred_at", "payload", "seq", "signer", "timestamp", "version"}
_SIGNER = {"identity", "kind"}


def encode_bead(bead: Bead, seq: int) -> bytes:
    """The canonical bytes of a bead at its place in the chain (the predecessor's hash is bound by `chain_hash`)."""
    return encode_trusted(
        {
            "bead_id": bead.bead_id,
            "bead_type": bead.payload.bead_type,
            "occurred_at": None if bead.occurred_at is None else instant_text(bead.occurred_at),
            "payload": encode_value(bead.payload),
            "seq": str(seq),
            "signer": {"identity": bead.signer.identity, "kind": bead.signer.kind},
            "timestamp": instant_text(bead.timestamp),
            "version": ENCODING_VERSION,
        }
    )


def decode_bead(body: bytes) -> tuple[int, Bead]:
    """The sequence number and bead that canonical bytes hold. Raises CorruptBead."""
    try:
        raw = orjson.loads(body)
        if raw.keys() != _ENVELOPE or raw["signer"].keys() != _SIGNER:
            raise CorruptBead(f"the envelope's fields are not those of version {ENCODING_VERSION}")
        if raw["version"] != ENCODING_VERSION:
            raise CorruptBead(f"bead encoding version {raw['version']!r} is not known to this Phoenix")
        occurred_at = raw["occurred_at"]
        bead = Bead(
            bead_id=raw["bead_id"],
            payload=decode_payload(BeadType(raw["bead_type"]), raw["payload"]),
            signer=Signer(SignerKind(raw["signer"]["kind"]), raw["signer"]["identity"]),
            timestamp=parse_instant(raw["timestamp"]),
            occurred_at=None if occurred_at is None else parse_instant(occurred_at),
        )
        return int(raw["seq"]), bead
    except (AttributeError, KeyError, TypeError, ValueError, PhoenixError) as error:
        raise CorruptBead(f"the stored bytes are no bead: {error}") from error


def encode_payload(payload: Payload) -> dict[str, Json]:
    """The JSON value of a payload."""
    return encode_value(payload)


def decode_payload(bead_type: BeadType, raw: Mapping[str, Any]) -> Payload:
    """The typed payload of a JSON value. Raises CorruptBead."""
    payload: Payload = _decode_dataclass(PAYLOADS[bead_type], raw)
    return payload


def encode_value(value: Any) -> dict[str, Json]:
    """The JSON value of any frozen domain dataclass, field by field. Raises InvalidValue for a mistyped field."""
    plain, others = _encoders(value.__class__)
    raw: dict[str, Any] = {}
    for name, kinds in plain:
        item = getattr(value, name)
        if item.__class__ not in kinds and not isinstance(item, kinds):
            raise InvalidValue(name, f"{item!r} is a {type(item).__name__}", f"Give a {kinds[0].__name__}")
        raw[name] = item
    for name, is_optional, encode in others:
        item = getattr(value, name)
        raw[name] = None if is_optional and item is None else encode(item)
    return raw


def decode_value(cls: type[T], raw: Mapping[str, Any]) -> T:
    """The frozen dataclass of a JSON value that `encode_value` made. Raises CorruptBead, or what its fields raise."""
    value: T = _decode_dataclass(cls, raw)
    return value


@cache
def _encoders(cls: Any) -> tuple[tuple[_PlainField, ...], tuple[_EncodedField, ...]]:
    """The fields that JSON holds as they are, with the classes they may have, and those that need an encoder."""
    plain: list[_PlainField] = []
    others: list[_EncodedField] = []
    hints = _hints(cls)
    for field in fields(cls):
        is_optional, hint = _unwrap_optional(hints[field.name])
        if hint in (str, bool) or _is_enum(hint):
            plain.append((field.name, (hint, _NONE) if is_optional else (hint,)))
        else:
            others.append((field.name, is_optional, _plain_encoder(hint)))
    return tuple(plain), tuple(others)


@cache
def _decoders(cls: Any) -> tuple[tuple[str, _Decoder, bool], ...]:
    hints = _hints(cls)
    return tuple((field.name, _decoder(hints[field.name]), field.default is MISSING) for field in fields(cls))


def _hints(cls: Any) -> dict[str, Any]:
    """The resolved hints of a dataclass; `Json` names types that its own module need not import."""
    return get_type_hints(cls, localns={"Json": Json, "Mapping": Mapping, "Sequence": Sequence})


def _encoder(hint: Any) -> _Encoder:
    optional, inner = _unwrap_optional(hint)
    encode = _plain_encoder(inner)
    return (lambda value: None if value is None else encode(value)) if optional else encode


def _plain_encoder(hint: Any) -> _Encoder:
    if hint is Decimal:
        return decimal_text
    if hint is datetime:
        return instant_text
    if hint is date:
        return date.isoformat
    if hint is int:
        return str
    if get_origin(hint) is tuple:
        item = _encoder(get_args(hint)[0])
        return lambda values: [item(value) for value in values]
    if is_dataclass(hint):
        return encode_value
    return _identity if hint in (str, bool) or _is_enum(hint) else require_json


def _decoder(hint: Any) -> _Decoder:
    optional, inner = _unwrap_optional(hint)
    decode = _plain_decoder(inner)
    return (lambda value: None if value is None else decode(value)) if optional else decode


def _plain_decoder(hint: Any) -> _Decoder:
    readers: dict[Any, _Decoder] = {
        Decimal: parse_decimal, datetime: parse_instant, date: date.fromisoformat, int: int,
        str: _require(str), bool: _require(bool),
    }  # fmt: skip
    if hint in readers:
        return readers[hint]
    if get_origin(hint) is tuple:
        item = _decoder(get_args(hint)[0])
        return lambda values: tuple(item(value) for value in values)
    if _is_enum(hint):
        reader: _Decoder = hint
        return reader
    if is_dataclass(hint):
        return lambda raw: _decode_dataclass(hint, raw)
    return _identity


def _decode_dataclass(cls: Any, raw: Mapping[str, Any]) -> Any:
    decoders = _decoders(cls)
    unknown = set(raw) - {name for name, _, _ in decoders}
    if unknown:
        raise CorruptBead(f"{cls.__name__} has no field {min(unknown)!r}")
    missing = [name for name, _, required in decoders if required and name not in raw]
    if missing:
        raise CorruptBead(f"{cls.__name__} lacks the field {missing[0]!r}")
    return cls(**{name: decode(raw[name]) for name, decode, _ in decoders if name in raw})


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _unwrap_optional(hint: Any) -> tuple[bool, Any]:
    """Whether a hint is `X | None`, and X. A JSON hint, being a wider union, is left as it is."""
    arguments = get_args(hint)
    if get_origin(hint) in (types.UnionType, Union) and len(arguments) == 2 and _NONE in arguments:
        return True, next(item for item in arguments if item is not _NONE)
    return False, hint


def _require(kind: type) -> _Decoder:
    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            raise CorruptBead(f"{value!r} is not a {kind.__name__}")
        return value

    return check


def _identity(value: Any) -> Any:
    return value
