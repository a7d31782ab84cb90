"""The heart of an executor: it asks the broker for its time, looks at everything, and says what it found."""

from __future__ import annotations

from datetime import datetime, timedelta

from phoenix.application.executor import Executor
from phoenix.application.inputs import HeartBeaten
from phoenix.application.watch.vital_signs import Found, checks_of
from phoenix.domain.heartbeat import Check
from phoenix.domain.policy import Policy
from phoenix.ports.broker import Broker
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.ids import IdSource

_DIGITS = 8
_HALF = 16**_DIGITS // 2


class Heart:
    """Beats whenever its driver lets it and it is due. Asking the broker for its time keeps the session alive."""

    def __init__(
        self, executor: Executor, broker: Broker, calendar: TradingCalendar, policy: Policy, ids: IdSource
    ) -> None:
        self._executor = executor
        self._broker = broker
        self._calendar = calendar
        self._policy = policy
        self._ids = ids
        self.checks: tuple[Check, ...] = ()
        self.beaten_at: datetime | None = None
        self.next_due: datetime | None = None

    async def beat_if_due(self, now: datetime, late: tuple[str, ...] = ()) -> bool:
        """Beat where it is due, the first time at once; `late` names the workers that are. Whether it beat."""
        if self.next_due is not None and now < self.next_due:
            return False
        self.next_due = now + self._interval()
        found = Found(
            self._broker.session(), await self._broker.server_time(), self._executor.books_looked_at,
            self._executor.books_verdict, self._is_market_open(now), late,
        )  # fmt: skip
        self.checks = checks_of(self._executor.state, self._policy, found, now)
        self.beaten_at = now
        await self._executor.take(HeartBeaten(self.checks))
        return True

    def _interval(self) -> timedelta:
        """Up to the jitter shorter or longer, drawn from a new id, so that a seed makes the same beats."""
        policy = self._policy.heartbeat
        drawn = int(self._ids.new_id()[-_DIGITS:], 16) / _HALF - 1
        return timedelta(seconds=policy.interval_s + round(drawn * policy.jitter_s, 3))

    def _is_market_open(self, now: datetime) -> bool:
        return any(self._calendar.session(pair, now).is_open for pair in sorted(self._policy.instruments))
