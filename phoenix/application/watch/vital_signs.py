"""What a heartbeat looks at: the process, the connection, and whether work really goes on (SPEC 3.13).

Pure: it sees the state and what the process found out, and answers with checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from phoenix.domain.heartbeat import Check, Sign
from phoenix.domain.instants import instant_text
from phoenix.domain.policy import Policy
from phoenix.domain.position import LegState
from phoenix.domain.state import State, in_order
from phoenix.domain.timers import due_timers
from phoenix.domain.vocabulary import OrderStatus, PositionState, ReconciliationVerdict
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Session

PROCESS, CONNECTION, ORDERS = "process", "connection", "orders flowing"
FILLS, RECONCILIATION, STUCK = "fills updating", "reconciliation fresh", "nothing stuck"


@dataclass(frozen=True, slots=True)
class Found:
    """What only the process knows: the broker's session and clock, the last comparison, who is late."""

    session: Answer[Session]
    server_time: Answer[datetime]
    compared_at: datetime | None
    compared: ReconciliationVerdict | None
    is_market_open: bool
    late: tuple[str, ...]


def checks_of(state: State, policy: Policy, found: Found, now: datetime) -> tuple[Check, ...]:
    """Every check, in the order in which they are shown."""
    looking = _Looking(state, policy, found, now)
    return (
        looking.process(), looking.connection(), looking.orders(), looking.fills(), looking.reconciliation(),
        looking.stuck(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Looking:
    state: State
    policy: Policy
    found: Found
    now: datetime

    def process(self) -> Check:
        """Whether every worker had its turn in time."""
        return _check(PROCESS, [f"{name} is late" for name in self.found.late], "every worker had its turn")

    def connection(self) -> Check:
        """Whether there is a session, it answers, and both clocks agree."""
        session, answer = self.state.session, self.found.server_time
        if not session.is_connected or session.is_line_down or isinstance(self.found.session, Unknown):
            return Check(CONNECTION, Sign.DEGRADED, f"no session that works: {session.detail}")
        if isinstance(answer, Unknown):
            return Check(CONNECTION, Sign.UNKNOWN, f"the broker does not tell its time: {answer.reason}")
        apart_s = abs((answer.value - self.now).total_seconds())
        if apart_s > self.policy.clock_skew_s:
            return Check(CONNECTION, Sign.DEGRADED, f"the broker's clock is {apart_s:.1f} s away from ours")
        return Check(CONNECTION, Sign.OK, "the broker answers")

    def orders(self) -> Check:
        """Whether the broker has answered every order and every cancel in time."""
        return _check(ORDERS, list(self._unanswered()), "every order and cancel was answered in time")

    def fills(self) -> Check:
        """Whether executions bear out what the broker states as filled, and belong to somebody."""
        return _check(FILLS, list(self._unborne()), "executions bear out what the broker states as filled")

    def reconciliation(self) -> Check:
        """Whether the books were compared lately, with an answer. That they differ has an alert of its own."""
        compared_at, limit_s = self.found.compared_at, self.policy.reconciliation.interval_s + self._late_s
        if compared_at is None:
            return Check(RECONCILIATION, Sign.UNKNOWN, "the books were not compared since the start")
        if self.found.compared is ReconciliationVerdict.UNKNOWN:
            return Check(RECONCILIATION, Sign.UNKNOWN, f"the broker's books were not told {instant_text(compared_at)}")
        if self.found.is_market_open and self._is_over(compared_at, limit_s):
            return Check(RECONCILIATION, Sign.DEGRADED, f"last compared {instant_text(compared_at)}")
        return Check(RECONCILIATION, Sign.OK, "the books were compared in time")

    def stuck(self) -> Check:
        """Whether anything waits for what should have happened by now."""
        return _check(STUCK, list(self._waiting()), "nothing waits for longer than it may")

    @property
    def _late_s(self) -> int:
        return self.policy.heartbeat.late_after_s

    def _is_over(self, since: datetime | None, limit_s: int) -> bool:
        return since is not None and self.now - since > timedelta(seconds=limit_s)

    def _unanswered(self) -> Iterator[str]:
        for position in in_order(self.state.positions):
            for leg in position.alive_legs:
                if self._is_unanswered(leg):
                    yield f"{leg.leg.reference}, sent {instant_text(leg.sent_at)}, was not answered"
                elif self._is_over(leg.cancel_requested_at, self.policy.exit_silence_s):
                    yield f"the cancel of {leg.leg.reference} was not answered"

    def _is_unanswered(self, leg: LegState) -> bool:
        is_silent = not leg.is_acknowledged and self._is_over(leg.sent_at, self.policy.acknowledgement_limit_s)
        return is_silent or leg.status is OrderStatus.UNKNOWN

    def _unborne(self) -> Iterator[str]:
        for position in in_order(self.state.positions):
            if self._is_over(position.unborne_since, self.policy.protection_grace_s):
                yield f"no execution bears out what was filled in position {position.position_id}"
        for parked in in_order(self.state.parked):
            yield f"execution {parked.execution_id} is nobody's"

    def _waiting(self) -> Iterator[str]:
        for position in in_order(self.state.positions):
            if position.state is PositionState.STALLED:
                yield f"position {position.position_id} is STALLED"
            action = position.unsettled_action
            if action is not None and action.is_silent:
                yield f"the {action.kind.value} of position {position.position_id} is not answered"
        for pending in self.state.decisions.values():
            if self._is_over(pending.made_at, self.policy.decision_life_s):
                yield f"decision {pending.payload.decision_id} is not answered"
        overdue = due_timers(self.state, self.policy, self.now - timedelta(seconds=self._late_s))
        yield from (f"{key.kind.value} of {key.subject} is overdue" for _, key in overdue)


def _check(name: str, troubles: list[str], fine: str) -> Check:
    return Check(name, Sign.DEGRADED if troubles else Sign.OK, "; ".join(troubles) or fine)
