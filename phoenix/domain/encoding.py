"""Bead encoding version 1: the one way from values to bytes and hashes.

Keys are ASCII and sorted, numbers travel as strings, no white space: within these limits RFC 8785 and orjson's sorted
output are the same bytes (a property test holds them together), and orjson is an order of magnitude faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

import orjson

from phoenix.domain.errors import InvalidValue

Json: TypeAlias = "str | bool | None | Mapping[str, Json] | Sequence[Json]"
"""A JSON value without numbers: money, prices, quantities and counts travel as strings."""

_OPTIONS = orjson.OPT_SORT_KEYS
_LEAVES = frozenset({str, bool, type(None)})
_MAPPINGS = (dict, Mapping)  # nearly all of them are dicts, which are told at a glance


def canonical_bytes(value: Json) -> bytes:
    """The canonical bytes of a JSON value. Raises InvalidValue for anything encoding version 1 does not hold."""
    try:
        return encode_trusted(require_json(value))
    except InvalidValue:
        _require_encodable(value, "value")  # names the place, which the quick look and the encoder do not
        raise


def encode_trusted(value: Json) -> bytes:
    """As `canonical_bytes`, for values that the codec made and that need no second look."""
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise InvalidValue(
            "value", f"it cannot be encoded ({error})", "Write valid Unicode, numbers as text"
        ) from error


def require_json(value: Json) -> Json:
    """The value itself, if encoding version 1 holds it. Raises InvalidValue, naming the place inside it, otherwise."""
    if not _is_encodable(value):
        _require_encodable(value, "value")
    return value


def content_hash(value: Json) -> str:
    """SHA-256, in hexadecimal, over the canonical bytes of a JSON value."""
    return sha256(canonical_bytes(value)).hexdigest()


def chain_hash(prev_hash: bytes, body: bytes) -> bytes:
    """The hash of a bead: SHA-256 over its predecessor's hash and its own canonical bytes."""
    return sha256(prev_hash + body).digest()


def _is_encodable(value: object) -> bool:
    """The quick look, without naming a place. Lone surrogates are left to the encoder, which refuses them."""
    kind = value.__class__
    if kind in _LEAVES or isinstance(value, str):
        return True
    if isinstance(value, _MAPPINGS):
        for key in value:
            if key.__class__ is not str or not key.isascii():
                return False
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    for item in value:  # type: ignore[attr-defined] # noqa: SIM110 - a generator would cost as much again
        if item.__class__ not in _LEAVES and not _is_encodable(item):
            return False
    return True


def _require_encodable(value: object, path: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _require_text(value, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise InvalidValue(path, f"the key {key!r} is not ASCII text", "Use ASCII keys")
            _require_encodable(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _require_encodable(item, f"{path}[{index}]")
    else:
        raise InvalidValue(path, f"{value!r} is a {type(value).__name__}", "Write numbers and instants as text")


def _require_text(value: str, path: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidValue(path, "the text holds a lone surrogate", "Write valid Unicode") from error
