"""Steps about closing a position, in whole or in part, and about protecting what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.simulation import faults
from phoenix.application.simulation import run_now
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import SYSTEM
from phoenix.domain.beads.safety import DriftPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.limits import Limits
from phoenix.domain.vocabulary import (
    DecisionKind,
    DriftOrigin,
    DriftType,
    KillSource,
    LegRole,
    OrderEvent,
    OrderStatus,
    Regime,
    Severity,
)
from phoenix.ports.broker_events import OrderStatusReported
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.world import ASSISTANT, SIGNALMAN, make_policy
from phoenix.testing.scene import Scene
from phoenix.testing.steps.broker import connection_breaks, end_at_broker, say
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.lifecycle import rests


def propose(scene: Scene, kind: DecisionKind, **detail: Any) -> None:
    """Ask for an exit or for protection; what was asked for is remembered."""
    position_id = scene.position().position_id
    intent_id = scene.attempt(lambda: scene.world.decide(kind, position_id, detail=detail, reason="enough"))
    if intent_id is not None:
        scene.notes["exit"] = str(intent_id)


def approve_exit(scene: Scene, **changes: Any) -> None:
    scene.attempt(lambda: scene.world.approve(scene.notes["exit"], **changes))


@given("the trader asked to close the position")
@when("the trader asks to close the position")
def asks_to_close(scene: Scene) -> None:
    propose(scene, DecisionKind.CLOSE)


@given("the trader approved the close")
@when("the trader approves the close")
def approves_close(scene: Scene) -> None:
    approve_exit(scene)


@given("the trader approved the close without sending it")
def approves_without_sending(scene: Scene) -> None:
    approve_exit(scene, submit=False)


@when("the approved close is submitted")
def submits_close(scene: Scene) -> None:
    scene.attempt(lambda: run_now(scene.world.executor.submit(scene.notes["exit"])))


@given("the trader closed the position")
@when("the trader closes the position")
@when("the trader closes the position once more")
def closes(scene: Scene) -> None:
    propose(scene, DecisionKind.CLOSE)
    approve_exit(scene)


@given(parsers.re(r"the trader closed (?P<quantity>\d+) of the position"))
@when(parsers.re(r"the trader closes (?P<quantity>\d+) of the position"))
def closes_part(scene: Scene, quantity: str) -> None:
    propose(scene, DecisionKind.CLOSE, quantity=quantity)
    if "exit" in scene.notes:
        approve_exit(scene)


@when("an assistant approves the close")
def assistant_approves(scene: Scene) -> None:
    approve_exit(scene, signer=ASSISTANT)


@when("the trader approves the close on other evidence")
def approves_other_evidence(scene: Scene) -> None:
    approve_exit(scene, evidence_hash="0" * 64)


@when("the trader approves the close without proof of being human")
def approves_without_proof(scene: Scene) -> None:
    approve_exit(scene, proof="NONE")


@given("the trader dropped the close")
@when("the trader drops the close")
def drops_close(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.WITHDRAW, scene.notes["exit"], reason="changed my mind"))


@given(parsers.re(r"the trader protected the position with a stop at (?P<stop>[\d.]+)"))
@when(parsers.re(r"the trader protects the position with a stop at (?P<stop>[\d.]+)"))
def protects(scene: Scene, stop: str) -> None:
    propose(scene, DecisionKind.PROTECT, stop_price=stop)
    if "exit" in scene.notes:
        approve_exit(scene)


@when(parsers.re(r"the trader protects the position between (?P<stop>[\d.]+) and (?P<target>[\d.]+)"))
def protects_between(scene: Scene, stop: str, target: str) -> None:
    propose(scene, DecisionKind.PROTECT, stop_price=stop, target_price=target)
    if "exit" in scene.notes:
        approve_exit(scene)


# --- what was sent --------------------------------------------------------------------------------------------------


@then(parsers.re(r"an exit order for (?P<quantity>\d+) was sent"))
def exit_sent_for(scene: Scene, quantity: str) -> None:
    legs = [leg for plan in _plans(scene) for leg in plan.legs if leg.role is LegRole.EXIT]
    assert [leg.quantity for leg in legs][-1:] == [Decimal(quantity)], legs


@then(parsers.re(r"a stop for (?P<quantity>\d+) at (?P<price>[\d.]+) works at the broker"))
def stop_works(scene: Scene, quantity: str, price: str) -> None:
    book = scene.world.broker.engine.world.book
    stops = [order for order in book.live.values() if order.request.stop_price is not None]
    assert [(order.request.stop_price, order.remaining) for order in stops] == [(Decimal(price), Decimal(quantity))]


@then("no order of the position is alive at the broker")
def none_alive(scene: Scene) -> None:
    assert not scene.world.broker.engine.world.book.live


@then(phrase("the token of the close ended as {event:Word}"))
def close_token(scene: Scene, event: str) -> None:
    tokens = [token for token in scene.world.payloads(TokenPayload) if token.intent_id == scene.notes["exit"]]
    assert str(tokens[-1].event) == event, tokens


@then("the cancels were asked for before the exit was sent")
def cancelled_first(scene: Scene) -> None:
    words = [(order.event, order.role) for order in scene.world.payloads(OrderPayload)]
    last_end = max(index for index, (event, role) in enumerate(words) if event is OrderEvent.CANCELLED)
    sent = max(index for index, (event, _) in enumerate(words) if event is OrderEvent.PREPARED)
    assert last_end < sent, words
    ledger = [record["kind"] for record in scene.world.ledger()]
    assert ledger.index("CANCEL_RECEIVED") < len(ledger) - ledger[::-1].index("ORDER_RECEIVED"), ledger


def _plans(scene: Scene) -> list[Any]:
    orders = scene.world.payloads(OrderPayload)
    return [order.plan for order in orders if order.event is OrderEvent.PREPARED and order.plan is not None]


# --- what is in the way of entries, and not of exits ----------------------------------------------------------------


@given("a kill flag was set on the strategy")
def strategy_killed(scene: Scene) -> None:
    run_now(scene.world.executor.set_kill_flag("fvg-retest", "decay", KillSource.SIGNALMAN, SIGNALMAN))


@given("the market context has changed")
def context_changed(scene: Scene) -> None:
    anchor = Anchor(scene.world.now, Regime.NORMAL, "params-2", "market-2")
    run_now(scene.world.executor.register_anchor("fvg-retest", "GBPUSD", anchor, SYSTEM))


@given("an unresolved drift in GBPUSD")
def unresolved_drift(scene: Scene) -> None:
    drift = DriftPayload(
        DriftType.POSITION_SIZE, "GBPUSD", {"net": "1000000"}, {"net": "900000"}, DriftOrigin.EXTERNAL,
        Severity.CRITICAL,
    )  # fmt: skip
    append_as_another_process(scene.world, drift)


@given("a broker whose clock is 60 seconds ahead")
def clock_ahead(scene: Scene) -> None:
    scene.world.inject(faults.ClockSkew(begins_at=scene.world.now, skew_s=60))


@given("the broker's books have not been agreed")
def books_not_agreed(scene: Scene) -> None:
    until = scene.world.now + timedelta(seconds=120)
    scene.world.inject(faults.QueryUnanswered(begins_at=scene.world.now, until=until, query=faults.Query.HOLDINGS))
    connection_breaks(scene, "3")


@given("limits that allow one order a day")
def one_order_a_day(scene: Scene) -> None:
    scene.prepare(policy=make_policy(limits=replace(Limits(), orders_per_day_max=1, orders_per_minute_max=1)))


@when("the trader closes the first position")
def closes_first(scene: Scene) -> None:
    scene.proposals.reverse()
    closes(scene)
    scene.proposals.reverse()


# --- what befalls stops ---------------------------------------------------------------------------------------------

CHILDREN = {"stop": LegRole.STOP_LOSS, "target": LegRole.TAKE_PROFIT}


@given(parsers.re(r"the (?P<child>stop|target) was cancelled in the broker's own terminal"))
@when(parsers.re(r"the (?P<child>stop|target) is cancelled in the broker's own terminal"))
def cancelled_in_terminal(scene: Scene, child: str) -> None:
    end_at_broker(scene, CHILDREN[child])


@given("the broker says that 1000000 of the stop are filled")
def stop_said_filled(scene: Scene) -> None:
    stop = next(leg for leg in scene.position().legs if leg.leg.role is LegRole.STOP_LOSS)
    filled, none = Decimal(1_000_000), Decimal(0)
    say(
        scene,
        OrderStatusReported(stop.leg.reference, None, stop.permanent_id, OrderStatus.FILLED, filled, none,
                            scene.world.now),
    )  # fmt: skip


@when("the trader's limit order comes to rest at 1.25900")
def limit_comes_to_rest(scene: Scene) -> None:
    rests(scene)


@then(phrase("the broker has received {count:d} orders"))
def orders_received(scene: Scene, count: int) -> None:
    assert len(scene.world.ledger("ORDER_RECEIVED")) == count
