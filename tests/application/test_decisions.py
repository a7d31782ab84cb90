"""A decision is carried out once; what was done already stands."""

from __future__ import annotations

from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.rehearsal.world import TRADER, World
from tests.application.acts import append, decision, reason_of, refusals, registered


def decide(world: World, made: DecisionPayload) -> object:
    return run_now(world.executor.decide(made, TRADER))


def test_a_decision_id_that_is_known_is_refused_and_recorded_once() -> None:
    world = registered()
    first, second = world.signal(), world.signal()
    assert first.intent_id is not None
    assert second.intent_id is not None
    made = decision(DecisionKind.PASS, first.intent_id)
    decide(world, made)
    again = DecisionPayload(
        made.decision_id, made.kind, second.intent_id, made.evidence_hash, made.reason, made.detail, made.proof
    )
    assert reason_of(world.refused(lambda: decide(world, again))) is RefusalReason.CONFLICT
    assert [payload.decision_id for payload in world.payloads(DecisionPayload)].count(made.decision_id) == 1
    assert len(refusals(world, RefusalReason.CONFLICT)) == 1
    assert second.position_id is not None
    assert world.position(second.position_id).state is PositionState.PROPOSED


def test_repeating_a_decision_that_waits_does_not_answer_it() -> None:
    world = registered()
    outcome = world.signal()
    assert outcome.intent_id is not None
    assert outcome.position_id is not None
    made = decision(DecisionKind.PASS, outcome.intent_id)
    append(world, made)
    assert reason_of(world.refused(lambda: decide(world, made))) is RefusalReason.CONFLICT
    run_now(world.executor.catch_up())
    assert world.position(outcome.position_id).state is PositionState.CANCELLED
