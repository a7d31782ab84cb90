"""The workers of this process: whose turn it is, and who is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from phoenix.application.executor import Executor
from phoenix.application.watch.heart import Heart
from phoenix.application.watch.workers import OF_TIMER, ON_TIME, Roster, Turn, Worker, WorkerReport
from phoenix.domain.policy import Policy
from phoenix.domain.timers import due_timers, next_due_by_kind
from phoenix.ports.clock import Clock


class Workers:
    """Gives workers their turns, and tells of them. `poll_s` is how long the process may sleep between two."""

    def __init__(self, executor: Executor, heart: Heart, policy: Policy, clock: Clock, poll_s: float) -> None:
        self.heart = heart
        self._executor = executor
        self._policy = policy
        self._clock = clock
        self._roster = Roster(timedelta(seconds=policy.heartbeat.late_after_s + poll_s), clock.now())

    def begin(self, *without: Worker) -> None:
        """From now on all of them, or all but some, are expected to have their turns: this process has come to stay."""
        self._roster.expect([worker for worker in Worker if worker not in without], self._clock.now())

    def turn_of(self, worker: Worker) -> Turn:
        """A turn of one worker."""
        return Turn(self._roster, self._clock, [worker])

    def turn_on_time(self) -> Turn:
        """A turn of all who wait for time to pass. Those who have something to do answer for what goes wrong."""
        now = self._clock.now()
        due = {OF_TIMER[key.kind] for _, key in due_timers(self._executor.state, self._policy, now)}
        for worker in due:
            self._roster.acted(worker, now)
        return Turn(self._roster, self._clock, ON_TIME, sorted(due) or [Worker.RECONCILIATION])

    def next_due(self) -> datetime | None:
        """When the heart beats next."""
        return self.heart.next_due

    async def beat(self) -> None:
        """Let the heart beat, where it is due."""
        with self.turn_of(Worker.HEARTBEAT):
            now = self._clock.now()
            await self.heart.beat_if_due(now, tuple(report.worker.value for report in self.late(now)))

    def reports(self) -> list[WorkerReport]:
        """Every worker that is expected to have turns."""
        self._roster.acted(Worker.RECONCILIATION, self._executor.books_looked_at)
        self._roster.acted(Worker.ALERTS, self._executor.alerts_handed_out_at)
        self._roster.acted(Worker.HEARTBEAT, self.heart.beaten_at)
        return self._roster.reports(self._dues())

    def late(self, now: datetime) -> list[WorkerReport]:
        """Those that should have run by now."""
        return [report for report in self.reports() if report.is_late(now)]

    def lateness(self, now: datetime) -> dict[str, str]:
        """Who is late, with the reason. Where a turn does not end, those whose turn it is hold up all the others."""
        late = {report.worker.value: report.lateness(now) for report in self.late(now)}
        if not late or not self._roster.at_turn:
            return late
        return {", ".join(self._roster.at_turn): f"its turn does not end, and these wait: {', '.join(late)}"}

    def _dues(self) -> dict[Worker, datetime]:
        dues: dict[Worker, datetime] = {}
        for kind, due in next_due_by_kind(self._executor.state, self._policy).items():
            dues[OF_TIMER[kind]] = min(due, dues.get(OF_TIMER[kind], due))
        others = (
            (Worker.RECONCILIATION, self._executor.books_due()), (Worker.ALERTS, self._executor.alerts_due()),
            (Worker.HEARTBEAT, self.heart.next_due),
        )  # fmt: skip
        return dues | {worker: due for worker, due in others if due is not None}
