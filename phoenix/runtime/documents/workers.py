"""The workers of an executor and its heartbeat, as the status shows them."""

from __future__ import annotations

from typing import Any

from phoenix.application.watch.workers import WorkerReport
from phoenix.domain.heartbeat import verdict_of
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.process.workers import Workers


def workers_document(workers: Workers) -> dict[str, Any]:
    """Who has turns when, and what the last heartbeat found. A worker is late once `late_at` has passed."""
    heart = workers.heart
    checks = [{"name": name, "sign": sign.value, "detail": detail} for name, sign, detail in heart.checks]
    beaten = None if heart.beaten_at is None else verdict_of(heart.checks).value
    return {
        "workers": [_worker(report) for report in workers.reports()],
        "heartbeat": {
            "verdict": beaten, "beaten_at": optional_instant(heart.beaten_at),
            "next_due": optional_instant(heart.next_due), "checks": checks,
        },
    }  # fmt: skip


def _worker(report: WorkerReport) -> dict[str, Any]:
    return {
        "name": report.worker.value, "last_run": optional_instant(report.ran_at),
        "last_act": optional_instant(report.acted_at), "next_due": optional_instant(report.next_due),
        "late_at": optional_instant(report.late_at),
    }  # fmt: skip
