"""Proposing a signal again: each former proposal counts, whether or not the first one ever came about."""

from __future__ import annotations

from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.rehearsal.world import World
from tests.application.acts import kill, lift, reason_of, registered


def with_a_refused_signal() -> tuple[World, str]:
    """A world in which a signal was refused under a kill flag that has been lifted since."""
    world = registered()
    flag_id = kill(world)
    outcome = world.signal()
    assert outcome.refusal is not None
    lift(world, flag_id)
    return world, outcome.signal_id


def test_a_signal_refused_at_first_can_be_proposed_after_all() -> None:
    world, signal_id = with_a_refused_signal()
    world.decide(DecisionKind.REPROPOSE, signal_id)
    assert [position.state for position in world.state.positions.values()] == [PositionState.PROPOSED]


def test_the_next_proposal_waits_for_the_end_of_the_former_although_the_first_was_refused() -> None:
    world, signal_id = with_a_refused_signal()
    world.decide(DecisionKind.REPROPOSE, signal_id)
    refusal = world.refused(lambda: world.decide(DecisionKind.REPROPOSE, signal_id))
    assert reason_of(refusal) is RefusalReason.WRONG_STATE


def test_a_signal_refused_at_first_is_proposed_anew_as_often_as_the_former_ended() -> None:
    world, signal_id = with_a_refused_signal()
    for _ in range(3):
        world.decide(DecisionKind.REPROPOSE, signal_id)
        [position] = world.state.positions.values()
        world.decide(DecisionKind.PASS, position.intent_id)
    assert not world.state.positions
