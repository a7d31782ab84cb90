"""Whether this computer's clock can be believed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.ports.errors import StoreError
from phoenix.ports.store import BeadStore
from phoenix.runtime.checkup.finding import Finding, failed, not_checked, ok

CHECK = "clock"
_TOLERANCE = timedelta(seconds=2)
_LOOKED_AT = 1000
"""Beads. A clock that went back has written some since, so the last one alone says nothing."""
_REMEDY = "timedatectl; set the clock, or wait until it has passed that instant"


def clock(store: BeadStore[Any], now: datetime) -> Finding:
    """Whether the clock stands behind what was recorded already, the newest beads of it at least."""
    try:
        newest = list(store.read(after_seq=max(0, store.head().seq - _LOOKED_AT), limit=_LOOKED_AT))
    except StoreError as error:
        return not_checked(CHECK, str(error))
    latest = max(newest, key=lambda sealed: sealed.bead.timestamp, default=None)
    if latest is None or now >= latest.bead.timestamp - _TOLERANCE:
        return ok(CHECK, f"it shows {instant_text(now)}, later than the last {len(newest)} beads on record")
    found = f"it shows {instant_text(now)}, but bead {latest.seq} was recorded at {instant_text(latest.bead.timestamp)}"
    return failed(CHECK, found, _REMEDY)
