from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from immutables import Map

from phoenix.domain.executions import FillBook
from phoenix.domain.position import ActionIntent, ActionStage, LegState, Position
from phoenix.domain.state import SessionState, State, TimerKey, TimerKind
from phoenix.domain.timers import due_timers, next_due, timers_of
from phoenix.domain.vocabulary import IntentKind, OrderStatus, PositionState
from phoenix.rehearsal.signals import MONDAY
from phoenix.rehearsal.world import make_policy
from tests.support.positions import POSITION, fill, leg

POLICY = make_policy()
LATER = MONDAY + timedelta(hours=1)


def timers(position: Position) -> dict[TimerKind, datetime]:
    return {key.kind: base for key, base in timers_of(position)}


def entered(entry: LegState, **changes: Any) -> Position:
    return replace(POSITION, state=PositionState.SUBMITTED, prepared_at=MONDAY, legs=(entry,), **changes)


def with_action(**changes: Any) -> Position:
    action = ActionIntent("exit-1", IntentKind.EXIT, Decimal(1000), None, None, order_group_id="group-1", **changes)
    unanswered = leg(status=OrderStatus.PENDING, permanent_id=None)
    return replace(POSITION, state=PositionState.MANAGED, legs=(unanswered,), actions=(action,))


def waiting(kind: TimerKind, base: datetime = MONDAY, **session: Any) -> State:
    return State(timers=Map({TimerKey(kind, "subject"): base}), session=SessionState(**session))


def test_a_proposal_lapses_at_the_end_of_its_session_until_it_is_decided() -> None:
    proposal = replace(POSITION, state=PositionState.PROPOSED, lapses_at=LATER)
    assert timers(proposal) == {TimerKind.PROPOSAL_LAPSE: LATER}
    assert timers(replace(proposal, state=PositionState.APPROVED)) == {}


def test_silence_counts_from_the_recorded_attempt_until_the_broker_names_the_order() -> None:
    unanswered = leg(status=OrderStatus.PENDING, permanent_id=None)
    assert timers(entered(unanswered)) == {TimerKind.ENTRY_SILENCE: MONDAY}
    assert timers(entered(leg())) == {}, "an acknowledged limit order may rest"


def test_a_stalled_position_escalates_once() -> None:
    stalled = replace(POSITION, state=PositionState.STALLED, since=LATER)
    assert timers(stalled) == {TimerKind.STALL_ESCALATION: LATER}
    assert timers(replace(stalled, stall_escalated=True)) == {}


def test_what_is_open_without_exact_protection_is_told_once() -> None:
    exposed = replace(POSITION, state=PositionState.FILLED, fills=FillBook((fill(1000),)), unprotected_since=LATER)
    assert timers(exposed) == {TimerKind.UNPROTECTED: LATER}
    assert timers(replace(exposed, unprotected_alerted=True)) == {}


def test_an_exit_waits_for_its_cancels_then_for_an_answer_and_is_told_of_once() -> None:
    cancelling = with_action(stage=ActionStage.CANCELLING, cancelling_since=MONDAY)
    sent = with_action(stage=ActionStage.SENT, sent_at=LATER)
    assert timers(cancelling) == {TimerKind.CANCEL_SILENCE: MONDAY}
    assert timers(sent) == {TimerKind.ACTION_SILENCE: LATER}
    assert timers(replace(sent, legs=(leg(),))) == {}, "the broker answered"
    assert timers(with_action(stage=ActionStage.SENT, sent_at=LATER, is_silent=True)) == {}
    assert timers(with_action(stage=ActionStage.APPROVED)) == {}


@pytest.mark.parametrize(
    ("kind", "period_s"),
    [
        (TimerKind.FLAG_EXPIRY, 0),
        (TimerKind.TOKEN_EXPIRY, 0),
        (TimerKind.PROPOSAL_LAPSE, 0),
        (TimerKind.ENTRY_SILENCE, 60),
        (TimerKind.CANCEL_SILENCE, 60),
        (TimerKind.ACTION_SILENCE, 60),
        (TimerKind.UNPROTECTED, 10),
        (TimerKind.UNBORNE_FILL, 10),
        (TimerKind.STALL_ESCALATION, 900),
        (TimerKind.RECONNECT, 5),
    ],
)
def test_a_timer_is_due_its_period_after_its_base_and_not_before(kind: TimerKind, period_s: int) -> None:
    state, due = waiting(kind), MONDAY + timedelta(seconds=period_s)
    assert next_due(state, POLICY) == due
    assert due_timers(state, POLICY, due - timedelta(microseconds=1)) == []
    assert due_timers(state, POLICY, due) == [(due, TimerKey(kind, "subject"))]


@pytest.mark.parametrize(("reconnects", "delay_s"), [(0, 5), (1, 15), (2, 45)])
def test_reconnecting_is_tried_after_5_15_and_45_seconds(reconnects: int, delay_s: int) -> None:
    state = waiting(TimerKind.RECONNECT, reconnects=reconnects)
    assert next_due(state, POLICY) == MONDAY + timedelta(seconds=delay_s)


def test_after_three_attempts_only_a_human_reconnects() -> None:
    state = waiting(TimerKind.RECONNECT, reconnects=3)
    assert next_due(state, POLICY) is None
    assert due_timers(state, POLICY, MONDAY + timedelta(days=1)) == []


def test_what_fell_due_first_comes_first_and_flags_expire_before_tokens() -> None:
    keys = [TimerKey(TimerKind.TOKEN_EXPIRY, "t"), TimerKey(TimerKind.FLAG_EXPIRY, "f")]
    state = State(timers=Map({keys[0]: MONDAY, keys[1]: MONDAY, TimerKey(TimerKind.TOKEN_EXPIRY, "u"): LATER}))
    due = [key.subject for _, key in due_timers(state, POLICY, LATER)]
    assert due == ["f", "t", "u"]


def test_nothing_is_due_in_an_empty_state() -> None:
    assert next_due(State(), POLICY) is None
    assert due_timers(State(), POLICY, LATER) == []
