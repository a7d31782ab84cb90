"""The broker session: attempts to reconnect, when a human has to, and waiting for the broker's own line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phoenix.adapters.simulation.faults import LineOutage, QueryUnanswered, SocketDrop
from phoenix.application.alerts import AlertKind
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.vocabulary import DecisionKind, RefusalReason, SessionEvent
from phoenix.ports.broker_events import ConnectionRestored
from phoenix.ports.broker_facts import Session
from phoenix.ports.errors import BrokerRefused
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, World
from tests.application.acts import alerts, append, decision, reason_of, refusals, registered, say


def refuse_connections(world: World, patch: pytest.MonkeyPatch) -> None:
    async def connect() -> Session:
        raise BrokerRefused("client id 1 is taken; nothing was sent. Choose another")

    patch.setattr(world.broker, "connect", connect)


def events(world: World) -> list[SessionEvent]:
    return [bead.event for bead in world.payloads(SessionPayload)]


def reconnect(world: World, signer: Signer = OPERATOR, subject: str = "session") -> None:
    world.decide(DecisionKind.RECONNECT, subject, signer=signer)


def asked_for(world: World) -> str:
    """The id of the only request to reconnect."""
    [made] = [payload for payload in world.payloads(DecisionPayload) if payload.kind is DecisionKind.RECONNECT]
    return made.decision_id


def drop_the_socket(world: World, for_s: float | None = None) -> None:
    world.inject(SocketDrop(world.now + timedelta(seconds=1), for_s))


def test_a_refused_session_is_told_to_a_human(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(connect=False)
    refuse_connections(world, monkeypatch)
    run_now(world.executor.start({}))
    [alert] = alerts(world, AlertKind.CONNECT_REFUSED)
    assert alert.runbook is not None
    assert "client id 1" in alert.message
    assert not world.state.session.is_connected
    assert not alerts(world, AlertKind.RECONNECT_FAILED)


def test_three_refused_attempts_end_like_three_failed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    drop_the_socket(world)
    world.wait(2)
    refuse_connections(world, monkeypatch)
    world.wait(1000)
    assert events(world).count(SessionEvent.RECONNECTING) == 3
    assert events(world).count(SessionEvent.REFUSED) == 3
    assert len(alerts(world, AlertKind.RECONNECT_FAILED)) == 1


def test_after_three_failed_attempts_a_human_reconnects() -> None:
    world = registered()
    drop_the_socket(world, for_s=100)
    world.wait(1000)
    assert events(world).count(SessionEvent.RECONNECTING) == 3
    assert len(alerts(world, AlertKind.RECONNECT_FAILED)) == 1
    reconnect(world)
    assert events(world)[-2:] == [SessionEvent.RECONNECTED, SessionEvent.RECONCILED]
    assert [bead.decision_id for bead in world.payloads(SessionPayload)][-2:] == [asked_for(world), None]
    world.enter()


def test_another_process_may_ask_for_the_session() -> None:
    world = registered()
    drop_the_socket(world, for_s=100)
    world.wait(1000)
    first, second = (decision(DecisionKind.RECONNECT, "session") for _ in range(2))
    append(world, first, second)
    run_now(world.executor.catch_up())
    assert world.state.session.is_reconciled
    assert not world.state.decisions
    assert [bead.decision_id for bead in world.payloads(SessionPayload) if bead.decision_id] == [first.decision_id]
    [refusal] = refusals(world, RefusalReason.CONFLICT)
    assert refusal.decision_id == second.decision_id


def test_a_human_who_reconnects_in_vain_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    drop_the_socket(world)
    world.wait(1000)
    refuse_connections(world, monkeypatch)
    reconnect(world)
    assert len(alerts(world, AlertKind.CONNECT_REFUSED)) == 1
    assert events(world).count(SessionEvent.RECONNECTING) == 3
    assert world.payloads(SessionPayload)[-1].decision_id == asked_for(world)
    [refusal] = refusals(world, RefusalReason.CONNECTION)
    assert refusal.decision_id == asked_for(world)


def test_a_broker_that_stays_away_is_a_refusal_that_names_the_request() -> None:
    world = registered()
    drop_the_socket(world, for_s=5000)
    world.wait(1000)
    reconnect(world)
    [refusal] = refusals(world, RefusalReason.CONNECTION)
    assert refusal.decision_id == asked_for(world)
    assert events(world).count(SessionEvent.RECONNECTING) == 3
    assert not world.state.decisions


@pytest.mark.parametrize(
    ("signer", "subject", "reason"),
    [
        (ASSISTANT, "session", RefusalReason.NOT_ALLOWED),
        (OPERATOR, "the other one", RefusalReason.NOT_FOUND),
    ],
)
def test_not_everybody_reconnects_and_there_is_one_session(
    signer: Signer, subject: str, reason: RefusalReason
) -> None:  # fmt: skip
    world = registered()
    drop_the_socket(world, for_s=100)
    world.wait(1000)
    assert reason_of(world.refused(lambda: reconnect(world, signer, subject))) is reason
    assert not world.state.session.is_connected


def test_a_session_that_works_is_not_taken_down() -> None:
    world = registered()
    before = events(world)
    refusal = world.refused(lambda: reconnect(world))
    assert reason_of(refusal) is RefusalReason.WRONG_STATE
    assert events(world) == before


# --- the broker's own line ------------------------------------------------------------------------------------------


def lose_the_line(world: World, for_s: float | None) -> None:
    world.inject(LineOutage(world.now + timedelta(seconds=1), for_s))
    world.wait(2)


def test_nothing_is_connected_anew_while_only_the_brokers_line_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()

    async def connect() -> Session:
        raise AssertionError("connected a session that is open")

    monkeypatch.setattr(world.broker, "connect", connect)
    lose_the_line(world, for_s=None)
    world.wait(1000)
    assert SessionEvent.RECONNECTING not in events(world)
    [lost] = [bead for bead in world.payloads(SessionPayload) if bead.event is SessionEvent.DISCONNECTED]
    assert lost.is_socket is False
    assert len(alerts(world, AlertKind.CONNECTION_LOST)) == 1
    assert not alerts(world, AlertKind.RECONNECT_FAILED)


@pytest.mark.parametrize("data_kept", [True, False])
def test_entries_wait_for_the_line_and_for_complete_books(data_kept: bool) -> None:
    world = registered()
    outcome = world.signal()
    assert outcome.intent_id is not None
    world.inject(LineOutage(world.now + timedelta(seconds=1), 30, data_kept))
    world.inject(QueryUnanswered(times=1))
    world.wait(2)
    assert not world.state.session.is_reconciled
    world.refused(lambda: world.approve(outcome.intent_id or ""))
    world.wait(30)
    assert events(world)[-2:] == [SessionEvent.RECONNECTED, SessionEvent.RECOVERY_INCOMPLETE]
    refusal = world.refused(lambda: world.approve(outcome.intent_id or ""))
    assert reason_of(refusal) is RefusalReason.CONNECTION
    run_now(world.executor.read_books())
    world.approve(outcome.intent_id)


def test_a_socket_that_breaks_while_the_line_is_down_is_connected_anew() -> None:
    world = registered()
    lose_the_line(world, for_s=20)
    drop_the_socket(world, for_s=3)
    world.wait(100)
    lost = [bead.is_socket for bead in world.payloads(SessionPayload) if bead.event is SessionEvent.DISCONNECTED]
    assert lost == [False, True]
    assert SessionEvent.RECONNECTING in events(world)
    assert world.state.session.is_connected


def test_a_restored_line_is_no_session_once_the_socket_has_broken() -> None:
    world = registered()
    drop_the_socket(world)
    world.wait(2)
    say(world, ConnectionRestored("the line is back", True, world.now))
    assert not world.state.session.is_connected
    world.wait(1000)
    assert events(world).count(SessionEvent.RECONNECTING) == 3


def test_a_human_may_open_a_new_session_while_the_line_stays_down() -> None:
    world = registered()
    lose_the_line(world, for_s=None)
    reconnect(world)
    assert SessionEvent.RECONNECTING not in events(world)
    assert not world.state.session.is_reconciled
