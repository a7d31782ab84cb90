"""Looks at the broker's books when it is time. It holds a reader, so there is nothing else that it could do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from phoenix.application.reconciliation.judging import judge
from phoenix.application.reconciliation.reading import read_reports
from phoenix.application.reconciliation.schedule import Comparison, Run, Schedule
from phoenix.application.reconciliation.triggers import trigger_of
from phoenix.domain.beads.envelope import Payload
from phoenix.domain.policy import Policy
from phoenix.domain.state import State
from phoenix.domain.vocabulary import ReconciliationTrigger, ReconciliationVerdict
from phoenix.ports.broker_reader import BrokerReader
from phoenix.ports.calendar import TradingCalendar, TradingSession


class Reconciler:
    """Knows when to compare, reads what for, and says whether it is worth recording."""

    def __init__(self, reader: BrokerReader, calendar: TradingCalendar, policy: Policy) -> None:
        self._reader = reader
        self._calendar = calendar
        self._policy = policy
        self._schedule = Schedule(policy.reconciliation)

    @property
    def looked_at(self) -> datetime | None:
        """When this process last compared the books, on record or not."""
        return self._schedule.looked_at

    @property
    def verdict(self) -> ReconciliationVerdict | None:
        """What that came to."""
        return self._schedule.verdict

    def notice(self, payloads: Iterable[Payload], now: datetime) -> None:
        """Call for a comparison where one of these beads does."""
        for payload in payloads:
            trigger = trigger_of(payload)
            if trigger is not None:
                self._schedule.ask(trigger, now)

    def ask(self, trigger: ReconciliationTrigger, now: datetime, decision_id: str | None = None) -> None:
        self._schedule.ask(trigger, now, decision_id)

    def on_time(self, state: State, now: datetime) -> None:
        """Call for what falls due by itself: a settling difference, the regular look in market hours."""
        is_open = any(session.is_open for session in self._sessions(now))
        self._schedule.call_what_is_due(state, now, is_market_open=is_open)

    def is_due(self, now: datetime) -> bool:
        """Whether a comparison was called for and may take place."""
        due = self._schedule.asked_due()
        return due is not None and due <= now

    def next_due(self, state: State) -> datetime | None:
        """The next instant at which there is something to compare."""
        return self._schedule.next_due(state)

    def begin(self, state: State) -> Run:
        """The comparison that takes place now."""
        return self._schedule.begin(state)

    async def look(self, run: Run, state: State, now: datetime) -> Comparison:
        """Read the broker's books as far as the run needs them."""
        account = self._policy.account.account
        reports = await read_reports(self._reader, state, account, is_thorough=run.is_thorough)
        return Comparison(run, reports, self._session_date(now))

    def weigh(self, comparison: Comparison, state: State, now: datetime) -> bool:
        """Remember that the books were looked at; whether that has to go on record."""
        judgement = judge(state, self._policy, comparison.reports, now, comparison.session_date)
        self._schedule.ended(now, judgement.verdict, is_thorough=comparison.run.is_thorough)
        return comparison.run.is_always_recorded or judgement.is_news(state)

    def recovered(self, state: State, now: datetime, *, is_complete: bool) -> None:
        """Remember that recovery has read and compared all there is."""
        verdict = state.reconciliation.verdict if is_complete else None
        self._schedule.ended(now, verdict or ReconciliationVerdict.UNKNOWN, is_thorough=True)

    def _sessions(self, now: datetime) -> list[TradingSession]:
        return [self._calendar.session(pair, now) for pair in sorted(self._policy.instruments)]

    def _session_date(self, now: datetime) -> date:
        """The date of the session that profits are counted in: the first one to end."""
        sessions = self._sessions(now)
        return min((session.session_date for session in sessions), default=now.date())
