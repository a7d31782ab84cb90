"""What a claimant without the token's secret is told."""

from __future__ import annotations

from phoenix.application.alerts import AlertKind
from phoenix.application.executor import Executor
from phoenix.domain.vocabulary import PositionState, RefusalReason, TokenEvent
from phoenix.rehearsal.world import World
from tests.application.acts import alerts, reason_of, refusals, registered


def approved_in_a_process_that_died() -> tuple[World, str]:
    """An approved entry whose token's secret went down with the process that held it."""
    world = registered()
    outcome = world.signal()
    assert outcome.intent_id is not None
    world.approve(outcome.intent_id, submit=False)
    forget_secrets(world.executor)
    return world, outcome.intent_id


def forget_secrets(executor: Executor) -> None:
    """What a crash does to the one place where secrets are kept."""
    executor._secrets.clear()


def test_a_lost_secret_is_a_plain_refusal_and_no_misuse_of_the_token() -> None:
    world, intent_id = approved_in_a_process_that_died()
    before = world.tokens(intent_id)
    refusal = world.refused(lambda: world.submit(intent_id))
    assert reason_of(refusal) is RefusalReason.TOKEN
    assert len(refusals(world, RefusalReason.TOKEN)) == 1
    assert world.tokens(intent_id) == before
    assert not alerts(world, AlertKind.TOKEN_MISUSED)
    assert all(bead.token_id for bead in before)


def test_a_new_approval_replaces_the_token_whose_secret_is_lost() -> None:
    world, intent_id = approved_in_a_process_that_died()
    world.approve(intent_id)
    position = world.state.positions[world.state.position_of_intent[intent_id]]
    assert position.state in (PositionState.FILLED, PositionState.MANAGED)
    assert [token.event for token in world.tokens(intent_id)] == [
        TokenEvent.ISSUED, TokenEvent.REJECTED, TokenEvent.ISSUED, TokenEvent.USED,
    ]  # fmt: skip


def test_a_conflict_answers_before_a_lost_secret() -> None:
    world, intent_id = approved_in_a_process_that_died()
    world.wait(31 * 60)
    assert reason_of(world.refused(lambda: world.submit(intent_id))) is RefusalReason.STATE_CONFLICT
