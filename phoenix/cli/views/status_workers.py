"""The executor's workers and its heartbeat in a few lines of text; quick to import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from phoenix.cli.views.times import distance
from phoenix.runtime.status.workers import ShownHeartbeat, ShownWorker

_NEVER = "never"


def worker_texts(workers: Sequence[ShownWorker], now: datetime) -> Iterator[str]:
    """Those that are late first, each by itself; then those for whom something will fall due; the rest together."""
    late = [worker for worker in workers if worker.is_late(now)]
    yield from (f"LATE {worker.name}, last run {_last_run(worker, now)}{_due(worker, now)}" for worker in late)
    in_time = [worker for worker in workers if not worker.is_late(now)]
    for worker in in_time:
        if worker.next_due is not None:
            yield f"{worker.name}, last run {_last_run(worker, now)}{_acted(worker, now)}{_due(worker, now)}"
    resting: dict[str, list[str]] = {}
    for worker in in_time:
        if worker.next_due is None:
            resting.setdefault(_last_run(worker, now), []).append(f"{worker.name}{_acted(worker, now)}")
    yield from (f"{'; '.join(names)}: last run {last_run}, nothing due" for last_run, names in resting.items())


def heartbeat_texts(heartbeat: ShownHeartbeat | None, now: datetime) -> Iterator[str]:
    """The verdict and when; then each check that is not as it should be."""
    if heartbeat is None or heartbeat.beaten_at is None:
        yield "none yet"
        return
    due = "" if heartbeat.next_due is None else f", the next one {distance(heartbeat.next_due, now)}"
    yield f"{heartbeat.verdict} {distance(heartbeat.beaten_at, now)}{due}"
    yield from heartbeat.troubles


def _last_run(worker: ShownWorker, now: datetime) -> str:
    return _NEVER if worker.last_run is None else distance(worker.last_run, now)


def _acted(worker: ShownWorker, now: datetime) -> str:
    return "" if worker.last_act is None else f" (last had to act {distance(worker.last_act, now)})"


def _due(worker: ShownWorker, now: datetime) -> str:
    if worker.next_due is None:
        return ""
    return f", {'was due' if worker.next_due <= now else 'due'} {distance(worker.next_due, now)}"
