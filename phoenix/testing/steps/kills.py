"""Steps about kill flags: who sets them, on what, who lifts them, and what they leave alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.store.memory import MemoryStore
from phoenix.application.simulation import run_now
from phoenix.domain.beads.envelope import Bead, Signer
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.state import State
from phoenix.domain.vocabulary import DecisionKind, IntentKind, KillEvent, KillSource, OrderEvent
from phoenix.ports.store import Committed, Proposal, View
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.world import APPROVERS, OPERATOR, SIGNALMAN
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase

R = TypeVar("R")

FLAG_ID = "00000000-0000-4000-8000-0000000000ff"
SCOPES = {"all strategies": None, "fvg-retest": "fvg-retest", "breakout": "breakout"}
SCOPE = r"(?P<scope>all strategies|fvg-retest|breakout)"
FOREIGN_FLAG = KillFlagPayload(FLAG_ID, KillEvent.SET, None, KillSource.SIGNALMAN, "the edge decayed", None)


def set_flag(
    scene: Scene, strategy_id: str | None, reason: str = "spreads blew out", *, life: timedelta | None = None,
    source: KillSource = KillSource.MANUAL,
) -> None:  # fmt: skip
    """Set a flag as an act that may be refused."""
    expires_at = None if life is None else scene.world.now + life
    executor = scene.world.executor
    flag_id = scene.attempt(lambda: run_now(executor.set_kill_flag(strategy_id, reason, source, OPERATOR, expires_at)))
    scene.notes["flag"] = flag_id


def lift(
    scene: Scene, *, signer: Signer = OPERATOR, reason: str | None = "spreads are back", flag_id: str = ""
) -> None:
    """Lift the flag that was set last, as an act that may be refused."""
    subject = flag_id or scene.notes["flag"]
    scene.attempt(lambda: scene.world.decide(DecisionKind.KILL_LIFT, subject, signer=signer, reason=reason))


class InterruptedStore(MemoryStore[State]):
    """A store into which another process writes a kill flag as soon as an order attempt is durable."""

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        committed = super().transact(work)
        orders = [one.bead for one in committed.sealed if isinstance(one.bead.payload, OrderPayload)]
        if any(isinstance(bead.payload, OrderPayload) and bead.payload.event is OrderEvent.PREPARED for bead in orders):
            flag = Bead("00000000-0000-4000-8000-0000000000fe", FOREIGN_FLAG, SIGNALMAN, orders[0].timestamp)
            super().transact(lambda _: Proposal([flag], None))
        return committed


# --- Given and When -------------------------------------------------------------------------------------------------


@given("the strategy breakout is registered too")
def breakout(scene: Scene) -> None:
    scene.strategies.append("breakout")


@given("another approved entry of breakout that was not sent yet")
def approved_breakout(scene: Scene) -> None:
    scene.signalled(scene.world.signal(strategy_id="breakout"))
    scene.approve(submit=False)
    scene.require_nothing_refused()


@given("a kill flag that another process sets just before the next send")
def interrupted(scene: Scene) -> None:
    scene.prepare(store_factory=InterruptedStore)


@given("another process set a kill flag on all strategies")
def foreign_flag(scene: Scene) -> None:
    append_as_another_process(scene.world, FOREIGN_FLAG)


@given(parsers.re(rf"the operator set a kill flag on {SCOPE}"))
@when(parsers.re(rf"the operator sets a kill flag on {SCOPE}"))
def operator_sets(scene: Scene, scope: str) -> None:
    set_flag(scene, SCOPES[scope])


@given(parsers.re(r"(?P<source>MANUAL|SIGNALMAN|SYSTEM) set a kill flag on all strategies"))
def source_sets(scene: Scene, source: str) -> None:
    set_flag(scene, None, source=KillSource(source))


@given(phrase("the operator set a kill flag for {time:Minutes} minutes"))
def temporary_flag(scene: Scene, time: timedelta) -> None:
    set_flag(scene, None, life=time)


@when("the operator sets a kill flag without a reason")
def flag_without_reason(scene: Scene) -> None:
    set_flag(scene, None, " ")


@when(phrase("the operator sets a kill flag that expires {time:Minutes} minutes from now"))
def flag_that_expires(scene: Scene, time: timedelta) -> None:
    set_flag(scene, None, life=time)


@given("the operator lifted the kill flag")
@when("the operator lifts the kill flag")
def operator_lifts(scene: Scene) -> None:
    lift(scene)


@when(parsers.re(r"(?P<somebody>an assistant|a program|a human without a name) lifts the kill flag"))
def somebody_lifts(scene: Scene, somebody: str) -> None:
    lift(scene, signer=APPROVERS[somebody])


@when(parsers.re(r"the operator lifts the kill flag (?P<how>without a reason|for a blank reason)"))
def lifts_without_reason(scene: Scene, how: str) -> None:
    lift(scene, reason=None if how == "without a reason" else "  ")


@when("the operator lifts another kill flag")
def lifts_another(scene: Scene) -> None:
    lift(scene, flag_id=FLAG_ID)


@given("a limit order that rests at the broker")
def resting(scene: Scene) -> None:
    scene.signalled(
        scene.world.signal(order_type="LIMIT", entry="1.25900", stop="1.25800", target="1.26100", time_in_force="GTC")
    )
    scene.approve()
    assert scene.position().alive_legs, scene.position()


@when("the operator cancels the resting entry")
def cancels_resting(scene: Scene) -> None:
    position_id = scene.position().position_id
    scene.attempt(lambda: scene.world.decide(DecisionKind.CANCEL, position_id, signer=OPERATOR))


@when("the market falls to its stop")
def falls_to_stop(scene: Scene) -> None:
    scene.world.price("1.25850")


# --- Then -----------------------------------------------------------------------------------------------------------


@then("the kill flag is active")
def flag_is_active(scene: Scene) -> None:
    assert scene.notes["flag"] in scene.world.state.flags


@given("the broker was asked to cancel nothing")
@then("the broker was asked to cancel nothing")
def nothing_cancelled(scene: Scene) -> None:
    assert scene.world.ledger("CANCEL_RECEIVED") == []


@then(phrase("the order is recorded as {event:Word}"))
def order_recorded_as(scene: Scene, event: str) -> None:
    orders = scene.world.payloads(OrderPayload)
    assert orders[-1].event.value == event, orders[-1]
    assert orders[-1].intent_id == scene.intent()
    assert IntentKind.EXIT not in {order.intent_kind for order in orders}
