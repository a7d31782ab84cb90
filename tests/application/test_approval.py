"""Who may pass on an exit: before a human's approval anybody, after it only a human."""

from __future__ import annotations

import pytest

from phoenix.adapters.simulation.faults import Which, ignore_cancel
from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.position import ActionStage
from phoenix.domain.vocabulary import DecisionKind, LegRole, RefusalReason, TokenEvent
from phoenix.rehearsal.world import ASSISTANT, TRADER, World
from tests.application.acts import reason_of, registered

OTHERS = (ASSISTANT, SYSTEM)


def with_an_exit() -> tuple[World, str, str]:
    """An open position whose exit was proposed; its stop ignores cancels, so that the exit has to wait for it."""
    world = registered(faults=(ignore_cancel(Which(role=LegRole.STOP_LOSS)),))
    position_id = world.enter().position_id
    world.wait(2)
    intent_id = world.decide(DecisionKind.CLOSE, position_id)
    assert isinstance(intent_id, str)
    return world, position_id, intent_id


def stage(world: World, position_id: str, intent_id: str) -> ActionStage:
    action = world.position(position_id).action(intent_id)
    assert action is not None
    return action.stage


@pytest.mark.parametrize("signer", [*OTHERS, TRADER])
def test_anybody_may_pass_on_a_proposed_exit(signer: Signer) -> None:
    world, position_id, intent_id = with_an_exit()
    world.decide(DecisionKind.PASS, intent_id, signer=signer)
    assert stage(world, position_id, intent_id) is ActionStage.ENDED


@pytest.mark.parametrize("signer", OTHERS)
def test_only_a_human_drops_an_approved_exit(signer: Signer) -> None:
    world, position_id, intent_id = with_an_exit()
    world.approve(intent_id, submit=False)
    assert stage(world, position_id, intent_id) is ActionStage.APPROVED
    refusal = world.refused(lambda: world.decide(DecisionKind.PASS, intent_id, signer=signer))
    assert reason_of(refusal) is RefusalReason.NOT_ALLOWED
    assert stage(world, position_id, intent_id) is ActionStage.APPROVED
    assert [token.event for token in world.tokens(intent_id)] == [TokenEvent.ISSUED]


@pytest.mark.parametrize("signer", OTHERS)
def test_only_a_human_drops_an_exit_that_waits_for_its_cancels(signer: Signer) -> None:
    world, position_id, intent_id = with_an_exit()
    world.approve(intent_id)
    world.wait(1)
    assert stage(world, position_id, intent_id) is ActionStage.CANCELLING
    refusal = world.refused(lambda: world.decide(DecisionKind.PASS, intent_id, signer=signer))
    assert reason_of(refusal) is RefusalReason.NOT_ALLOWED
    assert stage(world, position_id, intent_id) is ActionStage.CANCELLING


def test_a_human_may_pass_on_an_approved_exit() -> None:
    world, position_id, intent_id = with_an_exit()
    world.approve(intent_id, submit=False)
    world.decide(DecisionKind.PASS, intent_id)
    assert stage(world, position_id, intent_id) is ActionStage.ENDED
