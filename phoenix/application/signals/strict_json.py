"""Reading documents from outside: nothing is guessed, repaired or silently lost.

What can't be kept exactly is refused with the path of the field: duplicate keys, numbers that lose digits on their way
through a float, NaN, absurd magnitudes and depths, invalid Unicode. The parser marks a flaw where it meets one; the
walk over the finished tree knows the path and raises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import NamedTuple, TypeAlias

from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason

DOCUMENT_BYTES_MAX = 65_536
DEPTH_MAX = 16
VALUES_MAX = 10_000
KEY_LENGTH_MAX = 100
_LITERAL_LENGTH_MAX = 40
_INTEGER_BITS_MAX = 128
_MAGNITUDE_MAX = 18
_SHOWN_MAX = 60

Tree: TypeAlias = "str | bool | None | Decimal | dict[str, Tree] | list[Tree]"
"""A checked document: plain dicts, lists and text; every number a Decimal."""

Reader: TypeAlias = Callable[[bytes | str], Tree]
"""Reads a document in one notation. Raises Refused(MALFORMED) naming the field."""


class Flaw(NamedTuple):
    """Stands in a parsed tree where a value can't be kept; `key` names a key of the object itself."""

    detail: str
    remedy: str
    key: str | None = None


def read_json(document: bytes | str, *, bytes_max: int = DOCUMENT_BYTES_MAX, values_max: int = VALUES_MAX) -> Tree:
    """The tree of a JSON text. Raises Refused(MALFORMED) naming the field, or the line and column."""
    text = text_of(document, bytes_max)
    try:
        parsed = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise malformed("document", f"not JSON: {error}", "Send one JSON object") from error
    except RecursionError as error:
        raise malformed("document", "nested too deeply to read", f"Nest at most {DEPTH_MAX} levels") from error
    return checked_tree(parsed, values_max)


def checked_tree(value: object, values_max: int = VALUES_MAX) -> Tree:
    """The same value as plain containers, text and Decimals. Raises Refused(MALFORMED) naming the field."""
    return _Walk(values_max).value(value, "", 0)


def numbers_as_text(tree: Tree) -> Json:
    """The tree with each number as canonical decimal text, which is what is hashed and stored."""
    if isinstance(tree, dict):
        return {key: item if type(item) is str else numbers_as_text(item) for key, item in tree.items()}
    if isinstance(tree, list):
        return [numbers_as_text(item) for item in tree]
    return decimal_text(tree) if isinstance(tree, Decimal) else tree


def shown(value: object) -> str:
    """A bounded, printable rendering of something refused."""
    if isinstance(value, Mapping):
        return f"an object of {len(value)} fields"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)} items"
    if isinstance(value, str):
        return repr(value) if len(value) <= _SHOWN_MAX else f"{value[:_SHOWN_MAX]!r}… ({len(value)} characters)"
    if isinstance(value, Decimal | float | bool) or value is None:
        return str(value)
    return f"a {type(value).__name__}"


def too_deep(path: str) -> Refused:
    return malformed(path, f"nested more than {DEPTH_MAX} levels deep", "Flatten it")


def malformed(field: str, detail: str, remedy: str) -> Refused:
    return Refused(RefusalReason.MALFORMED, field or "document", detail, remedy)


def too_long() -> Refused:
    """The refusal of a document of which no more was read than shows that it is too long."""
    return malformed(
        "document", f"it has more than {DOCUMENT_BYTES_MAX} bytes", f"Send at most {DOCUMENT_BYTES_MAX} bytes"
    )


def text_of(document: bytes | str, bytes_max: int = DOCUMENT_BYTES_MAX) -> str:
    """The text of a document that is not too long. Raises Refused(MALFORMED)."""
    size = len(document) if isinstance(document, bytes) else len(document.encode("utf-8", "surrogatepass"))
    if size > bytes_max:
        raise malformed("document", f"{size} bytes are too many", f"Send at most {bytes_max} bytes")
    if isinstance(document, str):
        return document
    try:
        return document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("document", f"not UTF-8: {error.reason} at byte {error.start}", "Send UTF-8") from error


def _object_of(pairs: list[tuple[str, object]]) -> dict[str, object] | Flaw:
    collected = dict(pairs)
    if len(collected) == len(pairs):
        return collected
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Flaw("the key appears more than once", "Keep one of them", shown_key(key))
        seen.add(key)
    raise AssertionError("a shorter dict has a repeated key")


