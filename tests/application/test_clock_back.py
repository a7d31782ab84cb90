"""A clock that went back: what it recorded before has no age, and stands for nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from unittest.mock import patch

import pytest

from phoenix.adapters.clock import SimulatedClock
from phoenix.application.simulation import run_now
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.setup import ConflictPayload, RefusalPayload
from phoenix.domain.vocabulary import PositionState, RefusalReason
from phoenix.ports.store import Proposal
from phoenix.rehearsal.world import TRADER, World
from tests.application.acts import append, approval_of, registered


def back_by(world: World, seconds: float) -> AbstractContextManager[object]:
    then = world.now - timedelta(seconds=seconds)
    return patch.object(SimulatedClock, "now", lambda _: then)


@pytest.mark.parametrize("back_s", [5.000001, 3600])
def test_an_anchor_from_the_future_lets_nothing_pass(back_s: float) -> None:
    world = registered()
    outcome = world.signal()
    with back_by(world, back_s):
        append(world, approval_of(world, outcome))
        run_now(world.executor.catch_up())
    assert world.position(outcome.position_id or "").state is PositionState.PROPOSED
    (conflict,) = world.payloads(ConflictPayload)
    assert (conflict.stale, conflict.kill_flag_id) == (True, None)


@pytest.mark.parametrize(
    ("ahead_s", "state"), [(5, PositionState.MANAGED), (5.000001, PositionState.PROPOSED)]
)  # fmt: skip
def test_a_decision_from_the_future_lapses(ahead_s: float, state: PositionState) -> None:
    world = registered()
    outcome = world.signal()
    made = Bead(
        world.ids.new_id(), approval_of(world, outcome), TRADER, world.now + timedelta(seconds=ahead_s), None
    )  # fmt: skip
    world.container.store().transact(lambda _: Proposal([made], None))
    run_now(world.executor.catch_up())
    assert world.position(outcome.position_id or "").state is state
    reasons = [refusal.reason for refusal in world.payloads(RefusalPayload)]
    assert reasons == ([] if state is PositionState.MANAGED else [RefusalReason.LAPSED])
    assert not world.state.decisions
