"""The broker session: attempts to reconnect, and when a human has to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phoenix.adapters.simulation.faults import SocketDrop
from phoenix.application.alerts import AlertKind
from phoenix.application.simulation import run_now
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.vocabulary import RefusalReason, SessionEvent
from phoenix.ports.broker_facts import Session
from phoenix.ports.errors import BrokerRefused
from tests.application.acts import alerts, reason_of, registered
from tests.support.world import World


def refuse_connections(world: World, patch: pytest.MonkeyPatch) -> None:
    async def connect() -> Session:
        raise BrokerRefused("client id 1 is taken; nothing was sent. Choose another")

    patch.setattr(world.broker, "connect", connect)


def events(world: World) -> list[SessionEvent]:
    return [bead.event for bead in world.payloads(SessionPayload)]


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
    run_now(world.executor.reconnect())
    assert events(world)[-2:] == [SessionEvent.RECONNECTED, SessionEvent.RECONCILED]
    world.enter()


def test_a_human_who_reconnects_in_vain_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    drop_the_socket(world)
    world.wait(1000)
    refuse_connections(world, monkeypatch)
    run_now(world.executor.reconnect())
    assert len(alerts(world, AlertKind.CONNECT_REFUSED)) == 1
    assert events(world).count(SessionEvent.RECONNECTING) == 3


def test_a_session_that_works_is_not_taken_down() -> None:
    world = registered()
    before = events(world)
    refusal = world.refused(lambda: run_now(world.executor.reconnect()))
    assert reason_of(refusal) is RefusalReason.WRONG_STATE
    assert events(world) == before
