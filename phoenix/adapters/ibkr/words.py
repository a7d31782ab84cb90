"""Text of the gateway's own, which may hold anything, made fit to be kept: one line, of a length that can be read."""

from __future__ import annotations

TEXT_MAX = 500
_NOT_SHOWN = "\N{REPLACEMENT CHARACTER}"


def words(text: str) -> str:
    """The text without control and other unprintable characters, cut where it gets too long."""
    return "".join(one if one.isprintable() else _NOT_SHOWN for one in text[:TEXT_MAX])
