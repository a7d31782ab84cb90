"""YAML says what JSON says, and nothing that JSON cannot say."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.yaml_notation import read_yaml
from phoenix.application.signals.cse import read_signal
from phoenix.application.signals.strict_json import (
    DEPTH_MAX,
    DOCUMENT_BYTES_MAX,
    VALUES_MAX,
    checked_tree,
    numbers_as_text,
    read_json,
)
from phoenix.domain.encoding import canonical_bytes, content_hash
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.rehearsal.signals import signal_document


def refusal_of(document: bytes | str) -> Refused:
    with pytest.raises(Refused) as refused:
        read_yaml(document)
    assert refused.value.reason is RefusalReason.MALFORMED
    assert refused.value.remedy
    assert canonical_bytes([refused.value.field, refused.value.detail, refused.value.remedy])
    return refused.value


HOSTILE: list[tuple[str, bytes | str, str]] = [
    ("nothing", b"", "document"),
    ("only a comment", b"# nothing\n", "document"),
    ("too long", b"a: " + b"b" * DOCUMENT_BYTES_MAX, "document"),
    ("not UTF-8", b"a: \xff", "document"),
    ("UTF-16", "a: b".encode("utf-16"), "document"),
    ("control character", b"a: \x00", "document"),
    ("lone surrogate as it is", "a: \ud800", "document"),
    ("lone surrogate", b'a: ["\\ud800"]', "a[0]"),
    ("character beyond Unicode", b'a: "\\Uffffffff"', "document"),
    ("not YAML", b"a: [", "document"),
    ("tabs", b"a:\n\tb: 1", "document"),
    ("several documents", b"a: 1\n---\na: 2\n", "document"),
    ("something behind the document", b"a: 1\n...\nb: 2\n", "document"),
    ("directive", b"%YAML 1.1\n---\na: 1\n", "document"),
    ("tag directive", b"%TAG ! tag:x,2000:\n---\na: 1\n", "document"),
    ("duplicate key", b"a:\n  b: 1\n  c: 2\n  b: 1\n", "a.b"),
    ("duplicate key, written differently", b'b: 1\n"\\x62": 2\n', "b"),
    ("duplicate key in a list", b"a: [x, {b: 1, 'b': 2}]", "a[1].b"),
    ("anchor", b"a: {b: &x 1}", "a.b"),
    ("anchored list", b"a: &x [1]", "a"),
    ("anchored key", b"a: {&x b: 1}", "a"),
    ("alias", b"a: [*x]", "a[0]"),
    ("alias of itself", b"a: &x [*x]", "a"),
    ("alias as key", b"a: {*x : 1}", "a"),
    ("billion laughs", b"a: &a [1]\nb: [*a, *a]", "a"),
    ("merge key", b"a: {<<: {b: 1}}", "a.<<"),
    ("tagged text", b"a: !!str 1", "a"),
    ("tagged number", b"a: [!!int '1']", "a[0]"),
    ("tag of one's own", b"a: !mine {b: 1}", "a"),
    ("plain tag", b"a: ! b", "a"),
    ("object in the language", b"a: !!python/object/apply:os.system [id]", "a"),
    ("set", b"a: !!set {b}", "a"),
    ("number as key", b"a: {1: b}", "a.1"),
    ("true as key", b"a: {true: b}", "a.true"),
    ("null as key", b"a: {null: b}", "a.null"),
    ("nothing as key", b"a:\n  ?\n  : b\n", "a."),
    ("list as key", b"a: {[b]: c}", "a"),
    ("object as key", b"? {b: c}\n: d\n", "document"),
    ("no value", b"a:\n  b:\n  c: 1\n", "a.b"),
    ("no value in a list", b"a:\n  -\n  - 1\n", "a[0]"),
    ("NaN", b"a: {b: NaN}", "a.b"),
    (".nan", b"a: {b: .nan}", "a.b"),
    (".inf", b"a: [.inf]", "a[0]"),
    ("-.INF", b"a: -.INF", "a"),
    ("Infinity", b"a: Infinity", "a"),
    ("2^53+1", b"a: 9007199254740993", "a"),
    ("digits lost", b"a: 0.1000000000000000055", "a"),
    ("1e400", b"a: 1e400", "a"),
    ("endless exponent", b"a: 1e99999999999999999999", "a"),
    ("endless number", b"a: " + b"9" * 60_000, "a"),
    ("too deep", b"{a: " * (DEPTH_MAX + 1) + b"1" + b"}" * (DEPTH_MAX + 1), "a" + ".a" * (DEPTH_MAX - 1)),
    ("recursion bomb of lists", b"[" * 60_000, "[0]" * DEPTH_MAX),
    ("recursion bomb of dashes", b"- " * 30_000, "[0]" * DEPTH_MAX),
    ("too many values", b"[" + b"1," * VALUES_MAX + b"1]", "document"),
    ("key not ASCII", "a: {é: 1}".encode(), "a.'\\xe9'"),
    ("endless key", b"'" + b"k" * 101 + b"': 1", "'" + "k" * 59),
    ("next line", "a: 'b \x85 c'", "document"),
    ("line separator", "a: 'b \u2028 c'".encode(), "document"),
]


@pytest.mark.parametrize(("document", "field"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_what_json_could_not_say_is_refused_with_the_field(document: bytes | str, field: str) -> None:
    assert refusal_of(document).field == field


def test_a_refusal_names_the_line_and_column_where_no_field_can_be_named() -> None:
    assert "line 2, column 4" in refusal_of(b"a: 1\nb: ]\n").detail


@pytest.mark.parametrize(
    "text",
    [
        "yes", "no", "on", "off", "True", "FALSE", "Null", "~", "0x1F", "0o17", "017", "1_000", "+1", ".5", "1.",
        "1:30", "190:20:30", "2026-03-02", "2026-03-02T09:30:00Z", "1e", "-1-", "=", "nan", "inf", "<",
    ],
)  # fmt: skip
def test_a_plain_scalar_that_json_does_not_know_is_text(text: str) -> None:
    assert read_yaml(f"a: {text}") == {"a": text}


@pytest.mark.parametrize("quoted", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("text", ["1.20", "true", "null", "<<", ".nan", "2026-03-02"])
def test_what_is_quoted_or_a_block_is_text(quoted: str, text: str) -> None:
    assert read_yaml("a: " + quoted.format(text)) == {"a": text}


@pytest.mark.parametrize("literal", ["0", "-0", "1.2700", "-12.5", "1e5", "1.5E-3", "123456789012"])
def test_a_number_keeps_its_digits_as_in_json(literal: str) -> None:
    tree = read_yaml(f"a: {literal}")
    assert tree == read_json(f'{{"a": {literal}}}')
    assert numbers_as_text(tree) == numbers_as_text({"a": Decimal(literal)})


def test_true_false_and_null_are_what_they_say() -> None:
    assert read_yaml("a: true\nb: false\nc: null\n") == {"a": True, "b": False, "c": None}


# --- the same signal in both notations ------------------------------------------------------------------------------

_PLAIN_TEXT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
_WORDS = {"true", "false", "null", "NaN", "Infinity"}
_NUMBERS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(-(10**12), 10**12), st.integers(0, 6)
)
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
_LEAVES = st.none() | st.booleans() | _NUMBERS | _TEXTS | st.sampled_from(["yes", "1.20", "2026-03-02", "~", "<<"])
_KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
_TREES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)


def in_json(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{in_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(in_json, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def in_yaml(value: Any, chance: Random, indent: int = 0) -> str:
    """The value as somebody might write it by hand: in blocks or in flow, plain or in quotes."""
    if isinstance(value, dict | list) and value and chance.random() < 0.7:
        return "\n" + "".join(_lines(value, chance, indent))
    if isinstance(value, dict):
        inner = ", ".join(f"{_text(key, chance)}: {_flow(item, chance)}" for key, item in value.items())
        return " {" + inner + "}"
    return " " + _flow(value, chance)


def _lines(value: dict[str, Any] | list[Any], chance: Random, indent: int) -> list[str]:
    pad = " " * indent
    items = [(f"{_text(key, chance)}:", item) for key, item in value.items()] if isinstance(value, dict) else [
        ("-", item) for item in value
    ]  # fmt: skip
    return [f"{pad}{head}{in_yaml(item, chance, indent + 2).rstrip(chr(10))}\n" for head, item in items]


def _flow(value: Any, chance: Random) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key, chance)}: {_flow(item, chance)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, chance) for item in value) + "]"
    return _text(value, chance) if isinstance(value, str) else in_json(value)


def _text(text: str, chance: Random) -> str:
    if _PLAIN_TEXT.fullmatch(text) and text not in _WORDS and chance.random() < 0.5:
        return text
    if text.isascii() and text.isprintable() and chance.random() < 0.5:
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character.isascii() and character.isprintable():
        return "\\" + character if character in '"\\' else character
    return f"\\U{ord(character):08x}"


@given(st.dictionaries(_KEYS, _TREES, max_size=5), _NUMBERS, st.randoms(use_true_random=False))
def test_the_same_signal_has_the_same_content_in_both_notations(
    evidence: dict[str, Any], price: Decimal, chance: Random
) -> None:
    hashed = content_hash(numbers_as_text(checked_tree(evidence)))
    document = signal_document(entry=price, confidence=Decimal("0.50"), evidence=evidence, evidence_hash=hashed)
    as_yaml = in_yaml(document, chance).lstrip("\n ") + "\n"
    from_json, from_yaml = read_signal(in_json(document)), read_signal(as_yaml.encode(), read_yaml)
    assert from_yaml == from_json
    assert from_yaml.content_hash == from_json.content_hash


@given(st.dictionaries(_KEYS, _TREES, max_size=5))
def test_json_is_yaml_unless_it_splits_a_character_in_two(value: dict[str, Any]) -> None:
    text = in_json(value)
    if "\\ud8" not in text and "\\ud9" not in text and "\\uda" not in text and "\\udb" not in text:
        assert read_yaml(text) == read_json(text)


@given(st.text(st.sampled_from("abc:-?[]{}#&*!|>'\"%@`,\n \t\\<=0.1~")) | st.binary(max_size=40))
def test_whatever_is_sent_is_read_or_refused(document: bytes | str) -> None:
    with suppress(Refused):
        read_yaml(document)
