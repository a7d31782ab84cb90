"""Instants are timezone-aware UTC, written with six decimals and a Z so that equal instants have equal bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from phoenix.domain.errors import InvalidValue


@lru_cache(maxsize=1024)
def instant_text(instant: datetime) -> str:
    """`2012-02-01T07:15:00.000000Z`."""
    if instant.tzinfo is not UTC:
        instant = require_utc(instant)
    return instant.isoformat(timespec="microseconds")[:-6] + "Z"


@lru_cache(maxsize=4096)
def parse_instant(text: str) -> datetime:
    """The instant of an ISO 8601 text with an offset. Raises InvalidValue for a text without one."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(
            "instant", f"{text!r} is not an ISO 8601 date and time", "Write 2026-01-31T14:30:00Z"
        ) from error
    return require_utc(parsed)


def require_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises InvalidValue for a naive one: a missing offset is not UTC, it is unknown."""
    if instant.utcoffset() is None:
        raise InvalidValue("instant", f"{instant.isoformat()} has no offset", "Add Z or +00:00")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise InvalidValue("instant", f"{instant.isoformat()} does not exist in UTC", "Give a nearer date") from error
