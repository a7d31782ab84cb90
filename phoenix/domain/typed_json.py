"""Typed values to JSON values and back, strictly: no unknown, missing or mistyped field passes.

How a value looks follows from the type hints of its dataclass. Numbers, instants and days become text, tuples and sets
become lists, and maps become objects or, where their keys are not text, lists of pairs.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from immutables import Map

from phoenix.domain.encoding import Json, require_json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.domain.numbers import decimal_text, parse_decimal

T = TypeVar("T")
_Encoder: TypeAlias = Callable[[Any], Any]
_Decoder: TypeAlias = Callable[[Any], Any]
_PlainField: TypeAlias = tuple[str, tuple[type, ...]]
_EncodedField: TypeAlias = tuple[str, bool, _Encoder]
_DecodedField: TypeAlias = tuple[str, bool, _Decoder]
_NONE = type(None)


class _Reading(NamedTuple):
    """How a dataclass is read: its fields in order, all their names, and the names of those that must be there."""

    fields: tuple[_DecodedField, ...]
    names: frozenset[str]
    required: frozenset[str]


def encode_value(value: Any) -> dict[str, Json]:
    """The JSON value of any frozen domain dataclass, field by field. Raises InvalidValue for a mistyped field."""
    plain, others = _writing(value.__class__)
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


def decode_value(cls: type[T], raw: Any) -> T:
    """The value of a dataclass that a JSON value holds. Raises InvalidValue."""
    try:
        value: T = _decode(cls, raw)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidValue(cls.__name__, f"a field cannot be read ({error!r})", "Restore what was written") from error
    return value


def _decode(cls: Any, raw: Any) -> Any:
    reading = _reading(cls)
    if raw.keys() != reading.names:
        return _decode_some(cls, raw, reading)
    return cls(
        *[
            None if (item := raw[name]) is None and is_optional else decode(item)
            for name, is_optional, decode in reading.fields
        ]
    )


def _decode_some(cls: Any, raw: Mapping[str, Any], reading: _Reading) -> Any:
    """A value that was written before its class had all its fields; those that are not there take their defaults."""
    unknown, missing = raw.keys() - reading.names, reading.required - raw.keys()
    if unknown:
        raise InvalidValue(cls.__name__, f"it has no field {min(unknown)!r}", "Use the version that wrote it")
    if missing:
        raise InvalidValue(cls.__name__, f"it lacks the field {min(missing)!r}", "Use the version that wrote it")
    return cls(
        **{
            name: None if raw[name] is None and is_optional else decode(raw[name])
            for name, is_optional, decode in reading.fields
            if name in raw
        }
    )


@cache
def _writing(cls: Any) -> tuple[tuple[_PlainField, ...], tuple[_EncodedField, ...]]:
    """The fields that JSON holds as they are, with the classes they may have, and those that need an encoder."""
    plain: list[_PlainField] = []
    others: list[_EncodedField] = []
    hints = _hints(cls)
    for field in fields(cls):
        is_optional, hint = _unwrap_optional(hints[field.name])
        if hint in (str, bool) or _is_enum(hint):
            plain.append((field.name, (hint, _NONE) if is_optional else (hint,)))
        else:
            others.append((field.name, is_optional, _encoder(hint)))
    return tuple(plain), tuple(others)


@cache
def _reading(cls: Any) -> _Reading:
    hints = _hints(cls)
    decoded: list[_DecodedField] = []
    for field in fields(cls):
        is_optional, hint = _unwrap_optional(hints[field.name])
        decoded.append((field.name, is_optional, _decoder(hint)))
    required = frozenset(field.name for field in fields(cls) if field.default is MISSING)
    return _Reading(tuple(decoded), frozenset(name for name, _, _ in decoded), required)


def _hints(cls: Any) -> dict[str, Any]:
    """The resolved hints of a class; `Json` names types that its own module need not import."""
    return get_type_hints(cls, localns={"Json": Json, "Mapping": Mapping, "Sequence": Sequence})


# --- writing -------------------------------------------------------------------------------------------------------


def _encoder(hint: Any) -> _Encoder:
    """How a value of a hint is written. Raises TypeError for a hint that this module does not know."""
    is_optional, inner = _unwrap_optional(hint)
    if is_optional:
        encode = _encoder(inner)
        return lambda value: None if value is None else encode(value)
    if hint in _WRITERS:
        return _WRITERS[hint]
    if _is_enum(hint):
        return _identity
    if is_dataclass(hint):
        return encode_value
    if _is_json(hint):
        return require_json
    return _encoder_of_many(hint)


def _encoder_of_many(hint: Any) -> _Encoder:
    kind, arguments = _collection(hint)
    if kind is Map:
        return _map_encoder(*arguments)
    if kind is frozenset:
        item = _encoder(arguments[0])
        return lambda values: sorted(map(item, values))
    if arguments[-1] is Ellipsis:
        item = _encoder(arguments[0])
        return lambda values: [item(value) for value in values]
    items = [_encoder(argument) for argument in arguments]
    return lambda values: [encode(value) for encode, value in zip(items, values, strict=True)]


def _map_encoder(key_hint: Any, value_hint: Any) -> _Encoder:
    key, value = _encoder(key_hint), _encoder(value_hint)
    if key_hint is str:
        return lambda entries: {name: value(item) for name, item in entries.items()}
    return lambda entries: sorted(([key(name), value(item)] for name, item in entries.items()), key=_first)


# --- reading -------------------------------------------------------------------------------------------------------


def _decoder(hint: Any) -> _Decoder:
    """How a value of a hint is read. Raises TypeError for a hint that this module does not know."""
    is_optional, inner = _unwrap_optional(hint)
    if is_optional:
        decode = _decoder(inner)
        return lambda value: None if value is None else decode(value)
    if hint in _READERS:
        return _READERS[hint]
    if _is_enum(hint):
        return {member.value: member for member in hint}.__getitem__
    if is_dataclass(hint):
        return lambda raw: _decode(hint, raw)
    if _is_json(hint):
        return _identity
    return _decoder_of_many(hint)


def _decoder_of_many(hint: Any) -> _Decoder:
    kind, arguments = _collection(hint)
    if kind is Map:
        return _map_decoder(*arguments)
    if kind is frozenset or arguments[-1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda values: kind(item(value) for value in _list(values))
    items = [_decoder(argument) for argument in arguments]
    make = getattr(kind, "_make", kind)
    return lambda values: make(decode(value) for decode, value in zip(items, _list(values), strict=True))


def _map_decoder(key_hint: Any, value_hint: Any) -> _Decoder:
    key, value = _decoder(key_hint), _decoder(value_hint)
    if key_hint is str:
        return lambda raw: Map({name: value(item) for name, item in raw.items()})
    return lambda raw: Map({key(name): value(item) for name, item in _list(raw)})


@lru_cache(maxsize=4096)
def _text(value: Any) -> str:
    """The text itself, and the same object again for what is read soon after: one id stands in many beads."""
    if not isinstance(value, str):
        raise InvalidValue("text", f"{value!r} is a {type(value).__name__}", "Restore what was written")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue("truth", f"{value!r} is a {type(value).__name__}", "Restore what was written")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidValue("list", f"{value!r} is a {type(value).__name__}", "Restore what was written")
    return value


# --- hints ---------------------------------------------------------------------------------------------------------


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _is_json(hint: Any) -> bool:
    """Whether a hint is `Json`, a wide union, or a mapping to it or to text."""
    return get_origin(hint) in (types.UnionType, Union, Mapping)


def _unwrap_optional(hint: Any) -> tuple[bool, Any]:
    """Whether a hint is `X | None`, and X. A JSON hint, being a wider union, is left as it is."""
    arguments = get_args(hint)
    if get_origin(hint) in (types.UnionType, Union) and len(arguments) == 2 and _NONE in arguments:
        return True, next(item for item in arguments if item is not _NONE)
    return False, hint


def _collection(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """The class of a collection, and the hints of what it holds. A named tuple holds its fields."""
    kind = get_origin(hint) or hint
    if isinstance(kind, type) and issubclass(kind, tuple) and kind is not tuple:
        return kind, tuple(_hints(kind).values())
    if kind not in (tuple, frozenset, Map):
        raise TypeError(f"there is no JSON for the type {hint!r}")
    return kind, get_args(hint)


def _identity(value: Any) -> Any:
    return value


_first = itemgetter(0)
_WRITERS: dict[Any, _Encoder] = {
    str: _identity, bool: _identity, Decimal: decimal_text, datetime: instant_text, date: date.isoformat, int: str,
}  # fmt: skip
_READERS: dict[Any, _Decoder] = {
    str: _text, bool: _truth, Decimal: parse_decimal, datetime: parse_instant, date: date.fromisoformat, int: int,
}  # fmt: skip
