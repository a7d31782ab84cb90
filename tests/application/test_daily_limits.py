"""Limits over time as a world runs into them: midnight opens no second minute, a partial exit's loss counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from phoenix.domain.beads.trading import PositionPayload
from phoenix.domain.limits import Limits
from phoenix.domain.policy import Policy
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, PositionState
from phoenix.rehearsal.signals import MONDAY
from phoenix.rehearsal.world import World, make_policy
from tests.application.acts import registered


def limited(**changes: object) -> Policy:
    return make_policy(limits=replace(Limits(), duplicate_window_s=None, **changes))  # type: ignore[arg-type]


def limit_of(error: Exception) -> str:
    assert isinstance(error, Refused), repr(error)
    return error.field


def enter_just_before_midnight(limits: Policy) -> World:
    world = World(start=MONDAY.replace(hour=23, minute=59, second=50), policy=limits)
    world.register()
    world.enter(risk_percent="0.5")
    return world


def test_midnight_does_not_reset_the_orders_of_the_last_minute() -> None:
    world = enter_just_before_midnight(limited(orders_per_minute_max=1))
    world.wait(15)
    assert limit_of(world.refused(lambda: world.enter(risk_percent="0.5"))) == "orders_per_minute"
    world.wait(46)
    world.enter(risk_percent="0.5")


def test_the_orders_of_the_day_count_until_midnight() -> None:
    world = enter_just_before_midnight(limited(orders_per_day_max=1))
    world.wait(9)
    assert limit_of(world.refused(lambda: world.enter(risk_percent="0.5"))) == "orders_per_day"


def test_midnight_resets_the_orders_of_the_day() -> None:
    world = enter_just_before_midnight(limited(orders_per_day_max=1))
    world.wait(15)
    world.enter(risk_percent="0.5")
    assert limit_of(world.refused(lambda: world.enter(risk_percent="0.5"))) == "orders_per_day"


def close(world: World, position_id: str, **detail: str) -> Decimal:
    """Close a position, or a part of it, at a loss. Answers what it has realised so far."""
    intent_id = world.decide(DecisionKind.CLOSE, position_id, detail=detail)
    assert isinstance(intent_id, str)
    world.approve(intent_id)
    world.wait(2)
    realised = world.payloads(PositionPayload)[-1].realised_pnl
    assert realised is not None
    return realised


def test_the_loss_of_a_partial_exit_counts_against_the_day() -> None:
    world = registered(policy=limited(daily_loss_percent=Decimal("0.1")))
    position_id = world.enter().position_id
    world.wait(2)
    world.price("1.25950")
    realised = close(world, position_id, quantity="900000")
    assert world.position(position_id).open_quantity > 0
    assert world.state.day.realised_pnl == realised < -500
    assert limit_of(world.refused(lambda: world.enter(risk_percent="0.5"))) == "daily_loss"


def test_each_day_counts_its_own_part_of_a_position() -> None:
    world = World(start=MONDAY.replace(hour=23, minute=59))
    world.register()
    position_id = world.enter().position_id
    world.wait(2)
    world.price("1.25950")
    on_monday = close(world, position_id, quantity="900000")
    world.wait(60)
    world.price("1.25940")
    in_all = close(world, position_id)
    assert world.position(position_id).state is PositionState.CLOSED
    assert world.state.day.realised_pnl == in_all - on_monday < 0
