"""Wave 7, what only a gateway can do: turn a client away, or be logged in to somebody else's account."""

from __future__ import annotations

from phoenix.adapters.gateway.client import Client
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.gateway.wire.requests import StartApi
from phoenix.adapters.wired import WiredBroker, WireOptions
from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import STRATEGY, Stage
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, RefusalReason, SessionEvent, Severity
from phoenix.rehearsal.world import World


@vector("CV_326", wire_only=True)
def client_id_in_use(stage: Stage) -> None:
    world, broker = _opened(stage)
    other = _other_program(broker)
    _started_in_vain(stage, world, "client id 1 is in use")
    broker.rig.gateway.left(other)
    _reconnected(stage, world)


@vector("CV_UNLISTED_ACCOUNT", wire_only=True)
def unlisted_account(stage: Stage) -> None:
    world, broker = _opened(stage)
    broker.rig.gateway.tricks.accounts = ("SIM0009",)
    _started_in_vain(stage, world, "logged in to SIM0009")
    broker.rig.gateway.tricks.accounts = ("SIM0001", "DU0001")
    run_now(world.executor.start({"mode": "SIMULATOR"}))
    stage.bead(AlertPayload, event=AlertEvent.RAISED, kind="CONNECT_REFUSED", count=2)
    broker.rig.gateway.tricks.accounts = None
    _reconnected(stage, world)


def _opened(stage: Stage) -> tuple[World, WiredBroker]:
    """A world that is not connected yet, and its broker."""
    world = stage.open(connect=False, bystanders=False)
    broker = world.broker
    assert isinstance(broker, WiredBroker)
    return world, broker


def _other_program(broker: WiredBroker) -> Client:
    """Somebody else at the gateway, under our client id."""
    said: list[Reply] = []
    other = Client(said.append, lambda: None)
    broker.rig.gateway.handle(other, StartApi(WireOptions("").client_id))
    return other


def _started_in_vain(stage: Stage, world: World, why: str) -> None:
    """The start is refused with this reason, told at once, and nothing can be entered."""
    run_now(world.executor.start({"mode": "SIMULATOR"}))
    refused = stage.bead(SessionPayload, event=SessionEvent.REFUSED, count=1)
    stage.require(why in refused.detail, f"the reason is another one: {refused.detail}")
    stage.bead(AlertPayload, event=AlertEvent.RAISED, kind="CONNECT_REFUSED", severity=Severity.CRITICAL, count=1)
    stage.require(not world.state.session.is_connected, "the session stands open")
    if STRATEGY not in world.state.strategies:
        world.register(STRATEGY)
    stage.signal_refused(RefusalReason.SIZING)


def _reconnected(stage: Stage, world: World) -> None:
    """Once the cause is gone, a human has the session opened anew, and a trade goes through."""
    run_now(world.executor.start({"mode": "SIMULATOR"}))
    stage.bead(SessionPayload, event=SessionEvent.RECONCILED)
    stage.sent()
    stage.require_orders(1)
