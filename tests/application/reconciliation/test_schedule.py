"""When the books are compared: at once, by schedule, and never more often than allowed; nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from phoenix.application.reconciliation.schedule import Schedule
from phoenix.domain.change import replace
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.reconciliation.record import ReconciliationRecord
from phoenix.domain.state import SessionState, State
from phoenix.domain.vocabulary import DriftOrigin, DriftType, ReconciliationTrigger, ReconciliationVerdict, Severity
from phoenix.rehearsal.signals import MONDAY

T, V = ReconciliationTrigger, ReconciliationVerdict
POLICY = ReconciliationPolicy()
CONNECTED = State(session=SessionState(is_connected=True, is_reconciled=True))


def at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def suspecting(since_s: float, executed_s: float | None = None) -> State:
    suspect = Mismatch(
        "net:GBPUSD", DriftType.POSITION_SIZE, "GBPUSD", {}, {}, DriftOrigin.PHOENIX, Severity.CRITICAL, at(since_s)
    )  # fmt: skip
    executed = Map() if executed_s is None else Map({"GBPUSD": at(executed_s)})
    return replace(
        CONNECTED, reconciliation=ReconciliationRecord(suspects=Map({suspect.key: suspect}), executed_at=executed)
    )


def looked(at_s: float, *, is_thorough: bool = True, verdict: ReconciliationVerdict = V.HEALTHY) -> Schedule:
    schedule = Schedule(POLICY)
    schedule.ended(at(at_s), verdict, is_thorough=is_thorough)
    return schedule


def test_what_calls_for_a_run_is_due_at_once_and_gathered_into_one() -> None:
    schedule = Schedule(POLICY)
    assert schedule.asked_due() is None
    schedule.ask(T.CANCEL, at(1))
    schedule.ask(T.FILL, at(2))
    schedule.ask(T.FILL, at(3))
    assert schedule.asked_due() == at(1)
    assert schedule.begin(CONNECTED).triggers == (T.FILL, T.CANCEL)
    assert schedule.asked_due() is None


def test_every_decision_that_asked_is_answered_by_the_run_it_was_gathered_into() -> None:
    schedule = Schedule(POLICY)
    for decision_id in ("a", "b", "a"):
        schedule.ask(T.DEMAND, at(0), decision_id)
    assert schedule.begin(CONNECTED).decision_ids == ("a", "b")
    assert schedule.begin(CONNECTED).decision_ids == ()


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_however_often_it_is_called_for_no_minute_has_more_than_twelve_runs(pauses: list[float]) -> None:
    schedule, now, runs = Schedule(POLICY), at(0), []
    for pause in pauses:
        now += timedelta(seconds=pause)
        schedule.ask(T.FILL, now)
        due = schedule.asked_due()
        assert due is not None
        if due <= now:
            schedule.begin(CONNECTED)
            schedule.ended(now, V.HEALTHY, is_thorough=False)
            runs.append(now)
    for first, later in _apart(runs, POLICY.runs_per_minute_max):
        assert later - first >= timedelta(minutes=1)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_whatever_called_for_a_run_is_followed_by_one_within_a_minute(pauses: list[float]) -> None:
    schedule, now = Schedule(POLICY), at(0)
    for pause in pauses:
        now += timedelta(seconds=pause)
        schedule.ask(T.FILL, now)
        due = schedule.asked_due()
        assert due is not None
        assert due - now <= timedelta(minutes=1)
        if due <= now:
            schedule.begin(CONNECTED)
            schedule.ended(now, V.HEALTHY, is_thorough=False)


def _apart(runs: list[datetime], count: int) -> Iterator[tuple[datetime, datetime]]:
    return zip(runs, runs[count:], strict=False)


def test_in_market_hours_a_thorough_run_is_due_every_interval() -> None:
    schedule = looked(0)
    assert schedule.next_due(CONNECTED) == at(POLICY.interval_s)
    schedule.call_what_is_due(CONNECTED, at(POLICY.interval_s - 1), is_market_open=True)
    assert schedule.asked_due() is None
    schedule.call_what_is_due(CONNECTED, at(POLICY.interval_s), is_market_open=True)
    run = schedule.begin(CONNECTED)
    assert (run.triggers, run.is_thorough, run.is_always_recorded) == ((T.SCHEDULE,), True, True)


def test_light_runs_put_off_no_thorough_one() -> None:
    schedule = looked(0)
    schedule.ended(at(200), V.HEALTHY, is_thorough=False)
    assert schedule.next_due(CONNECTED) == at(POLICY.interval_s)


def test_while_the_market_is_closed_only_the_clock_is_looked_at() -> None:
    schedule = looked(0)
    schedule.call_what_is_due(CONNECTED, at(300), is_market_open=False)
    assert schedule.asked_due() is None
    assert schedule.next_due(CONNECTED) == at(600)
    assert schedule.looked_at == at(0)


def test_without_a_session_nothing_falls_due_by_itself() -> None:
    schedule = looked(0)
    lost = replace(CONNECTED, session=SessionState())
    assert schedule.next_due(lost) is None
    schedule.call_what_is_due(lost, at(900), is_market_open=True)
    assert schedule.asked_due() is None
    schedule.ask(T.DEMAND, at(900), "d")
    assert schedule.next_due(lost) == at(900)


@pytest.mark.parametrize(
    ("since_s", "executed_s", "due_s"), [(10, None, 40), (10, 5, 40), (10, 25, 55)]
)  # fmt: skip
def test_a_suspicion_is_looked_at_again_when_it_can_no_longer_be_a_lag(
    since_s: float, executed_s: float | None, due_s: float
) -> None:
    schedule = looked(since_s, verdict=V.SETTLING)
    state = suspecting(since_s, executed_s)
    assert schedule.next_due(state) == at(due_s)
    schedule.call_what_is_due(state, at(due_s), is_market_open=False)
    assert schedule.begin(state).triggers == (T.SETTLING,)


def test_a_broker_that_does_not_answer_is_asked_again_a_little_later() -> None:
    assert looked(50, verdict=V.UNKNOWN).next_due(suspecting(10)) == at(55)


def test_with_an_open_question_every_run_is_thorough() -> None:
    schedule = looked(0)
    schedule.ask(T.FILL, at(1))
    assert not schedule.begin(CONNECTED).is_thorough
    schedule.ask(T.FILL, at(2))
    assert schedule.begin(suspecting(1)).is_thorough
