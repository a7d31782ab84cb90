from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.application.signals.strict_json import (
    DEPTH_MAX,
    DOCUMENT_BYTES_MAX,
    VALUES_MAX,
    checked_tree,
    numbers_as_text,
    read_json,
)
from phoenix.domain.encoding import canonical_bytes
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason


def refusal_of(document: bytes | str) -> Refused:
    with pytest.raises(Refused) as refused:
        read_json(document)
    assert refused.value.reason is RefusalReason.MALFORMED
    assert refused.value.remedy
    assert canonical_bytes([refused.value.field, refused.value.detail, refused.value.remedy])
    return refused.value


HOSTILE: list[tuple[str, bytes | str, str]] = [
    ("too long", b'"' + b"a" * DOCUMENT_BYTES_MAX + b'"', "document"),
    ("ten megabytes", b"[" * 10_000_000, "document"),
    ("too long once encoded", '"' + "é" * (DOCUMENT_BYTES_MAX // 2) + '"', "document"),
    ("nothing", b"", "document"),
    ("not UTF-8", b'{"a": "\xff"}', "document"),
    ("UTF-16", '{"a": 1}'.encode("utf-16"), "document"),
    ("byte order mark", b'\xef\xbb\xbf{"a": "b"}', "document"),
    ("not JSON", b"{a: 1}", "document"),
    ("trailing comma", b'{"a": "b",}', "document"),
    ("trailing data", b'{"a": "b"} {}', "document"),
    ("comment", b'{"a": "b"} // c', "document"),
    ("raw control character", b'{"a": "\x00"}', "document"),
    ("unfinished", b'{"a": "b"', "document"),
    ("leading zero", b'{"a": 01}', "document"),
    ("recursion bomb of lists", b"[" * 60_000, "document"),
    ("recursion bomb of objects", b'{"a":' * 13_000, "document"),
    ("closed recursion bomb", b"[" * 30_000 + b"]" * 30_000, "document"),
    ("duplicate key", b'{"a": {"b": 1, "c": 2, "b": 1}}', "a.b"),
    ("duplicate key, escaped", b'{"b": 1, "\\u0062": 2}', "b"),
    ("duplicate key in a list", b'{"a": ["x", {"b": 1, "b": 2}]}', "a[1].b"),
    ("NaN", b'{"a": {"b": NaN}}', "a.b"),
    ("Infinity", b'{"a": [Infinity]}', "a[0]"),
    ("-Infinity", b'{"a": -Infinity}', "a"),
    ("2^53+1", b'{"a": 9007199254740993}', "a"),
    ("digits lost", b'{"a": 0.1000000000000000055}', "a"),
    ("1e400", b'{"a": 1e400}', "a"),
    ("-1e400", b'{"a": -1e400}', "a"),
    ("1e-400", b'{"a": 1e-400}', "a"),
    ("1e300", b'{"a": 1e300}', "a"),
    ("1e-300", b'{"a": 1e-300}', "a"),
    ("endless exponent", b'{"a": 1e99999999999999999999}', "a"),
    ("endless negative exponent", b'{"a": 1e-99999999999999999999}', "a"),
    ("endless exponent of nothing", b'{"a": 0e99999999999999999999}', "a"),
    ("endless number", b'{"a": ' + b"9" * 60_000 + b"}", "a"),
    ("endless decimals", b'{"a": 0.' + b"3" * 60_000 + b"}", "a"),
    ("too deep", b'{"a":' * (DEPTH_MAX + 1) + b"1" + b"}" * (DEPTH_MAX + 1), "a" + ".a" * (DEPTH_MAX - 1)),
    ("too many values", b"[" + b"1," * VALUES_MAX + b"1]", "document"),
    ("key not ASCII", '{"a": {"é": 1}}'.encode(), "a.'\\xe9'"),
    ("key with a control character", b'{"a\\u0000": 1}', "'a\\x00'"),
    ("key of a lone surrogate", b'{"\\ud800": 1}', "'\\ud800'"),
    ("endless key", b'{"' + b"k" * 101 + b'": 1}', "'" + "k" * 59),
    ("lone surrogate", b'{"a": ["\\ud800"]}', "a[0]"),
    ("lone surrogate as it is", '{"a": "\ud800"}', "a"),
]


@pytest.mark.parametrize(("document", "field"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_document_is_refused_by_field(document: bytes | str, field: str) -> None:
    assert refusal_of(document).field == field


@pytest.mark.parametrize("depth", [DEPTH_MAX - 1, DEPTH_MAX])
def test_a_document_as_deep_as_allowed_is_read(depth: int) -> None:
    assert read_json(b"[" * depth + b"]" * depth) is not None


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("1.57260", "1.5726"), ("0.1", "0.1"), ("-0", "0"), ("-0.0", "0"), ("0e5", "0"), ("0e-300", "0"),
        ("1e5", "100000"), ("1E-5", "0.00001"), ("1e18", "1000000000000000000"),
        ("9007199254740992", "9007199254740992"), ("2.5e0", "2.5"), ("0.30000000000000004", "0.30000000000000004"),
    ],
)  # fmt: skip
def test_a_number_becomes_canonical_decimal_text(literal: str, text: str) -> None:
    assert numbers_as_text(read_json(f'{{"a": [{literal}]}}')) == {"a": [text]}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"a": float("nan")}, "a"),
        ({"a": float("inf")}, "a"),
        ({"a": [Decimal("NaN")]}, "a[0]"),
        ({"a": Decimal("sNaN")}, "a"),
        ({"a": Decimal("1e400")}, "a"),
        ({"a": 10**5000}, "a"),
        ({"a": -(10**30)}, "a"),
        ({"a": 2**53 + 1}, "a"),
        ({"a": {1: "b"}}, "a.1"),
        ({"a": {"b"}}, "a"),
        ({"a": b"bytes"}, "a"),
        ({"a": object()}, "a"),
        ({"a": "\udfff"}, "a"),
    ],
)
def test_a_hostile_value_in_process_is_refused_by_field(value: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_tree(value)
    assert refused.value.field == field


def test_a_document_that_holds_itself_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    with pytest.raises(Refused, match="nested"):
        checked_tree(endless)


def test_shared_branches_can_not_multiply_without_bound() -> None:
    bomb: Any = "ha"
    for _ in range(DEPTH_MAX):
        bomb = [bomb] * 10
    with pytest.raises(Refused, match="values"):
        checked_tree(bomb)


def test_values_in_process_and_literals_make_the_same_document() -> None:
    given_in_process = {"a": 0.1, "b": 5, "c": Decimal("1.50"), "d": True, "e": None, "f": ("x", 2)}
    literal = b'{"a": 0.1, "b": 5, "c": 1.50, "d": true, "e": null, "f": ["x", 2]}'
    expected = {"a": "0.1", "b": "5", "c": "1.5", "d": True, "e": None, "f": ["x", "2"]}
    assert numbers_as_text(checked_tree(given_in_process)) == expected == numbers_as_text(read_json(literal))


keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
numbers = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
documents = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | numbers.map(float) | st.integers(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(documents)
def test_whatever_is_read_keeps_its_value_and_has_one_form(value: Any) -> None:
    tree = read_json(json.dumps(value))
    assert tree == checked_tree(value)
    document = numbers_as_text(tree)
    assert canonical_bytes(document) == canonical_bytes(numbers_as_text(read_json(canonical_bytes(document))))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_bytes_make_it_fail_but_by_a_refusal(document: bytes | str) -> None:
    words = ["read"]
    try:
        read_json(document)
    except Refused as refused:
        words = [refused.field, refused.detail, refused.remedy]
    assert canonical_bytes(words)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,4})?", fullmatch=True))
def test_a_number_is_kept_exactly_or_refused(literal: str) -> None:
    try:
        tree = read_json(literal)
    except Refused:
        return
    assert isinstance(tree, Decimal)
    assert tree == Decimal(literal)
