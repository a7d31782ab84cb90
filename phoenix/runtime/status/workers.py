"""What a status tells of the executor's workers and its heartbeat; quick to import, and content with anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from phoenix.domain.errors import DomainError
from phoenix.domain.instants import parse_instant
from phoenix.runtime.status.file import Status

_OK = "OK"


@dataclass(frozen=True, slots=True)
class ShownWorker:
    """A worker as it was last shown. One whose `late_at` cannot be read is late."""

    name: str
    last_run: datetime | None
    last_act: datetime | None
    next_due: datetime | None
    late_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        return self.late_at is None or now > self.late_at


@dataclass(frozen=True, slots=True)
class ShownHeartbeat:
    """The last heartbeat as it was shown; `troubles` are the checks that are not OK, in words."""

    verdict: str | None
    beaten_at: datetime | None
    next_due: datetime | None
    troubles: tuple[str, ...]


def shown_workers(status: Status | None) -> list[ShownWorker]:
    """Those that the status speaks of."""
    entries = None if status is None else status.document.get("workers")
    known = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [
        ShownWorker(
            str(entry.get("name")), _instant(entry, "last_run"), _instant(entry, "last_act"),
            _instant(entry, "next_due"), _instant(entry, "late_at"),
        )
        for entry in known
    ]  # fmt: skip


def late_workers(status: Status | None, now: datetime) -> list[ShownWorker]:
    """Those that should have run by now, and have not been shown to."""
    return [worker for worker in shown_workers(status) if worker.is_late(now)]


def shown_heartbeat(status: Status | None) -> ShownHeartbeat | None:
    """None where the status speaks of none: the executor has come for a moment only, or is another version."""
    entry = None if status is None else status.document.get("heartbeat")
    if not isinstance(entry, dict) or not isinstance(entry.get("verdict"), str):
        return None
    listed = entry.get("checks")
    checks = [check for check in listed if isinstance(check, dict)] if isinstance(listed, list) else []
    troubles = [f"{check.get('name')}: {check.get('detail')}" for check in checks if check.get("sign") != _OK]
    return ShownHeartbeat(
        entry["verdict"], _instant(entry, "beaten_at"), _instant(entry, "next_due"), tuple(troubles)
    )  # fmt: skip


def _instant(entry: dict[str, Any], name: str) -> datetime | None:
    try:
        return parse_instant(str(entry[name]))
    except (KeyError, DomainError):
        return None
