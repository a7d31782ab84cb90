"""Instants as the gateway writes them, in its own time zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo


def local_text(at: datetime, zone: tzinfo) -> str:
    """20260302  09:30:00, with two blanks and no word on the zone."""
    return f"{at.astimezone(zone):%Y%m%d  %H:%M:%S}"


def zoned_text(at: datetime, zone: tzinfo) -> str:
    """20260302 09:30:00 US/Eastern."""
    local = at.astimezone(zone)
    name = zone.key if isinstance(zone, ZoneInfo) else local.tzname()
    return f"{local:%Y%m%d %H:%M:%S} {name}"
