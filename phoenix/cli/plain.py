"""Text from outside, made harmless for a terminal: what would steer it is shown as an escape instead."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters, what turns the direction of text or breaks lines, what is invisible, and halves of pairs."""


def plain(text: object) -> str:
    r"""The text on one line, with every character that a terminal would obey written out, such as \x1b."""
    return _STEERING.sub(lambda found: _escaped(found[0]), str(text))


def json_safe(document: str) -> str:
    """A JSON document in which nothing but its own line breaks can steer a terminal; its value is unchanged."""
    return _STEERING.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", document)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
