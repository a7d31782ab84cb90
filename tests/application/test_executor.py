"""The executor at its edges: secrets, a store that fails, an adapter that fails, beads that others appended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import orjson
import pytest

from phoenix.adapters.simulation.faults import SocketDrop, Which, delay
from phoenix.adapters.store.memory import MemoryStore
from phoenix.application.alerts import AlertKind
from phoenix.application.signals.cse import read_signal
from phoenix.application.simulation import run_now
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.setup import RefusalPayload, SignalPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.limits import Limits
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.state import State
from phoenix.domain.vocabulary import (
    DecisionKind,
    KillEvent,
    KillSource,
    LegRole,
    OrderEvent,
    PositionState,
    RefusalReason,
)
from phoenix.ports.answers import Unknown
from phoenix.ports.broker import SendOutcome
from phoenix.ports.errors import BrokerUnavailable, StoreUnavailable
from phoenix.ports.store import Committed, FoldedProposal, Proposal, View
from phoenix.rehearsal.signals import signal_document
from phoenix.rehearsal.world import OPERATOR, TRADER, World, make_policy
from tests.application.acts import alerts, append, approval_of, decision, kill, reason_of, received, registered

R = TypeVar("R")
NEXT_ENTRY = Which(role=LegRole.ENTRY, nth=1)


class ForgetfulStore(MemoryStore[State]):
    """A store that refuses its next commits, as often as it is told to."""

    failures = 0

    def transact(self, work: Callable[[View[State]], Proposal[R] | FoldedProposal[R, State]]) -> Committed[R]:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("the disk is full; nothing was stored. Make room")
        return super().transact(work)


def failing(world: World, times: int = 1) -> None:
    store = world.container.store()
    assert isinstance(store, ForgetfulStore)
    store.failures = times


def proposed(world: World, **changes: Any) -> tuple[str, str]:
    """The ids of a proposal: its intent and its position."""
    outcome = world.signal(**changes)
    assert outcome.intent_id is not None
    assert outcome.position_id is not None
    return outcome.intent_id, outcome.position_id


def sending(world: World, monkeypatch: pytest.MonkeyPatch, outcome: SendOutcome | Exception) -> list[OrderPlan]:
    """The adapter answers every send like this. What it was given is kept."""
    placed: list[OrderPlan] = []

    async def place(plan: OrderPlan) -> SendOutcome:
        placed.append(plan)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(world.broker, "place", place)
    return placed


# --- secrets --------------------------------------------------------------------------------------------------------


def secrets_of(world: World) -> set[str]:
    return {token.intent_id for token in world.executor._secrets.values()}


def test_the_secret_of_an_approval_is_kept_for_its_submission_and_is_in_no_bead() -> None:
    world = registered()
    intent_id, position_id = proposed(world)
    world.approve(intent_id, submit=False)
    assert secrets_of(world) == {intent_id}
    [kept] = world.executor._secrets.values()
    assert not any(kept.secret.encode() in sealed.body for sealed in world.container.store().read())
    world.submit(intent_id)
    assert world.position(position_id).state is PositionState.MANAGED


def test_secrets_of_tokens_that_ended_are_forgotten_when_the_next_is_kept() -> None:
    world = registered()
    used, withdrawn, expired, live = (proposed(world, risk_percent="0.5")[0] for _ in range(4))
    world.approve(used)
    world.approve(withdrawn, submit=False)
    world.decide(DecisionKind.WITHDRAW, withdrawn)
    world.approve(expired, submit=False)
    world.wait(300)
    world.approve(live, submit=False)
    assert secrets_of(world) == {live}


def test_an_approval_that_could_not_be_stored_leaves_no_secret_and_no_order() -> None:
    world = registered(store_factory=ForgetfulStore)
    intent_id, position_id = proposed(world)
    failing(world)
    with pytest.raises(StoreUnavailable):
        world.approve(intent_id)
    assert secrets_of(world) == set()
    assert received(world) == []
    assert world.position(position_id).state is PositionState.PROPOSED
    world.approve(intent_id)
    assert world.position(position_id).state is PositionState.MANAGED


# --- a store that fails ---------------------------------------------------------------------------------------------


def test_what_the_broker_said_while_the_store_failed_is_taken_in_afterwards() -> None:
    world = registered(store_factory=ForgetfulStore, faults=(delay(NEXT_ENTRY, 5),))
    _, position_id = intent = proposed(world)
    world.approve(intent[0])
    failing(world)
    with pytest.raises(StoreUnavailable):
        world.wait(5)
    assert world.position(position_id).state is PositionState.SUBMITTED
    run_now(world.executor.pump())
    assert world.position(position_id).state is PositionState.MANAGED
    assert world.history().ok, world.history().text()


def test_a_store_that_fails_when_the_broker_answers_makes_nobody_send_again() -> None:
    world = registered(store_factory=ForgetfulStore)
    intent_id, position_id = proposed(world)
    world.approve(intent_id, submit=False)
    store = world.container.store()
    assert isinstance(store, ForgetfulStore)
    commit, commits = store.transact, []

    def second_fails(work: Any) -> Any:
        commits.append(1)
        if len(commits) == 2:
            raise StoreUnavailable("the disk is full; nothing was stored. Make room")
        return commit(work)

    store.transact = second_fails  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailable):
        world.submit(intent_id)
    sent = received(world)
    assert len(sent) == 3
    run_now(world.executor.pump())
    assert world.position(position_id).state is PositionState.MANAGED
    assert received(world) == sent


# --- an adapter that fails ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Unknown("the socket broke"), BrokerUnavailable("the socket broke")])
def test_a_send_of_unknown_outcome_is_told_stalls_and_is_never_repeated(
    outcome: SendOutcome | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = registered()
    placed = sending(world, monkeypatch, outcome)
    intent_id, position_id = proposed(world)
    world.approve(intent_id)
    assert world.position(position_id).state is PositionState.SUBMITTED
    [alert] = alerts(world, AlertKind.SEND_UNKNOWN)
    assert "the socket broke" in alert.message
    world.wait(61)
    assert world.position(position_id).state is PositionState.STALLED
    world.refused(lambda: world.submit(intent_id))
    run_now(world.executor.read_books())
    assert len(placed) == 1


def test_an_exception_of_an_adapter_reaches_the_caller_and_the_order_counts_as_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = registered()
    placed = sending(world, monkeypatch, RuntimeError("a bug of the adapter"))
    intent_id, position_id = proposed(world)
    with pytest.raises(RuntimeError, match="a bug of the adapter"):
        world.approve(intent_id)
    assert world.position(position_id).state is PositionState.SUBMITTED
    world.wait(61)
    assert world.position(position_id).state is PositionState.STALLED
    assert len(placed) == 1


# --- the last look refuses ------------------------------------------------------------------------------------------


def test_a_kill_flag_between_the_commit_and_the_send_holds_the_order_back(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    intent_id, position_id = proposed(world)
    world.approve(intent_id, submit=False)
    store = world.container.store()
    commit = store.transact

    def then_a_flag(work: Any) -> Any:
        """The step commits, and before anything else another process sets a flag."""
        monkeypatch.setattr(store, "transact", commit)
        committed = commit(work)
        flag = KillFlagPayload("flag-1", KillEvent.SET, None, KillSource.SIGNALMAN, "drawdown", None)
        append(world, flag, signer=OPERATOR)
        return committed

    monkeypatch.setattr(store, "transact", then_a_flag)
    world.submit(intent_id)
    assert received(world) == []
    assert world.position(position_id).state is PositionState.CANCELLED
    events = [order.event for order in world.payloads(OrderPayload)]
    assert events == [OrderEvent.PREPARED, OrderEvent.NOT_SENT]
    assert [token.event.value for token in world.tokens(intent_id)] == ["ISSUED", "USED"]
    assert world.history().ok, world.history().text()


def test_a_line_that_broke_unnoticed_refuses_the_order_before_its_token_is_used() -> None:
    world = registered(policy=make_policy(limits=Limits.permissive()))
    intent_id, position_id = proposed(world)
    world.approve(intent_id, submit=False)
    world.inject(SocketDrop(world.now, 3))
    world.broker.engine.advance(world.now)
    assert reason_of(world.refused(lambda: world.submit(intent_id))) is RefusalReason.CONNECTION
    assert world.position(position_id).order_group_id is None
    assert [token.event.value for token in world.tokens(intent_id)] == ["ISSUED"]
    assert received(world) == []


# --- beads of other processes ---------------------------------------------------------------------------------------


def appended_signal(world: World, number: int = 1) -> SignalPayload:

    signal = read_signal(orjson.dumps(signal_document(number=number, at=world.now)))
    return SignalPayload(signal.signal_id, signal.strategy_id, signal.pair, signal.content_hash, signal.document)


def test_a_signal_that_another_process_appended_is_proposed() -> None:
    world = registered()
    append(world, appended_signal(world), signer=OPERATOR)
    assert len(world.state.inbox) == 1
    run_now(world.executor.catch_up())
    assert not world.state.inbox
    assert [position.state for position in world.state.positions.values()] == [PositionState.PROPOSED]


def test_a_signal_and_a_decision_on_something_else_do_not_hold_each_other_up() -> None:
    world = registered()
    outcome = world.signal(number=7)
    append(world, appended_signal(world), decision(DecisionKind.PASS, outcome.intent_id or ""))
    run_now(world.executor.catch_up())
    assert world.position(outcome.position_id or "").state is PositionState.CANCELLED
    assert not world.state.decisions
    assert len(world.state.positions) == 1


@pytest.mark.parametrize(("late_s", "state"), [(60, PositionState.MANAGED), (60.000001, PositionState.PROPOSED)])
def test_a_decision_reached_more_than_a_minute_after_it_was_made_lapses(late_s: float, state: PositionState) -> None:
    world = registered()
    outcome = world.signal()
    append(world, approval_of(world, outcome))
    world.clock.advance_to(world.now + timedelta(seconds=late_s))
    run_now(world.executor.catch_up())
    assert world.position(outcome.position_id or "").state is state
    lapsed = [refusal for refusal in world.payloads(RefusalPayload) if refusal.reason is RefusalReason.LAPSED]
    assert bool(lapsed) is (state is PositionState.PROPOSED)
    assert not world.state.decisions, "it is answered, and not looked at again"


def test_a_decision_that_lapsed_can_be_made_anew() -> None:
    world = registered()
    outcome = world.signal()
    append(world, approval_of(world, outcome))
    world.wait(61)
    run_now(world.executor.catch_up())
    append(world, approval_of(world, outcome))
    run_now(world.executor.catch_up())
    assert world.position(outcome.position_id or "").state is PositionState.MANAGED


def test_a_flag_that_another_process_set_revokes_the_tokens_in_its_scope() -> None:
    world = registered()
    intent_id, position_id = proposed(world)
    world.approve(intent_id, submit=False)
    flag = KillFlagPayload("flag-1", KillEvent.SET, "fvg-retest", KillSource.SIGNALMAN, "drawdown", None)
    append(world, flag, signer=OPERATOR)
    run_now(world.executor.catch_up())
    assert world.position(position_id).state is PositionState.EXPIRED
    assert not world.state.tokens


def test_a_flag_that_another_process_set_is_obeyed_even_before_anyone_caught_up() -> None:
    world = registered()
    intent_id, _ = proposed(world)
    world.approve(intent_id, submit=False)
    append(world, KillFlagPayload("flag-1", KillEvent.SET, None, KillSource.MANUAL, "halt", None), signer=OPERATOR)
    assert reason_of(world.refused(lambda: world.submit(intent_id))) is RefusalReason.KILL_FLAG
    assert received(world) == []


def test_one_bad_decision_of_another_process_does_not_hold_up_the_next() -> None:
    world = registered()
    outcome = world.signal()
    append(world, decision(DecisionKind.CLOSE, "no-such-position"), approval_of(world, outcome), signer=TRADER)
    run_now(world.executor.catch_up())
    assert world.position(outcome.position_id or "").state is PositionState.MANAGED
    assert not world.state.decisions


def test_catching_up_with_nothing_writes_nothing() -> None:
    world = registered()
    kill(world)
    count = len(world.beads)
    run_now(world.executor.catch_up())
    assert len(world.beads) == count


def test_what_is_appended_while_the_broker_is_asked_waits_for_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    first, second = (decision(DecisionKind.KILL_LIFT, "no flag", reason="calm") for _ in range(2))
    document = orjson.dumps(signal_document(number=77, at=world.now))
    signal = read_signal(document)
    late = [
        second,
        SignalPayload(signal.signal_id, signal.strategy_id, signal.pair, signal.content_hash, signal.document),
    ]
    ask = world.broker.account

    async def account() -> Any:
        while late:
            append(world, late.pop())
        return await ask()

    monkeypatch.setattr(world.broker, "account", account)
    append(world, first)
    run_now(world.executor.catch_up())
    assert set(world.state.decisions) == {second.decision_id}
    assert set(world.state.inbox) == {signal.signal_id}
    run_now(world.executor.catch_up())
    assert not world.state.decisions
    assert not world.state.inbox
    assert world.state.positions


@pytest.mark.parametrize("kind", [DecisionKind.ATTEST_ABSENT, DecisionKind.BIND, DecisionKind.ADOPT])
def test_a_decision_about_what_the_broker_has_is_answered_by_books_read_for_it(kind: DecisionKind) -> None:
    world = registered()
    world.wait(100)
    before = world.state.session.books_read_at
    append(world, decision(DecisionKind.PASS, "nothing"))
    run_now(world.executor.catch_up())
    assert world.state.session.books_read_at == before
    append(world, decision(kind, "nothing"))
    run_now(world.executor.catch_up())
    assert world.state.session.books_read_at == world.now
    assert not world.state.decisions
