"""Steps about closing a position, in whole or in part, and about protecting what is open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.vocabulary import DecisionKind, LegRole, OrderEvent
from tests.specs.steps.common import phrase
from tests.specs.steps.scene import Scene
from tests.support.world import ASSISTANT


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
