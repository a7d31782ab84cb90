"""The workers of an executor by name: when each last had its turn, when it is due next, and whether it is late.

Nothing is scheduled here. What falls due is derived from the state, as ever; this only tells who has to see to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType

from phoenix.domain.errors import PhoenixError
from phoenix.domain.instants import instant_text
from phoenix.domain.state import TimerKind
from phoenix.ports.clock import Clock
from phoenix.ports.errors import StoreError


class Worker(StrEnum):
    """Who does what, in the order in which they are shown."""

    TOKENS = "token sweeper"
    STALLS = "stall watch"
    PROTECTION = "protection watch"
    RECONCILIATION = "reconciliation"
    ESCALATIONS = "escalations"
    RECONNECTION = "reconnection"
    ALERTS = "alert delivery"
    HEARTBEAT = "heartbeat"
    BROKER = "broker's word"
    REQUESTS = "requests"
    INBOX = "inbox"
    NEIGHBOURS = "shadow and decay"
    RECORD = "checkpoints"


OF_TIMER: Mapping[TimerKind, Worker] = {
    TimerKind.FLAG_EXPIRY: Worker.TOKENS,
    TimerKind.TOKEN_EXPIRY: Worker.TOKENS,
    TimerKind.PROPOSAL_LAPSE: Worker.TOKENS,
    TimerKind.PROMOTION_LAPSE: Worker.TOKENS,
    TimerKind.ENTRY_SILENCE: Worker.STALLS,
    TimerKind.CANCEL_SILENCE: Worker.STALLS,
    TimerKind.ACTION_SILENCE: Worker.STALLS,
    TimerKind.UNPROTECTED: Worker.PROTECTION,
    TimerKind.UNBORNE_FILL: Worker.PROTECTION,
    TimerKind.STALL_ESCALATION: Worker.ESCALATIONS,
    TimerKind.DRIFT_ESCALATION: Worker.ESCALATIONS,
    TimerKind.ALERT_ESCALATION: Worker.ESCALATIONS,
    TimerKind.RECONNECT: Worker.RECONNECTION,
    TimerKind.RESET_OVER: Worker.RECONNECTION,
}
"""Whose timers they are."""

ON_TIME = frozenset({*OF_TIMER.values(), Worker.RECONCILIATION, Worker.ALERTS})
"""Those who have their turn together, whenever the executor looks at what has fallen due."""


class WorkerDied(PhoenixError):
    """A worker ended on an error that nothing provides for. Whoever drives it ends, for nobody may trade unwatched."""

    def __init__(self, workers: Iterable[Worker], error: BaseException) -> None:
        self.worker = ", ".join(workers)
        self.detail = f"{type(error).__name__}: {error} ({_place(error)})"
        super().__init__(
            f"{self.worker} died of {self.detail}. Nothing is watched and nothing is sent until an executor starts "
            "anew; what works at the broker goes on working. See docs/runbooks/RB-009-worker-stopped.md, then phoenix "
            "serve"
        )


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """`ran_at` is its last turn, `acted_at` the last one in which it had something to do; both None before the first.

    It is late from `late_at` on, if it has no turn until then.
    """

    worker: Worker
    ran_at: datetime | None
    acted_at: datetime | None
    next_due: datetime | None
    late_at: datetime

    def is_late(self, now: datetime) -> bool:
        return now > self.late_at

    def lateness(self, now: datetime) -> str:
        """What it is late for, in words."""
        last = "it never ran" if self.ran_at is None else f"it last ran {instant_text(self.ran_at)}"
        due = "" if self.next_due is None or self.next_due > now else f", and was due {instant_text(self.next_due)}"
        return f"{last}{due}"


class WorkerHangs(PhoenixError):
    """The executor was told to stop, and a worker's turn did not end."""

    def __init__(self, late: Iterable[WorkerReport]) -> None:
        names = ", ".join(report.worker for report in late) or "a worker"
        super().__init__(
            f"told to stop, while {names} went on waiting for something; ended without it, and the broker session was "
            "not closed in order. Everything that happened is on record"
        )


class Roster:
    """Remembers who had a turn, and who is `at_turn` now. Held in memory: it is about this process."""

    def __init__(self, late_after: timedelta, began_at: datetime) -> None:
        self._late_after = late_after
        self._began_at = began_at
        self._ran_at: dict[Worker, datetime] = {}
        self._acted_at: dict[Worker, datetime] = {}
        self._expected: dict[Worker, datetime] = {}
        self.at_turn: tuple[Worker, ...] = ()

    def expect(self, workers: Iterable[Worker], now: datetime) -> None:
        """From now on these have their turns again and again."""
        self._expected.update(dict.fromkeys(workers, now))

    def ran(self, workers: Iterable[Worker], now: datetime) -> None:
        """These had their turn."""
        self._ran_at.update(dict.fromkeys(workers, now))

    def acted(self, worker: Worker, at: datetime | None) -> None:
        """One had something to do; None says nothing."""
        if at is not None:
            self._acted_at[worker] = at

    def report(self, worker: Worker, next_due: datetime | None) -> WorkerReport:
        """One worker; it is late when it had no turn for too long, or what is due still waits."""
        ran_at = self._ran_at.get(worker)
        late_at = (ran_at or self._expected.get(worker, self._began_at)) + self._late_after
        if next_due is not None:
            late_at = min(late_at, max(next_due, self._began_at) + self._late_after)
        return WorkerReport(worker, ran_at, self._acted_at.get(worker), next_due, late_at)

    def reports(self, dues: Mapping[Worker, datetime]) -> list[WorkerReport]:
        """All who are expected to have turns."""
        return [self.report(worker, dues.get(worker)) for worker in Worker if worker in self._expected]


class Turn:
    """A turn of some workers: it counts once it is over, and an error that nothing provides for ends as WorkerDied.

    `blamed` are those of them who are named then. An unusable store is provided for: whoever meets it has to end.
    """

    def __init__(
        self, roster: Roster, clock: Clock, workers: Iterable[Worker], blamed: Iterable[Worker] = ()
    ) -> None:  # fmt: skip
        self._roster = roster
        self._clock = clock
        self._workers = tuple(workers)
        self._blamed = tuple(blamed) or self._workers

    def __enter__(self) -> None:
        self._roster.at_turn = self._blamed

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._roster.at_turn = ()
        if error is None:
            self._roster.ran(self._workers, self._clock.now())
        elif isinstance(error, Exception) and not isinstance(error, StoreError):
            raise WorkerDied(self._blamed, error) from error
