"""Whether the executor's workers run, and what its heart says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from phoenix.domain.heartbeat import Verdict
from phoenix.domain.instants import instant_text
from phoenix.runtime.checkup.finding import Finding, ok, warning
from phoenix.runtime.status.glance import Glance, glance
from phoenix.runtime.status.workers import ShownWorker, late_workers, shown_heartbeat, shown_workers

WORKERS, HEARTBEAT = "workers", "heartbeat"
_RUNBOOK = "docs/runbooks/RB-009-worker-stopped.md"
_NOBODY = "there is none while no executor has come to stay"


def workers_and_heartbeat(directory: Path, now: datetime) -> Iterator[Finding]:
    """Both as the executor at work shows them; there is nothing to say while none is."""
    seen = glance(directory)
    if not seen.is_served:
        yield from (ok(check, _NOBODY) for check in (WORKERS, HEARTBEAT))
        return
    yield _workers(seen, now)
    yield _heartbeat(seen)


def _workers(seen: Glance, now: datetime) -> Finding:
    known = shown_workers(seen.status)
    late = late_workers(seen.status, now)
    if late:
        words = "; ".join(_lateness(worker) for worker in late)
        return warning(WORKERS, f"late: {words}", f"look at the output of phoenix serve; {_RUNBOOK}")
    if not known:
        return warning(WORKERS, "the executor shows none", "phoenix status; if that stays, start phoenix serve anew")
    oldest = min((worker.last_run for worker in known if worker.last_run is not None), default=None)
    since = "have not run yet" if oldest is None else f"ran {instant_text(oldest)} or later"
    return ok(WORKERS, f"all {len(known)} {since}")


def _lateness(worker: ShownWorker) -> str:
    last = "never ran" if worker.last_run is None else f"last ran {instant_text(worker.last_run)}"
    return f"{worker.name} {last}"


def _heartbeat(seen: Glance) -> Finding:
    beat = shown_heartbeat(seen.status)
    if beat is None or beat.beaten_at is None:
        return warning(HEARTBEAT, "the executor's heart has not beaten yet", "phoenix status, in a minute")
    words = f"{beat.verdict} {instant_text(beat.beaten_at)}"
    if beat.verdict != Verdict.HEALTHY or beat.troubles:
        return warning(HEARTBEAT, f"{words}: {'; '.join(beat.troubles)}", f"phoenix status; {_RUNBOOK}")
    return ok(HEARTBEAT, words)
