"""Nothing from outside can steer the terminal, on the screen or inside a JSON document."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from phoenix.cli.plain import json_safe, plain

STEERING = st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp"]), max_size=20)


@given(STEERING)
def test_what_steers_is_written_out(text: str) -> None:
    shown = plain(f"a{text}b")
    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Zl", "Zp")]
    assert "\u202e" not in shown
    assert (shown[0], shown[-1]) == ("a", "b")


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=20))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text


@given(st.dictionaries(st.text(), st.text()))
def test_a_document_keeps_its_value(value: dict[str, str]) -> None:
    document = json.dumps(value, ensure_ascii=False, indent=2)
    safe = json_safe(document)
    assert json.loads(safe) == value
    assert not [character for character in safe if unicodedata.category(character) == "Cc" and character != "\n"]
