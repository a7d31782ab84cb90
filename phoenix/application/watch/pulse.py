"""Heartbeats as beads: on every change of what a check says, and every ten minutes; a degraded one is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from phoenix.application.alerts import AlertKind
from phoenix.application.work import Work
from phoenix.domain.beads.operations import HeartbeatPayload
from phoenix.domain.heartbeat import Check, HeartbeatPolicy, Sign, checks_document, verdict_of


def on_beat(work: Work, checks: Sequence[Check]) -> None:
    """Record a heartbeat where it is news or due, and tell what has become worse since the last one."""
    known = work.state.pulse
    former = {} if known is None else dict(known.signs)
    is_news = former != {check.name: check.sign.value for check in checks}
    if is_news or known is None or work.now - known.recorded_at >= _longest(work.policy.heartbeat):
        work.record(HeartbeatPayload(verdict_of(checks).value, checks_document(checks)))
    worse = [check for check in checks if check.sign is not Sign.OK and former.get(check.name) != check.sign.value]
    if worse:
        words = "; ".join(f"{check.name} {check.sign.value}: {check.detail}" for check in worse)
        work.alert(AlertKind.HEARTBEAT_DEGRADED, words, key=",".join(check.name for check in worse))


def _longest(policy: HeartbeatPolicy) -> timedelta:
    """After how long the next beat might come too late to be the one that goes on record."""
    return timedelta(seconds=policy.record_every_s - policy.interval_s - policy.jitter_s)


def on_worker_late(work: Work, worker: str, detail: str) -> None:
    """Tell that a worker should have run and did not."""
    work.alert(AlertKind.WORKER_LATE, f"{worker} is late: {detail}", key=worker)


def on_worker_died(work: Work, worker: str, detail: str) -> None:
    """Tell that a worker ended on an error that nothing provides for. The executor ends with it."""
    work.alert(
        AlertKind.WORKER_DIED, f"{worker} died of {detail}; the executor ends, and nothing is watched until the next",
        key=worker,
    )  # fmt: skip
