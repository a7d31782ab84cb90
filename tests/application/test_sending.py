"""Between the commit and the broker: an order is sent at once or not at all, and a failing cancel stops nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from phoenix.adapters.simulation.faults import Which, never_fill
from phoenix.application.alerts import AlertKind
from phoenix.application.effects import SendOrder
from phoenix.application.gate.last_look import require_last_look
from phoenix.application.simulation import run_now
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.vocabulary import (
    DecisionKind,
    IntentKind,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    RefusalReason,
)
from phoenix.ports.errors import BrokerUnavailable
from phoenix.rehearsal.signals import MONDAY
from phoenix.rehearsal.world import World
from tests.application.acts import alerts, append, approval_of, decision, leg, received, registered


class Bug(Exception):
    """Something that no adapter may raise."""


def with_a_cancel_and_an_approval(error: Exception, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Position]:
    """A resting entry to be cancelled and another to be sent, both decided elsewhere; asking for cancels fails.

    Answers the world and the position of the entry that is to be sent.
    """
    world = registered(faults=(never_fill(Which(role=LegRole.ENTRY)),))
    resting = world.enter(order_type="LIMIT", risk_percent="0.5")
    world.wait(1)
    outcome = world.signal(order_type="LIMIT", risk_percent="0.5")
    assert outcome.position_id is not None

    async def cancel(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.broker, "cancel", cancel)
    append(world, decision(DecisionKind.CANCEL, resting.position_id), approval_of(world, outcome))
    return world, world.position(outcome.position_id)


def with_a_postponed_send(monkeypatch: pytest.MonkeyPatch) -> tuple[World, str]:
    """A world whose next order is prepared and still waits to be sent; and the id of its position."""
    world, position = with_a_cancel_and_an_approval(Bug(), monkeypatch)
    with pytest.raises(Bug):
        run_now(world.executor.catch_up())
    assert world.position(position.position_id).state is PositionState.SUBMITTED
    assert len(received(world)) == 3
    return world, position.position_id


def test_a_cancel_of_which_nobody_knows_whether_it_arrived_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = with_a_cancel_and_an_approval(BrokerUnavailable("the line is down"), monkeypatch)
    run_now(world.executor.catch_up())
    [alert] = alerts(world, AlertKind.CANCEL_UNKNOWN)
    assert "the line is down" in alert.message
    assert alert.runbook is not None
    assert alert in world.alerts.delivered


def test_what_follows_a_failed_cancel_is_still_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position = with_a_cancel_and_an_approval(BrokerUnavailable("the line is down"), monkeypatch)
    run_now(world.executor.catch_up())
    assert leg(world, position.position_id, LegRole.ENTRY).leg.reference in received(world)


def test_an_order_that_waited_too_long_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    world.clock.advance_to(world.now + timedelta(hours=1))
    run_now(world.executor.pump())
    assert world.position(position_id).state is PositionState.CANCELLED
    assert [order.event for order in world.payloads(OrderPayload)][-1] is OrderEvent.NOT_SENT
    assert len(received(world)) == 3


def test_an_order_that_waited_a_moment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    world.clock.advance_to(world.now + timedelta(seconds=10))
    run_now(world.executor.pump())
    assert leg(world, position_id, LegRole.ENTRY).leg.reference in received(world)


def test_an_entry_that_stalled_before_it_was_sent_is_held_back_for_a_human(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    world.clock.advance_to(world.now + timedelta(minutes=2))
    run_now(world.executor.on_time())
    assert world.position(position_id).state is PositionState.STALLED
    assert len(received(world)) == 3
    [alert] = alerts(world, AlertKind.ENTRY_NOT_SENT)
    assert alert.runbook is not None
    run_now(world.executor.read_books())
    world.decide(DecisionKind.ATTEST_ABSENT, position_id, reason="it was never sent")
    assert world.position(position_id).state is PositionState.CANCELLED


# --- the last look itself -------------------------------------------------------------------------------------------


def look(world: World, position_id: str, now: datetime, state: State) -> Refused | None:
    """What the last look at a prepared order says at an instant, things being as `state` says."""
    prepared = [order for order in world.payloads(OrderPayload) if order.plan is not None]
    plan = next(order.plan for order in prepared if order.position_id == position_id)
    assert plan is not None
    effect = SendOrder(plan, IntentKind.ENTRY, "fvg-retest")
    try:
        require_last_look(state, world.policy, effect, world.broker.session(), now)
    except Refused as refusal:
        return refusal
    return None


@pytest.mark.parametrize("seconds", [0, 10])
def test_the_last_look_lets_a_fresh_order_pass(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    assert look(world, position_id, world.now + timedelta(seconds=seconds), world.state) is None


@pytest.mark.parametrize("away", [timedelta(seconds=10, microseconds=1), timedelta(microseconds=-1)])
def test_the_last_look_refuses_an_order_of_another_time(away: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    refusal = look(world, position_id, world.now + away, world.state)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (RefusalReason.LAPSED, "clock")


@pytest.mark.parametrize("role", [LegRole.ENTRY, LegRole.STOP_LOSS])
@pytest.mark.parametrize(
    "changes",
    [{"is_void": True}, {"cancel_requested_at": MONDAY}, {"permanent_id": "7777"}, {"status": OrderStatus.WORKING}],
)
def test_the_last_look_refuses_an_order_of_which_more_is_known(
    changes: dict[str, Any], role: LegRole, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    world, position_id = with_a_postponed_send(monkeypatch)
    position = world.position(position_id).with_leg(replace(leg(world, position_id, role), **changes))
    state = replace(world.state, positions=world.state.positions.set(position_id, position))
    refusal = look(world, position_id, world.now, state)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (RefusalReason.WRONG_STATE, "order")


def test_the_last_look_refuses_an_order_whose_position_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    state = replace(world.state, positions=world.state.positions.delete(position_id))
    refusal = look(world, position_id, world.now, state)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (RefusalReason.WRONG_STATE, "position")


def test_the_last_look_refuses_an_entry_on_stale_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = with_a_postponed_send(monkeypatch)
    state = replace(world.state, session=replace(world.state.session, is_data_fresh=False))
    refusal = look(world, position_id, world.now, state)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (RefusalReason.CONNECTION, "market_data")
