"""Dataclasses to plain JSON values and back, by their type hints."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from phoenix.domain.instants import instant_text, parse_instant

_Reader = Callable[[Any], Any]
_TAG = "type"


def to_plain(value: Any) -> Any:
    """Decimals and instants become text, a dataclass an object that names its type."""
    if is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
        return {_TAG: type(value).__name__, **plain}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return [to_plain(item) for item in value] if isinstance(value, list | tuple) else value


def from_plain(hint: Any, plain: Any) -> Any:
    """The value of a type hint that a plain value stands for."""
    return _reader(hint)(plain)


@cache
def _reader(hint: Any) -> _Reader:
    origin = get_origin(hint)
    if origin in (types.UnionType, Union):
        return _union_reader(get_args(hint))
    if origin in (list, tuple):
        item, as_list = _reader(get_args(hint)[0]), origin is list
        return lambda values: [item(value) for value in values] if as_list else tuple(item(value) for value in values)
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    if hint is Decimal or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        reader: _Reader = hint
        return reader
    return parse_instant if hint is datetime else _as_it_is


def _union_reader(members: tuple[Any, ...]) -> _Reader:
    """A union is either optional, or made of dataclasses that their tags tell apart."""
    by_tag = {
        member.__name__: _reader(member) for member in members if isinstance(member, type) and is_dataclass(member)
    }
    others = [member for member in members if member is not type(None) and not is_dataclass(member)]
    other = _reader(others[0]) if others else _as_it_is

    def read(plain: Any) -> Any:
        if plain is None:
            return None
        return by_tag[plain[_TAG]](plain) if isinstance(plain, Mapping) and by_tag else other(plain)

    return read


def _dataclass_reader(cls: Any) -> _Reader:
    hints = get_type_hints(cls)
    readers = [(field.name, _reader(hints[field.name])) for field in fields(cls)]
    return lambda plain: cls(**{name: read(plain[name]) for name, read in readers})


def _as_it_is(plain: Any) -> Any:
    return plain
