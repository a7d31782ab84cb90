"""The broker's message limit, over one step and over many."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from phoenix.application.gate.pacing import ORDER_MESSAGES, Pacer
from phoenix.application.simulation import run_now
from phoenix.domain.limits import Limits
from phoenix.domain.policy import Policy
from phoenix.domain.vocabulary import DecisionKind, RefusalReason
from phoenix.rehearsal.signals import MONDAY
from phoenix.rehearsal.world import make_policy
from tests.application.acts import append, approval_of, decision, received, refusals, registered


def paced(messages_per_second: int) -> Policy:
    """A policy in which nothing but the pace holds an entry back."""
    limits = replace(
        Limits(), duplicate_window_s=None, open_positions_max=None, orders_per_minute_max=None,
        position_quantity_max=None, buying_power_share_max=None,
    )  # fmt: skip
    return make_policy(limits=limits, orders_per_second_max=messages_per_second)


@pytest.mark.parametrize(("limit", "sent"), [(5, 1), (6, 2), (50, 12)])
def test_the_orders_of_one_step_count_together(limit: int, sent: int) -> None:
    world = registered(policy=paced(limit))
    outcomes = [world.signal(risk_percent="0.5") for _ in range(12)]
    append(world, *(approval_of(world, outcome) for outcome in outcomes))
    run_now(world.executor.catch_up())
    assert len(received(world)) == sent * ORDER_MESSAGES
    assert len(refusals(world, RefusalReason.PACING)) == 12 - sent


def test_the_cancels_of_a_step_count_as_well() -> None:
    world = registered(policy=paced(5))
    resting = world.enter(order_type="LIMIT", entry="1.25950", stop="1.25900", risk_percent="0.5")
    world.wait(2)
    outcome = world.signal(risk_percent="0.5")
    before = len(received(world))
    append(
        world, decision(DecisionKind.CANCEL, resting.position_id), decision(DecisionKind.CANCEL, resting.position_id)
    )
    append(world, decision(DecisionKind.CANCEL, resting.position_id), approval_of(world, outcome))
    run_now(world.executor.catch_up())
    assert len(received(world)) == before
    assert len(refusals(world, RefusalReason.PACING)) == 1


def test_an_order_that_found_no_room_is_sent_a_second_later() -> None:
    world = registered(policy=paced(5))
    outcomes = [world.signal(risk_percent="0.5") for _ in range(2)]
    append(world, *(approval_of(world, outcome) for outcome in outcomes))
    run_now(world.executor.catch_up())
    world.wait(1)
    assert outcomes[1].intent_id is not None
    world.submit(outcomes[1].intent_id)
    assert len(received(world)) == 2 * ORDER_MESSAGES


def test_messages_are_forgotten_after_a_second() -> None:
    pacer = Pacer(5)
    pacer.spend(MONDAY, 4)
    assert pacer.room(MONDAY) == 1
    assert pacer.room(MONDAY + timedelta(milliseconds=999)) == 1
    assert pacer.room(MONDAY + timedelta(seconds=1)) == 5


def test_what_went_beyond_the_limit_leaves_no_room() -> None:
    pacer = Pacer(3)
    pacer.spend(MONDAY, 5)
    assert pacer.room(MONDAY) == 0
