"""Who had a turn, who is late, and what becomes of an error in a turn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phoenix.adapters.clock import SimulatedClock
from phoenix.application.watch.workers import OF_TIMER, Roster, Turn, Worker, WorkerDied
from phoenix.domain.state import TimerKind
from phoenix.ports.errors import StoreUnavailable
from phoenix.rehearsal.signals import MONDAY

LATE_AFTER = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def test_every_timer_is_some_workers() -> None:
    assert set(OF_TIMER) == set(TimerKind)


def test_a_worker_is_late_once_it_had_no_turn_for_too_long() -> None:
    roster = Roster(LATE_AFTER, MONDAY)
    roster.ran([Worker.STALLS], MONDAY + SECOND)
    report = roster.report(Worker.STALLS, None)
    assert not report.is_late(MONDAY + SECOND + LATE_AFTER)
    assert report.is_late(MONDAY + 2 * SECOND + LATE_AFTER)


def test_a_worker_that_never_ran_is_late_too() -> None:
    roster = Roster(LATE_AFTER, MONDAY)
    roster.expect([Worker.STALLS], MONDAY)
    (report,) = roster.reports({})
    assert report.ran_at is None
    assert report.is_late(MONDAY + LATE_AFTER + SECOND)
    assert "never ran" in report.lateness(MONDAY + LATE_AFTER + SECOND)


def test_a_worker_is_late_with_what_is_due_although_it_has_turns() -> None:
    roster = Roster(LATE_AFTER, MONDAY)
    due = MONDAY + 10 * SECOND
    roster.ran([Worker.RECONCILIATION], due + LATE_AFTER)
    report = roster.report(Worker.RECONCILIATION, due)
    assert not report.is_late(due + LATE_AFTER)
    assert report.is_late(due + LATE_AFTER + SECOND)
    assert "was due" in report.lateness(due + LATE_AFTER + SECOND)


def test_what_fell_due_before_the_start_is_not_late_at_once() -> None:
    roster = Roster(LATE_AFTER, MONDAY)
    roster.ran([Worker.TOKENS], MONDAY)
    assert not roster.report(Worker.TOKENS, MONDAY - timedelta(hours=3)).is_late(MONDAY + LATE_AFTER)


def test_nobody_is_expected_to_have_turns_in_a_process_that_came_for_a_moment() -> None:
    assert Roster(LATE_AFTER, MONDAY).reports({}) == []


def test_a_turn_counts_once_it_is_over() -> None:
    clock, roster = SimulatedClock(MONDAY), Roster(LATE_AFTER, MONDAY)
    with Turn(roster, clock, [Worker.INBOX]):
        clock.advance_to(MONDAY + SECOND)
        assert roster.report(Worker.INBOX, None).ran_at is None
    assert roster.report(Worker.INBOX, None).ran_at == MONDAY + SECOND


def test_an_error_that_nothing_provides_for_is_the_workers_death() -> None:
    clock, roster = SimulatedClock(MONDAY), Roster(LATE_AFTER, MONDAY)
    with pytest.raises(WorkerDied) as died, Turn(roster, clock, [Worker.INBOX, Worker.RECORD], [Worker.RECORD]):
        raise KeyError("x")
    assert died.value.worker == "checkpoints"
    assert "KeyError: 'x' (test_workers.py:" in died.value.detail
    assert "RB-009" in str(died.value)
    assert roster.report(Worker.INBOX, None).ran_at is None


def test_a_store_that_cannot_be_used_goes_through() -> None:
    with pytest.raises(StoreUnavailable), Turn(Roster(LATE_AFTER, MONDAY), SimulatedClock(MONDAY), [Worker.INBOX]):
        raise StoreUnavailable("gone")
