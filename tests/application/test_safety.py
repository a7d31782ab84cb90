"""Kill flags that others set are told to people once; strategies are registered by a decision."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from phoenix.application.alerts import AlertKind
from phoenix.application.executor import Executor
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import SYSTEM, BeadType, Signer
from phoenix.domain.beads.operations import StrategyPayload
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.vocabulary import DecisionKind, KillEvent, KillSource, RefusalReason, TokenEvent, TokenReason
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, World
from tests.application.acts import alerts, append, decision, kill, reason_of, registered


def flag(
    flag_id: str = "F", source: KillSource = KillSource.MANUAL, strategy_id: str | None = None,
    until: datetime | None = None,
) -> KillFlagPayload:  # fmt: skip
    return KillFlagPayload(flag_id, KillEvent.SET, strategy_id, source, "enough", until)


def told(world: World) -> list[str]:
    """The flags that people were alerted to, by the alerts that went out."""
    kinds = [alert.dedupe_key for alert in world.alerts.delivered if alert.kind == AlertKind.KILL_FLAG_SET.value]
    assert kinds == [alert.dedupe_key for alert in alerts(world, AlertKind.KILL_FLAG_SET)]
    return [key.partition(":")[2] for key in kinds]


def test_a_flag_of_another_process_is_told_once() -> None:
    world = registered()
    append(world, flag(), signer=OPERATOR)
    assert told(world) == []
    for _ in range(3):
        run_now(world.executor.catch_up())
    assert told(world) == ["F"]
    [alert] = alerts(world, AlertKind.KILL_FLAG_SET)
    assert "all strategies" in alert.message
    assert "enough" in alert.message


def test_a_flag_is_told_whatever_the_executor_does_first() -> None:
    world = registered()
    append(world, flag(), signer=OPERATOR)
    world.signal()
    run_now(world.executor.catch_up())
    assert told(world) == ["F"]


def test_a_flag_set_while_nobody_was_executor_is_told_by_the_next() -> None:
    world = World(connect=False)
    append(world, flag(), signer=OPERATOR)
    run_now(world.executor.start({}))
    run_now(world.executor.catch_up())
    assert told(world) == ["F"]


def test_an_executor_says_that_it_is_there_before_it_tells_a_flag() -> None:
    """Whoever judges the record would hold it to what fell due while nobody was there."""
    world = World(connect=False)
    append(world, flag(), signer=OPERATOR)
    run_now(world.executor.start({}))
    kinds = [bead.payload.bead_type for bead in world.beads]
    assert kinds.index(BeadType.CONFIG_CHANGE) < kinds.index(BeadType.ALERT)


def test_a_flag_that_is_over_before_it_was_taken_up_is_told_all_the_same() -> None:
    world = registered()
    append(world, flag("short", until=world.now + timedelta(seconds=1)), flag("lifted"), signer=OPERATOR)
    append(world, decision(DecisionKind.KILL_LIFT, "lifted", reason="calm again"), signer=OPERATOR)
    world.clock.advance_to(world.now + timedelta(seconds=2))
    run_now(world.executor.on_time())
    run_now(world.executor.catch_up())
    assert not world.state.flags
    assert sorted(told(world)) == ["lifted", "short"]


def test_a_flag_of_this_executor_is_told_once_and_the_cores_own_by_what_they_are_for() -> None:
    world = registered()
    flag_id = kill(world)
    append(world, flag(source=KillSource.SYSTEM), signer=SYSTEM)
    run_now(world.executor.catch_up())
    run_now(world.executor.pump())
    assert told(world) == [flag_id]


def test_a_flag_of_another_process_ends_tokens_in_its_scope() -> None:
    world = registered()
    outcome = world.signal()
    assert outcome.intent_id is not None
    world.approve(outcome.intent_id, submit=False)
    append(world, flag(strategy_id="fvg-retest"), signer=OPERATOR)
    run_now(world.executor.catch_up())
    last = world.tokens(outcome.intent_id)[-1]
    assert (last.event, last.reason, last.final) == (TokenEvent.REJECTED, TokenReason.KILL_FLAG, True)


# --- strategies -----------------------------------------------------------------------------------------------------


def register(world: World, name: str, signer: Signer = OPERATOR) -> DecisionPayload:
    world.decide(DecisionKind.REGISTER_STRATEGY, name, signer=signer, reason="what it does")
    return world.payloads(DecisionPayload)[-1]


def test_the_bead_of_a_strategy_names_the_decision_that_registered_it() -> None:
    world = World()
    made = register(world, "breakout")
    [strategy] = world.payloads(StrategyPayload)
    assert (strategy.strategy_id, strategy.description) == ("breakout", "what it does")
    assert strategy.decision_id == made.decision_id
    assert not world.state.decisions


def test_the_executor_itself_registers_by_a_decision_too() -> None:
    world = World()
    run_now(world.executor.register_strategy("breakout", "configured", SYSTEM))
    [strategy], [made] = world.payloads(StrategyPayload), world.payloads(DecisionPayload)
    assert strategy.decision_id == made.decision_id
    assert not hasattr(Executor, "reconnect")


@pytest.mark.parametrize(
    ("name", "signer", "reason"),
    [
        ("fvg-retest", OPERATOR, RefusalReason.CONFLICT),
        ("  ", OPERATOR, RefusalReason.MALFORMED),
        ("two\nlines", OPERATOR, RefusalReason.MALFORMED),
        ("n" * 101, OPERATOR, RefusalReason.MALFORMED),
        ("naïve", OPERATOR, RefusalReason.MALFORMED),
        ("breakout", ASSISTANT, RefusalReason.NOT_ALLOWED),
    ],
)
def test_what_registers_nothing_leaves_a_refusal_that_names_the_decision(
    name: str, signer: Signer, reason: RefusalReason
) -> None:
    world = registered()
    assert reason_of(world.refused(lambda: register(world, name, signer))) is reason
    assert len(world.payloads(StrategyPayload)) == 1
    refusal = world.payloads(RefusalPayload)[-1]
    assert (refusal.reason, refusal.decision_id) == (reason, world.payloads(DecisionPayload)[-1].decision_id)
