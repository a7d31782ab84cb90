"""Instants and spans of time in words: always absolute, with what is left of them beside."""

from __future__ import annotations

from datetime import datetime, timedelta


def clock(instant: datetime, now: datetime) -> str:
    """The instant in UTC, with its date where that is not today's."""
    if instant.date() == now.date():
        return f"{instant:%H:%M:%S} UTC"
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def brief(instant: datetime, now: datetime) -> str:
    """The instant in UTC without saying so, and how far away it is in its largest unit."""
    told = f"{instant:%H:%M:%S}" if instant.date() == now.date() else f"{instant:%m-%d %H:%M}"
    away = " ".join(span(abs(instant - now)).split()[:2])
    return f"{told} ({away}{'' if instant > now else ' ago'})"


def clock_and_left(instant: datetime, now: datetime) -> str:
    """The instant, and how far away it is in either direction."""
    return f"{clock(instant, now)} ({distance(instant, now)})"


def distance(instant: datetime, now: datetime) -> str:
    """`in 4 min 3 s` or `12 s ago`."""
    if instant > now:
        return f"in {span(instant - now)}"
    return f"{span(now - instant)} ago"


def span(length: timedelta) -> str:
    """The two largest units of a length of time."""
    seconds = int(length.total_seconds())
    for name, size, lesser_name, lesser in (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1)):
        if seconds >= size:
            return f"{seconds // size} {name} {seconds % size // lesser} {lesser_name}"
    return f"{seconds} s"
