"""Canonical bytes: the fast encoder and RFC 8785 are the same within encoding version 1."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.encoding import canonical_bytes, chain_hash, content_hash, require_json
from phoenix.domain.errors import InvalidValue
from tests.domain.beads.strategies import json_values


@given(json_values)
def test_canonical_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(json_values)
def test_the_hash_of_content_is_that_of_its_canonical_bytes(value: Any) -> None:
    assert content_hash(value) == sha256(rfc8785.dumps(value)).hexdigest()


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), st.booleans()))
def test_the_order_of_keys_does_not_matter(value: dict[str, bool]) -> None:
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [True, 1]}, r"value\.a\[1\]"),
        ({"a": {"b": 0.5}}, r"value\.a\.b"),
        ({"é": "x"}, "value"),
        ({1: "x"}, "value"),
        ({"a": {"x"}}, r"value\.a"),
        (b"bytes", "value"),
    ],
)
def test_anything_but_text_flags_and_their_collections_is_refused_by_place(value: Any, place: str) -> None:
    with pytest.raises(InvalidValue, match=rf"^{place}: "):
        canonical_bytes(value)
    with pytest.raises(InvalidValue, match=rf"^{place}: "):
        require_json(value)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidValue, match="surrogate"):
        canonical_bytes({"a": "\ud800"})


def test_a_bead_hash_covers_the_hash_before_it() -> None:
    assert chain_hash(b"a", b"bc") == sha256(b"abc").digest()
