"""Ids as people read and type them."""

from __future__ import annotations

SHOWN_ID = 13
"""Characters of an id that tell it from any other made more than a millisecond apart."""


def short(identity: str) -> str:
    """The beginning of an id, long enough to be typed instead of it."""
    return identity[:SHOWN_ID]
