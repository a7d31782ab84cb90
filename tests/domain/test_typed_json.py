"""Typed values come back from JSON as they went in, collections included, and nothing else comes back at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from phoenix.domain.errors import InvalidValue
from phoenix.domain.typed_json import decode_value, encode_value


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


class Place(NamedTuple):
    colour: Colour
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    count: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    items: Map[str, Item]
    places: Map[Place, date]
    pairs: Map[tuple[str, str], str | None]
    seen: frozenset[str]
    rows: tuple[Item, ...]
    is_set: bool


items = st.builds(Item, st.integers(), st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=5))
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
everything = st.builds(
    Everything,
    st.dictionaries(names, items, max_size=3).map(Map),
    st.dictionaries(st.builds(Place, st.sampled_from(Colour), names), st.dates(), max_size=3).map(Map),
    st.dictionaries(st.tuples(names, names), st.none() | names, max_size=3).map(Map),
    st.frozensets(names, max_size=3),
    st.lists(items, max_size=3).map(tuple),
    st.booleans(),
)
RAW: dict[str, Any] = encode_value(
    Everything(
        Map(a=Item(1, Decimal("1.50"))), Map({Place(Colour.RED, "x"): date(2012, 2, 1)}), Map({("a", "b"): None}),
        frozenset({"y", "x"}), (Item(2),), is_set=True,
    )
)  # fmt: skip


@given(value=everything)
def test_a_value_comes_back_as_it_went_in(value: Everything) -> None:
    raw = encode_value(value)
    assert decode_value(Everything, orjson.loads(orjson.dumps(raw))) == value


def test_keys_of_a_map_come_back_with_their_type() -> None:
    (place,) = decode_value(Everything, orjson.loads(orjson.dumps(RAW))).places
    assert isinstance(place, Place)
    assert place.colour is Colour.RED


@given(value=everything)
def test_equal_values_have_equal_bytes(value: Everything) -> None:
    again = Everything(
        Map(dict(reversed(list(value.items.items())))), Map(dict(reversed(list(value.places.items())))), value.pairs,
        frozenset(value.seen), value.rows, value.is_set,
    )  # fmt: skip
    options = orjson.OPT_SORT_KEYS
    assert orjson.dumps(encode_value(again), option=options) == orjson.dumps(encode_value(value), option=options)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {**RAW, "mood": "fine"},
        {name: item for name, item in RAW.items() if name != "seen"},
        {**RAW, "is_set": "yes"},
        {**RAW, "is_set": None},
        {**RAW, "seen": "xy"},
        {**RAW, "seen": ["x", 1]},
        {**RAW, "rows": {"count": "1"}},
        {**RAW, "rows": [{"count": "one"}]},
        {**RAW, "rows": [{"count": "1", "price": "cheap"}]},
        {**RAW, "rows": [{"count": "1", "price": "1", "mood": "fine"}]},
        {**RAW, "items": [["a", {"count": "1"}]]},
        {**RAW, "places": [[["GREEN", "x"], "2012-02-01"]]},
        {**RAW, "places": [[["RED"], "2012-02-01"]]},
        {**RAW, "places": {"RED": "2012-02-01"}},
        {**RAW, "pairs": [[["a", "b", "c"], None]]},
    ],
)
def test_what_was_not_written_by_it_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidValue):
        decode_value(Everything, raw)


def test_a_field_that_came_later_takes_its_default() -> None:
    assert decode_value(Item, {"count": "1"}) == Item(1)


def test_a_type_without_a_json_form_is_refused_at_once() -> None:
    @dataclass(frozen=True, slots=True)
    class Odd:
        real: float

    with pytest.raises(TypeError, match="float"):
        encode_value(Odd(0.5))
