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
_REMEDY = "timedatectl; set the clock, or wait until it has passed that instant"


def clock(store: BeadStore[Any], now: datetime) -> Finding:
    """Whether the clock stands behind what was recorded already."""
    try:
        last = next(store.read(after_seq=max(0, store.head().seq - 1), limit=1), None)
    except StoreError as error:
        return not_checked(CHECK, str(error))
    if last is None or now >= last.bead.timestamp - _TOLERANCE:
        return ok(CHECK, f"it shows {instant_text(now)}, later than everything on record")
    found = f"it shows {instant_text(now)}, but bead {last.seq} was recorded at {instant_text(last.bead.timestamp)}"
    return failed(CHECK, found, _REMEDY)
