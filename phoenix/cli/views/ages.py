"""How long ago something was, in the largest unit that says enough."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def age_text(then: datetime, now: datetime) -> str:
    """`3 s ago`, `12 min ago`, `2 days ago`; `in 5 min` for what is to come."""
    seconds = (now - then) / timedelta(seconds=1)
    return f"in {_span(-seconds)}" if seconds <= -1 else f"{_span(seconds)} ago"


def _span(seconds: float) -> str:
    for name, length in _UNITS:
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {name}{'s' if name == 'day' and count > 1 else ''}"
    return "less than 1 s"
