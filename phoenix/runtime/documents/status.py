"""The status as a JSON document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.ports.lock import Holder
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.status.glance import Glance
from phoenix.runtime.status.workers import shown_workers

_SHOWN = (
    "account", "mode", "currency", "equity", "equity_as_of", "adapter", "connected", "reconciled", "session",
    "positions", "pending", "unanswered", "unprotected", "unknown_orders", "drifts", "strays", "parked",
    "open_alerts", "waiting_alerts", "failing_channels",
    "settling", "heartbeat", "books", "books_recorded_at", "books_looked_at",
)  # fmt: skip


def status_document(glance: Glance, now: datetime) -> dict[str, Any]:
    """What `phoenix status` shows. Everything in `shown` is as of bead `shown.head_seq`, and may be old."""
    health, reason = glance.health(now)
    return {
        "health": health.value, "reason": reason, "is_current": glance.is_current(now), "now": instant_text(now),
        "executor": None if glance.executor is None else executor_document(glance.executor),
        "head_seq": glance.head_seq, "unshown_beads": glance.unshown_beads, "kill_flags": list(glance.kill_flags),
        "alerts": [alert_document(bead) for bead in glance.alerts], "shown": _shown(glance, now),
    }  # fmt: skip


def executor_document(holder: Holder) -> dict[str, Any]:
    return {
        "pid": holder.pid, "host": holder.host, "user": holder.user, "command": holder.command,
        "since": instant_text(holder.since),
    }  # fmt: skip


def alert_document(bead: dict[str, Any]) -> dict[str, Any]:
    """An alert, from the body of its bead."""
    payload = bead["payload"]
    names = ("event", "severity", "kind", "message", "runbook", "position_id", "intent_id")
    return {"at": bead.get("timestamp"), **{name: payload.get(name) for name in names}}


def _shown(glance: Glance, now: datetime) -> dict[str, Any] | None:
    status = glance.status
    if status is None:
        return None
    return {
        "as_of": status.as_of, "head_seq": status.head_seq, "quotes": status.quotes,
        **{name: status.document.get(name) for name in _SHOWN}, "workers": _workers(glance, now),
    }  # fmt: skip


def _workers(glance: Glance, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "name": worker.name, "last_run": optional_instant(worker.last_run),
            "last_act": optional_instant(worker.last_act), "next_due": optional_instant(worker.next_due),
            "late_at": optional_instant(worker.late_at), "is_late": glance.is_served and worker.is_late(now),
        }
        for worker in shown_workers(glance.status)
    ]  # fmt: skip
