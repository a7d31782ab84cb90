"""Execution times, which carry a zone, are the gateway's own local time, or cannot be made an instant of."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TIME = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?P<between> +|-)(\d\d):(\d\d):(\d\d)(?: +(?P<zone>\S+))?", re.ASCII
)  # fmt: skip


def instant_of(text: str, gateway_zone: tzinfo | None) -> datetime | None:
    """The instant of an execution's time; None when its zone is unknown, or its clock showed that time twice or never.

    The machine's own zone is never taken for the gateway's.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    zone = _zone(match["zone"], match["between"], gateway_zone)
    if zone is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 5, 6, 7))
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return None
    return local.astimezone(UTC)


def _zone(name: str | None, between: str, gateway_zone: tzinfo | None) -> tzinfo | None:
    if name is None:
        return UTC if between == "-" else gateway_zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