def number_of(literal: str) -> Decimal | Flaw:
    """The number, if a reader that goes through binary floats gets the very same one."""
    if len(literal) > _LITERAL_LENGTH_MAX:
        return Flaw(f"a number of {len(literal)} characters", "Write it as text")
    through_float = float(literal)
    try:
        number = Decimal(literal)
    except InvalidOperation:
        return Flaw(f"{literal} is of absurd magnitude", "Give a number that means something")
    if number == ZERO:
        return ZERO
    if not isfinite(through_float) or abs(number.adjusted()) > _MAGNITUDE_MAX:
        return Flaw(f"{literal} is of absurd magnitude", f"Stay within 18 digits of one: 1e{_MAGNITUDE_MAX} at most")
    if Decimal(repr(through_float)) != number:
        return Flaw(f"{literal} does not survive a decimal round trip", "Write it as text, or with fewer digits")
    return number


def not_finite(literal: str) -> Flaw:
    """What is wrong with NaN and the infinities, however they are written."""
    return Flaw(f"{literal} is not a number that JSON knows", "Give a finite number, or leave the field out")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object_of, parse_float=number_of, parse_int=number_of, parse_constant=not_finite
)


def shown_key(key: object) -> str:
    """A key as part of a path: bounded, and escaped where it isn't plain text."""
    if isinstance(key, str) and key.isascii() and key.isprintable() and len(key) <= _SHOWN_MAX:
        return key
    return ascii(key)[:_SHOWN_MAX]


class _Walk:
    """One pass over a tree that counts what it sees, so that shared branches can't multiply without bound."""

    __slots__ = ("_values", "_values_max")

    def __init__(self, values_max: int) -> None:
        self._values = 0
        self._values_max = values_max

    def value(self, value: object, path: str, depth: int) -> Tree:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Flaw):
            raise malformed(below(path, value.key) if value.key else path, value.detail, value.remedy)
        if isinstance(value, str):
            return _checked_text(value, path)
        if isinstance(value, Mapping):
            return self._object(value, path, depth)
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
            return self._list(value, path, depth)
        return _checked_number(value, path)

    def _object(self, value: Mapping[object, object], path: str, depth: int) -> dict[str, Tree]:
        self._enter(value, path, depth)
        result: dict[str, Tree] = {}
        for key, item in value.items():
            name = _checked_key(key, path)
            plain = type(item) is str and item.isascii()
            result[name] = item if plain else self.value(item, below(path, name), depth + 1)  # type: ignore[assignment]
        return result

    def _list(self, value: Sequence[object], path: str, depth: int) -> list[Tree]:
        self._enter(value, path, depth)
        return [self.value(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]

    def _enter(self, value: Mapping[object, object] | Sequence[object], path: str, depth: int) -> None:
        if depth >= DEPTH_MAX:
            raise too_deep(path)
        self._values += len(value)
        if self._values > self._values_max:
            raise malformed(path, f"the document holds more than {self._values_max} values", "Send less")


def below(path: str, key: str) -> str:
    """The path of a key of the object at a path."""
    return f"{path}.{key}" if path else key


def _checked_key(key: object, path: str) -> str:
    if type(key) is str and key.isascii() and key.isprintable() and len(key) <= KEY_LENGTH_MAX:
        return key
    raise malformed(
        below(path, shown_key(key)), "the key is not short, printable ASCII text",
        f"Use ASCII keys of at most {KEY_LENGTH_MAX} characters",
    )  # fmt: skip


def _checked_text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise malformed(path, "the text holds a lone surrogate", "Write valid Unicode") from error
    return str.__str__(value)


def _checked_number(value: object, path: str) -> Decimal:
    """Numbers given in process obey the same rule as literals, so that both make the same document."""
    if isinstance(value, int) and value.bit_length() <= _INTEGER_BITS_MAX:
        outcome = number_of(int.__repr__(value))
    elif isinstance(value, float):
        outcome = number_of(float.__repr__(value)) if isfinite(value) else not_finite(float.__repr__(value))
    elif isinstance(value, Decimal):
        outcome = number_of(str(value)) if value.is_finite() else not_finite(str(value))
    elif isinstance(value, int):
        outcome = Flaw("an integer of absurd magnitude", "Give a number that means something")
    else:
        outcome = Flaw(f"{shown(value)} is no JSON value", "Write it as text")
    if isinstance(outcome, Flaw):
        raise malformed(path, outcome.detail, outcome.remedy)
    return outcome
