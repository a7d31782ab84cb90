"""When the books are compared next. Held in memory: whoever takes over begins with a comparison of its own."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from phoenix.application.reconciliation.reports import Reports
from phoenix.application.reconciliation.triggers import THOROUGH
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.state import State
from phoenix.domain.vocabulary import ReconciliationTrigger, ReconciliationVerdict

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A comparison that is due, and everything that called for it."""

    triggers: tuple[ReconciliationTrigger, ...]
    decision_ids: tuple[str, ...]

    @property
    def is_thorough(self) -> bool:
        return not THOROUGH.isdisjoint(self.triggers)

    @property
    def is_always_recorded(self) -> bool:
        """Scheduled and asked-for runs leave a bead whatever they find."""
        return ReconciliationTrigger.SCHEDULE in self.triggers or ReconciliationTrigger.DEMAND in self.triggers


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run with what the broker answered. `session_date` is that of the trading session it fell into."""

    run: Run
    reports: Reports
    session_date: date


class Schedule:
    """Gathers what calls for a comparison into runs, never more of them in a minute than allowed."""

    def __init__(self, policy: ReconciliationPolicy) -> None:
        self._policy = policy
        self._interval = timedelta(seconds=policy.interval_s)
        self._asked: set[ReconciliationTrigger] = set()
        self._asked_at: datetime | None = None
        self._decision_ids: list[str] = []
        self._runs: deque[datetime] = deque(maxlen=policy.runs_per_minute_max)
        self._thorough_at: datetime | None = None
        self.looked_at: datetime | None = None
        self.verdict: ReconciliationVerdict | None = None

    def ask(self, trigger: ReconciliationTrigger, now: datetime, decision_id: str | None = None) -> None:
        """Call for a comparison; with others that wait it makes one run."""
        self._asked.add(trigger)
        self._asked_at = self._asked_at or now
        if decision_id is not None and decision_id not in self._decision_ids:
            self._decision_ids.append(decision_id)

    def asked_due(self) -> datetime | None:
        """When the run that was called for may take place; None when none was."""
        return None if self._asked_at is None else self._allowed(self._asked_at)

    def next_due(self, state: State) -> datetime | None:
        """When a run falls due by itself, or because it was called for. Without a session none does by itself."""
        candidates = [self.asked_due()]
        if state.session.is_connected:
            candidates += [self._settling_due(state), self._periodic_due()]
        return min((due for due in candidates if due is not None), default=None)

    def call_what_is_due(self, state: State, now: datetime, *, is_market_open: bool) -> None:
        """Call for what is due by itself. While the market is closed the next look at the clock is an interval away."""
        if not state.session.is_connected:
            return
        settling, periodic = self._settling_due(state), self._periodic_due()
        if settling is not None and settling <= now:
            self.ask(ReconciliationTrigger.SETTLING, now)
        if periodic is None or periodic > now:
            return
        if is_market_open:
            self.ask(ReconciliationTrigger.SCHEDULE, now)
        else:
            self._thorough_at = now

    def begin(self, state: State) -> Run:
        """The run that takes place now, of everything that was called for."""
        triggers = tuple(trigger for trigger in ReconciliationTrigger if trigger in self._asked)
        run = Run(triggers, tuple(self._decision_ids))
        self._asked.clear()
        self._decision_ids.clear()
        self._asked_at = None
        is_open_question = bool(state.reconciliation.suspects or state.reconciliation.acknowledged or state.drifts)
        if is_open_question and not run.is_thorough:
            return Run((*triggers, ReconciliationTrigger.SETTLING), run.decision_ids)
        return run

    def ended(self, now: datetime, verdict: ReconciliationVerdict, *, is_thorough: bool) -> None:
        """Remember that the books were compared."""
        self._runs.append(now)
        self.looked_at, self.verdict = now, verdict
        if is_thorough:
            self._thorough_at = now

    def _settling_due(self, state: State) -> datetime | None:
        """When a suspected difference may be called a drift; later where the last look came to nothing."""
        record = state.reconciliation
        instants = [record.confirmable_at(s, self._policy.settling_s) for s in record.suspects.values()]
        if not instants:
            return None
        due = min(instants)
        if self.looked_at is not None and self.verdict is ReconciliationVerdict.UNKNOWN:
            due = max(due, self.looked_at + _MINUTE / self._policy.runs_per_minute_max)
        return self._allowed(due)

    def _periodic_due(self) -> datetime | None:
        return None if self._thorough_at is None else self._allowed(self._thorough_at + self._interval)

    def _allowed(self, due: datetime) -> datetime:
        """An instant, or the first one behind it at which another run is within the limit."""
        is_full = len(self._runs) == self._policy.runs_per_minute_max
        return max(due, self._runs[0] + _MINUTE) if is_full else due
