"""What the state keeps: unknown ids are harmless, and what has finished leaves every map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from immutables import Map

from phoenix.adapters.simulation.faults import Which, correct, lose, never_fill, reject
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload
from phoenix.domain.beads.safety import AlertPayload, KillFlagPayload, ResolutionPayload
from phoenix.domain.beads.setup import ConflictPayload, EvidencePayload, RefusalPayload
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.limits import Limits
from phoenix.domain.state import State
from phoenix.domain.vocabulary import (
    Action,
    AlertEvent,
    DecisionKind,
    ExecutionEvent,
    KillEvent,
    KillSource,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    RefusalReason,
    Resolution,
    Severity,
    TokenEvent,
)
from phoenix.rehearsal.signals import MONDAY
from phoenix.rehearsal.world import World, make_policy
from tests.application.acts import registered

MAPS = (
    "inbox", "decisions", "positions", "position_of_intent", "position_of_reference", "tokens", "timers", "flags",
    "parked", "external_orders", "stated_orders", "told", "strays", "drifts", "autopsies_due",
)  # fmt: skip


def sizes(state: State) -> dict[str, int]:
    return {name: len(getattr(state, name)) for name in MAPS}


# --- unknown ids ----------------------------------------------------------------------------------------------------


def of_an_unknown_order(event: OrderEvent) -> OrderPayload:
    return OrderPayload(
        event=event, order_group_id="unknown", intent_id="unknown", intent_kind=None, position_id="unknown",
        client_order_id="unknown", role=LegRole.ENTRY, permanent_id="unknown", status=OrderStatus.WORKING,
    )  # fmt: skip


def of_an_unknown_execution(event: ExecutionEvent) -> ExecutionPayload:
    return ExecutionPayload(
        event=event, execution_id="e.01", stem="e", revision=1, client_order_id="unknown", permanent_id="unknown",
        position_id="unknown", role=LegRole.ENTRY, account="SIM0001", pair="GBPUSD", action=Action.BUY,
        quantity=Decimal(1000), price=Decimal("1.26"), executed_at=MONDAY,
    )  # fmt: skip


def of_an_unknown_token(event: TokenEvent) -> TokenPayload:
    return TokenPayload("unknown", "unknown", "unknown", event, None, "hash", MONDAY, MONDAY, event == "REJECTED")


def of_an_unknown_alert(event: AlertEvent) -> AlertPayload:
    severity = Severity.WARNING if event is AlertEvent.RAISED else Severity.CRITICAL
    return AlertPayload(
        "unknown", event, severity, "POSITION_UNPROTECTED", "k", "m", "RB-004", "unknown", covers=("unknown",),
        acknowledged_by="operator",
    )  # fmt: skip


ORDER_EVENTS = [event for event in OrderEvent if event is not OrderEvent.UNMATCHED]
EXECUTION_EVENTS = [event for event in ExecutionEvent if event is not ExecutionEvent.PARKED]
STRANGERS: dict[str, Payload] = {
    **{f"order {event}": of_an_unknown_order(event) for event in ORDER_EVENTS},
    **{f"execution {event}": of_an_unknown_execution(event) for event in EXECUTION_EVENTS},
    **{f"token {event}": of_an_unknown_token(event) for event in TokenEvent},
    "evidence": EvidencePayload("unknown", "unknown", {}, "hash", None, None, None, {}, None, None, "unknown"),
    "conflict": ConflictPayload(
        "APPROVAL", "unknown", "unknown", None, "s", "GBPUSD", (), Decimal(1), Decimal(1), True, "flag"
    ),
    **{f"alert {event}": of_an_unknown_alert(event) for event in AlertEvent},
    "refusal": RefusalPayload("SIGNAL", "unknown", RefusalReason.MALFORMED, "f", "d", "r", decision_id="unknown"),
    "resolution": ResolutionPayload("unknown", Resolution.ACKNOWLEDGED, "operator", "notes", "unknown"),
    "lifted flag": KillFlagPayload("unknown", KillEvent.LIFTED, "another", KillSource.MANUAL, "over", None),
    "autopsy": AutopsyPayload(
        "unknown", None, "s", "WIN", Decimal(1), None, None, Decimal(1), None, None, None, None, "", "", False
    ),
}


@pytest.mark.parametrize("name", sorted(STRANGERS))
@pytest.mark.parametrize("living", [False, True])
def test_a_bead_about_something_unknown_adds_nothing_and_moves_nothing(name: str, living: bool) -> None:
    state = EMPTY
    if living:
        world = registered()
        world.enter()
        state = world.state
    after = evolve(state, Bead("bead", STRANGERS[name], SYSTEM, MONDAY + timedelta(minutes=1)))
    assert sizes(after) == sizes(state)
    assert after.positions == state.positions


def test_a_bead_with_nothing_but_an_unknown_position_begins_no_story() -> None:
    world = registered()
    position = world.enter()
    last = [payload for payload in world.payloads(PositionPayload) if payload.position_id == position.position_id][-1]
    stranger = replace(last, position_id="unknown", intent_id="unknown")
    after = evolve(world.state, Bead("bead", stranger, SYSTEM, MONDAY))
    assert sizes(after) == sizes(world.state)


# --- leaks ----------------------------------------------------------------------------------------------------------


def closed_by_target(world: World) -> None:
    world.enter()
    world.price("1.26210")
    world.price("1.26000")


def closed_by_hand(world: World) -> None:
    position = world.enter()
    world.wait(1)
    world.approve(str(world.decide(DecisionKind.CLOSE, position.position_id)))


def passed(world: World) -> None:
    world.decide(DecisionKind.PASS, world.signal().intent_id or "")


def withdrawn(world: World) -> None:
    intent_id = world.signal().intent_id or ""
    world.approve(intent_id, submit=False)
    world.decide(DecisionKind.WITHDRAW, intent_id)


def expired(world: World) -> None:
    world.approve(world.signal().intent_id or "", submit=False)
    world.wait(300)


def rejected(world: World) -> None:
    world.inject(reject(Which(role=LegRole.ENTRY, nth=1)))
    world.enter()


def cancelled(world: World) -> None:
    world.inject(never_fill(Which(role=LegRole.ENTRY, nth=1)))
    world.decide(DecisionKind.CANCEL, world.enter().position_id)


def absent(world: World) -> None:
    world.inject(lose(Which(role=LegRole.ENTRY, nth=1)))
    position = world.enter()
    world.wait(61)
    run_now(world.executor.read_books())
    world.decide(DecisionKind.ATTEST_ABSENT, position.position_id, reason="asked")


def corrected(world: World) -> None:
    world.inject(correct(Which(role=LegRole.ENTRY, nth=1), 1, price=Decimal("1.26020")))
    closed_by_target(world)


def flagged(world: World) -> None:
    intent_id = world.signal().intent_id or ""
    world.approve(intent_id, submit=False)
    run_now(
        world.executor.set_kill_flag(None, "a minute", KillSource.MANUAL, SYSTEM, world.now + timedelta(seconds=60))
    )
    world.wait(60)


LIVES: list[Callable[[World], None]] = [
    closed_by_target, closed_by_hand, passed, withdrawn, expired, rejected, cancelled, absent, corrected, flagged,
]  # fmt: skip


def roomy(**settings: Any) -> World:
    return registered(policy=make_policy(limits=Limits.permissive(), orders_per_second_max=1000), **settings)


def acknowledge_all(world: World) -> None:
    for found in list(world.state.alerts.open.values()):
        world.decide(DecisionKind.ACKNOWLEDGE, found.alert.alert_id)
    assert world.state.alerts.open == world.state.alerts.waiting == Map()


@pytest.mark.parametrize("life", LIVES)
def test_a_life_that_is_over_leaves_no_trace_in_memory(life: Callable[[World], None]) -> None:
    world = roomy()
    life(world)
    world.wait(400)
    acknowledge_all(world)
    assert sizes(world.state) == dict.fromkeys(MAPS, 0)


def test_two_hundred_lives_leave_no_more_than_one() -> None:
    world = roomy()
    for number in range(200):
        LIVES[number % len(LIVES)](world)
        world.wait(1)
    acknowledge_all(world)
    assert sizes(world.state) == dict.fromkeys(MAPS, 0)
    ends = [payload.state for payload in world.payloads(PositionPayload) if payload.state.is_terminal]
    assert len(ends) == 200
    assert set(ends) == {state for state in PositionState if state.is_terminal}
