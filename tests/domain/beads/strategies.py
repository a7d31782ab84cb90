"""Arbitrary values of the domain's classes, built from their type hints."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from immutables import Map

from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.envelope import Bead, Payload, Signer
from phoenix.domain.encoding import Json
from phoenix.domain.vocabulary import SignerKind

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ascii_keys = st.text(st.characters(max_codepoint=127), max_size=8)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ascii_keys, inner, max_size=3),
    max_leaves=8,
)
instants = st.datetimes(timezones=st.just(UTC))
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    bool: st.booleans(),
    int: st.integers(-(10**24), 10**24),
    Decimal: st.decimals(-(10**15), 10**15, allow_nan=False, places=8),
    datetime: instants,
    date: st.dates(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Arbitrary values of a type hint; what is none of the domain's own types is a JSON value."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    arguments = get_args(hint)
    if get_origin(hint) in (types.UnionType, Union) and len(arguments) == 2 and types.NoneType in arguments:
        return st.none() | values(next(item for item in arguments if item is not types.NoneType))
    if get_origin(hint) is tuple and arguments[-1] is not Ellipsis:
        return st.tuples(*map(values, arguments))
    if get_origin(hint) in (tuple, frozenset):
        return st.lists(values(arguments[0]), max_size=3).map(get_origin(hint))
    if get_origin(hint) is Map:
        return st.dictionaries(*map(values, arguments), max_size=2).map(Map)
    if isinstance(hint, type) and issubclass(hint, tuple):
        return st.builds(hint, **{name: values(item) for name, item in get_type_hints(hint).items()})
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        return dataclasses_of(hint)
    return json_values


def dataclasses_of(cls: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls, localns={"Json": Json, "Mapping": Mapping, "Sequence": Sequence})
    return st.builds(cls, **{field.name: values(hints[field.name]) for field in fields(cls)})


def payloads(cls: type[Payload]) -> st.SearchStrategy[Payload]:
    """Arbitrary payloads of one class."""
    return dataclasses_of(cls)


def beads(payload: st.SearchStrategy[Payload] | None = None) -> st.SearchStrategy[Bead]:
    """Arbitrary beads of any type, or around the given payloads."""
    return st.builds(
        Bead,
        bead_id=st.uuids().map(str),
        payload=st.one_of([payloads(cls) for cls in PAYLOADS.values()]) if payload is None else payload,
        signer=st.builds(Signer, st.sampled_from(SignerKind), texts),
        timestamp=instants,
        occurred_at=st.none() | instants,
    )
