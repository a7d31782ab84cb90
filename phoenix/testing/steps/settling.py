"""Steps about what is unknown and who settles it: books, attestations, bindings, adoptions, words out of turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.simulation.faults import ExecutionsWithheld, ForeignOrder, HoldingsLag, SocketDrop
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, OrderRequest
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.simulation import run_now
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import (
    Action,
    DecisionKind,
    ExecutionEvent,
    LegRole,
    OrderEvent,
    OrderType,
    SessionEvent,
    TimeInForce,
)
from phoenix.ports.broker_events import CommissionReported, ExecutionReported
from phoenix.rehearsal.world import ACCOUNT, ASSISTANT, OPERATOR
from phoenix.testing.scene import Scene
from phoenix.testing.steps.broker import say
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.lifecycle import buys, buys_yen, rests


@given("the operator read the broker's books")
@when("the operator reads the broker's books")
def reads_books(scene: Scene) -> None:
    run_now(scene.world.executor.read_books())


@given("the operator found in the books that the order is absent")
def found_absent(scene: Scene) -> None:
    reads_books(scene)
    decide_on(scene, DecisionKind.ATTEST_ABSENT)


@when("an assistant attests that the order is absent")
def assistant_attests(scene: Scene) -> None:
    decide_on(scene, DecisionKind.ATTEST_ABSENT, signer=ASSISTANT)


@given("the operator bound the order to the broker's permanent id")
@when("the operator binds the order to the broker's permanent id")
def binds(scene: Scene) -> None:
    received = scene.world.ledger("ORDER_RECEIVED")[0]
    decide_on(scene, DecisionKind.BIND, permanent_id=received["permanent_id"])


@when("the operator binds the first order to the number of the second")
def binds_wrongly(scene: Scene) -> None:
    first, second = scene.position(0), scene.position(1).entry_leg
    assert second is not None
    detail = {"permanent_id": second.permanent_id}
    scene.attempt(lambda: scene.world.decide(DecisionKind.BIND, first.position_id, signer=OPERATOR, detail=detail))


@given("the operator adopted what the position holds")
@when("the operator adopts what the position holds")
def adopts(scene: Scene) -> None:
    _adopt(scene, scene.position().position_id)


@when("the operator adopts the parked execution")
def adopts_parked(scene: Scene) -> None:
    _adopt(scene, next(iter(scene.world.state.parked)), strategy_id="fvg-retest")


@when("the operator adopts the order")
def adopts_order(scene: Scene) -> None:
    _adopt(scene, next(iter(scene.world.state.external_orders)), what="ORDER", strategy_id="fvg-retest")


@when(phrase("the operator adopts the order as one with {field:Word} {said}"))
def adopts_order_as(scene: Scene, field: str, said: str) -> None:
    name = next(iter(scene.world.state.external_orders))
    _adopt(scene, name, what="ORDER", strategy_id="fvg-retest", **{field: said})


def _adopt(scene: Scene, subject_id: str, what: str = "HOLDING", **detail: str) -> None:
    detail |= {"what": what, "stop_price": "1.25800", "target_price": "1.26200"}
    adopted = scene.attempt(
        lambda: scene.world.decide(DecisionKind.ADOPT, subject_id, signer=OPERATOR, detail=dict(detail))
    )
    if not isinstance(adopted, str):
        return
    scene.notes["adopted"] = adopted
    former = scene.proposals[-1] if scene.proposals else SignalOutcome("")
    scene.proposals.append(replace(former, position_id=adopted))


def decide_on(scene: Scene, kind: DecisionKind, signer: Any = OPERATOR, **detail: str) -> None:
    """A decision about the latest position."""
    position_id = scene.position().position_id
    scene.attempt(lambda: scene.world.decide(kind, position_id, signer=signer, reason="looked in TWS", detail=detail))


@when("another proposal to buy GBPUSD is approved")
def another_approved(scene: Scene) -> None:
    if scene.signalled(scene.world.signal()).refusal is None:
        scene.approve()


@given(parsers.re(r"the broker forgets the (?P<what>bracket|stop)"))
def forgets(scene: Scene, what: str) -> None:
    """Acknowledged orders that are neither open nor completed any more, as after a night at a real broker."""
    book = scene.world.broker.engine.world.book
    for order in list(book.live.values()):
        if what == "bracket" or order.request.role is LegRole.STOP_LOSS:
            book.finish(order)
            del book.completed[order.sequence]


@given(parsers.re(r"the broker's book says the entry is for (?P<quantity>\d+)"))
def book_contradicts(scene: Scene, quantity: str) -> None:
    book = scene.world.broker.engine.world.book
    entry = next(order for order in book.live.values() if str(order.request.reference).endswith("-E"))
    entry.request = replace(entry.request, quantity=Decimal(quantity))


# --- what is known --------------------------------------------------------------------------------------------------


@then("entries are closed until the books agree")
def entries_closed(scene: Scene) -> None:
    session = scene.world.state.session
    assert not session.is_reconciled, session
    assert scene.world.payloads(SessionPayload)[-1].event is SessionEvent.RECOVERY_INCOMPLETE


@then("entries are open again")
def entries_open(scene: Scene) -> None:
    assert scene.world.state.session.is_reconciled, scene.world.state.session


@then(phrase("the executions read {events}"))
def executions_read(scene: Scene, events: str) -> None:
    told = [str(bead.event) for bead in scene.world.payloads(ExecutionPayload)]
    assert told == events.split(", "), told


@then(phrase("the {role:Word} order is {status:Word}"))
def order_is(scene: Scene, role: str, status: str) -> None:
    leg = next(leg for leg in scene.position().legs if leg.leg.role is LegRole(role))
    assert str(leg.status) == status, leg


@then(phrase("{count:d} ORDER({event:Word}) bead was written"))
@then(phrase("{count:d} ORDER({event:Word}) beads were written"))
def order_beads(scene: Scene, count: int, event: str) -> None:
    told = [bead for bead in scene.world.payloads(OrderPayload) if bead.event is OrderEvent(event)]
    assert len(told) == count, told


@then("no execution has been told")
def none_told(scene: Scene) -> None:
    assert not scene.world.payloads(ExecutionPayload)
    assert scene.world.ledger("EXECUTION")
    scene.is_settled = False


@then("nothing waits parked any more")
def nothing_parked(scene: Scene) -> None:
    assert not scene.world.state.parked


@then("the adopted position names what it explains")
def names_what_it_explains(scene: Scene) -> None:
    adopted = [bead for bead in scene.world.payloads(PositionPayload) if bead.position_id == scene.notes["adopted"]]
    assert adopted[0].adopted_from, adopted
    assert not scene.world.state.strays


@then("the execution was booked once")
def booked_once(scene: Scene) -> None:
    booked = [b for b in scene.world.payloads(ExecutionPayload) if b.event is ExecutionEvent.BOOKED]
    assert len(booked) == len({b.execution_id for b in booked}) == 1, booked


# --- words out of turn ----------------------------------------------------------------------------------------------


@when("the trader asks for the signal again and approves it")
def reproposes(scene: Scene) -> None:
    signal_id = scene.position().signal_id
    assert signal_id is not None
    position = scene.world.decide(DecisionKind.REPROPOSE, signal_id)
    assert isinstance(position, Position)
    former = scene.proposals[-1]
    scene.proposals.append(replace(former, intent_id=position.intent_id, position_id=position.position_id))
    scene.approve()


@when("the broker repeats the execution as it first was")
def repeats_first_report(scene: Scene) -> None:
    booked = next(bead for bead in scene.world.payloads(ExecutionPayload) if bead.event is ExecutionEvent.BOOKED)
    say(scene, _reported(booked))


@given("the commission of the parked execution arrived")
def commission_arrived(scene: Scene) -> None:
    parked = next(iter(scene.world.state.parked))
    say(scene, CommissionReported(parked, Decimal("25.20"), "USD", scene.world.now))


@when("the broker reports the bust and then acknowledges the order")
def bust_then_acknowledgement(scene: Scene) -> None:
    scene.world.wait(30)
    reads_books(scene)
    scene.world.wait(90)


@given("the connection breaks while GBPUSD falls to 1.25890")
def breaks_while_price_falls(scene: Scene) -> None:
    scene.world.inject(SocketDrop(scene.world.now, 3))
    scene.world.price("1.25890")


@given("the connection breaks in the moment of the fill, and executions are withheld for 20 seconds")
def breaks_at_fill(scene: Scene) -> None:
    now = scene.world.now
    scene.world.inject(SocketDrop(now, 3))
    scene.world.inject(ExecutionsWithheld(begins_at=now, until=now + timedelta(seconds=20)))
    scene.world.inject(HoldingsLag(begins_at=now, until=now + timedelta(seconds=20), lag_s=600))
    buys(scene)
    scene.world.wait(15)


@given(parsers.re("a (?P<kind>limit|market) order that was called absent"))
def called_absent(scene: Scene, kind: str) -> None:
    if kind == "limit":
        rests(scene)
    else:
        buys(scene)
    scene.world.wait(61)
    found_absent(scene)


@given("the trader bought USDJPY as well, while GBPUSD is stalled")
def other_while_stalled(scene: Scene) -> None:
    buys(scene)
    scene.world.wait(61)
    buys_yen(scene)


@given("an order entered by hand in the broker's own terminal")
def foreign_order(scene: Scene) -> None:
    request = OrderRequest(
        ACCOUNT, "GBPUSD", Action.BUY, OrderType.LIMIT, Decimal(100_000), TimeInForce.GTC, 0, FOREIGN_CLIENT,
        limit_price=Decimal("1.25000"),
    )  # fmt: skip
    scene.world.inject(ForeignOrder(scene.world.now, request))
    scene.world.wait(1)


@when("the connection is back")
def connection_is_back(scene: Scene) -> None:
    scene.world.wait(30)


def _reported(bead: ExecutionPayload) -> ExecutionReported:
    assert bead.action is not None
    assert bead.quantity is not None
    assert bead.price is not None
    assert bead.executed_at is not None
    return ExecutionReported(
        bead.execution_id, bead.client_order_id, None, bead.permanent_id, bead.account, bead.pair, bead.action,
        bead.quantity, bead.price, bead.executed_at,
    )  # fmt: skip
