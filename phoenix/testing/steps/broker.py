"""What the broker does, or fails to do, with our orders: scripted before it happens, or brought about by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.brokers.chaos_mock.translation import execution_reported, requests_of
from phoenix.adapters.simulation import endings, faults
from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.faults import Fault, Query, QueryUnanswered, SocketDrop, Which
from phoenix.application.simulation import run_now
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.vocabulary import LegRole, OrderEvent, OrderStatus
from phoenix.ports.answers import Unknown
from phoenix.ports.broker_events import (
    BrokerEvent,
    BrokerNotice,
    OrderAcknowledged,
    OrderCancelled,
    OrderStatusReported,
)
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase

ENTRY, STOP, TARGET, EXIT = (
    Which(role=role) for role in (LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.TAKE_PROFIT, LegRole.EXIT)
)
FIRST_ENTRY, FIRST_STOP, FIRST_EXIT = (
    Which(role=role, nth=1) for role in (LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.EXIT)
)
LEGS = {"entry": ENTRY, "stop": STOP, "exit": EXIT}

HABITS: Mapping[str, tuple[Fault, ...]] = {
    "loses the first entry on its way": (faults.lose(FIRST_ENTRY),),
    "loses the first exit on its way": (faults.lose(FIRST_EXIT),),
    "never speaks of the entry": (faults.unheard(ENTRY),),
    "rejects the first entry for insufficient margin": (faults.reject(FIRST_ENTRY),),
    "never fills the entry": (faults.never_fill(ENTRY),),
    "repeats every execution and status three times": (faults.repeat(ENTRY, 3, 3), faults.repeat(TARGET, 3, 3)),
    "reports the execution before the acknowledgement": (faults.execution_first(ENTRY),),
    "reports commissions before executions": (faults.commission_first(ENTRY),),
    "busts the entry's execution after 30 seconds": (faults.bust(ENTRY, 30),),
    "overfills the entry by 20000": (faults.overfill(ENTRY, Decimal(20000)),),
    "rejects the first exit": (faults.reject(FIRST_EXIT),),
    "rejects the first stop when it should begin to work": (faults.reject(FIRST_STOP, on_activation=True),),
    "rejects the stop when it comes in": (faults.reject(STOP),),
    "rejects the stop when it should begin to work": (faults.reject(STOP, on_activation=True),),
    "ignores every cancel of the stop": (faults.ignore_cancel(STOP),),
    "refuses every cancel of the stop": (faults.refuse_cancel(STOP),),
    "takes 5 seconds over everything about the entry": (faults.slow(ENTRY, 5),),
    "takes 5 seconds over everything about the stop": (faults.slow(STOP, 5),),
    "takes 90 seconds over everything about the stop": (faults.slow(STOP, 90),),
    "shows the entry under a second permanent id": (faults.second_permanent_id(ENTRY),),
    "leaves our reference blank": (faults.blank_reference(ENTRY, on_orders=True, on_executions=True),),
    "fills only half of an exit": (faults.partial(EXIT, Decimal("0.5")),),
}
"""Habits that need no number; those that do have steps of their own below."""


# --- Given ----------------------------------------------------------------------------------------------------------


@given(parsers.re(f"a broker that (?P<habit>{'|'.join(HABITS)})"))
def broker_that(scene: Scene, habit: str) -> None:
    for fault in HABITS[habit]:
        scene.world.inject(fault)


@given(parsers.re(r"a broker that says nothing of the (?P<leg>entry|exit) for (?P<seconds>\d+) seconds"))
def silent_for(scene: Scene, leg: str, seconds: str) -> None:
    scene.world.inject(faults.delay(LEGS[leg], float(seconds)))


@given(parsers.re(r"a broker that fills (?P<percent>\d+) percent of the (?P<leg>entry|stop)"))
def fills_percent(scene: Scene, percent: str, leg: str) -> None:
    scene.world.inject(faults.partial(LEGS[leg], Decimal(percent) / 100))


@given(parsers.re(r"a broker that fills (?P<percent>\d+) percent of the entry and the rest (?P<seconds>\d+) s later"))
def fills_in_two(scene: Scene, percent: str, seconds: str) -> None:
    scene.world.inject(faults.partial(ENTRY, Decimal(percent) / 100, remainder_after_s=float(seconds)))


@given(parsers.re(r"a broker that fills the entry (?P<seconds>\d+) seconds after it was cancelled"))
def fills_after_cancel(scene: Scene, seconds: str) -> None:
    scene.world.inject(faults.fill_after_cancel(ENTRY, float(seconds)))


@given(parsers.re(r"a broker that corrects the entry's execution to (?P<quantity>\d+) at (?P<price>[\d.]+)"))
def corrects(scene: Scene, quantity: str, price: str) -> None:
    scene.world.inject(faults.correct(ENTRY, 30, quantity=Decimal(quantity), price=Decimal(price)))


@given(parsers.re(r"a broker that does not answer for its (?P<what>[a-z ]+)"))
def no_answer(scene: Scene, what: str) -> None:
    query = Query(what.upper().replace(" ", "_"))
    scene.world.inject(QueryUnanswered(begins_at=scene.world.now, query=query))


@given("a broker whose holdings lag ten minutes behind")
def holdings_lag(scene: Scene) -> None:
    scene.world.inject(faults.HoldingsLag(begins_at=scene.world.now, lag_s=600))


@given(parsers.re(r"a broker that answers with no executions for (?P<seconds>\d+) seconds"))
def withholds_executions(scene: Scene, seconds: str) -> None:
    until = scene.world.now + timedelta(seconds=int(seconds))
    scene.world.inject(faults.ExecutionsWithheld(begins_at=scene.world.now, until=until))


@given(parsers.re(r"the connection breaks for (?P<seconds>\d+) seconds"))
@when(parsers.re(r"the connection breaks for (?P<seconds>\d+) seconds"))
def connection_breaks(scene: Scene, seconds: str) -> None:
    scene.world.inject(SocketDrop(scene.world.now, float(seconds)))
    scene.world.wait(30)


@given("the connection is down")
@when("the connection breaks for good")
def connection_down(scene: Scene) -> None:
    scene.world.inject(SocketDrop(scene.world.now, None))
    scene.world.wait(1)


@given("a wire that takes the order and cannot say whether it left")
def wire_unknown(scene: Scene) -> None:
    async def place(plan: OrderPlan) -> Unknown:
        scene.notes["held up"] = plan
        return Unknown("the socket closed while the order was being written")

    scene.world.broker.place = place  # type: ignore[method-assign]


# --- When -----------------------------------------------------------------------------------------------------------


@given("the order turned up at the broker after all")
@when("the order turns up at the broker after all")
def turns_up(scene: Scene) -> None:
    """It was held up on its way, and arrives now."""
    world = scene.world
    world.broker.engine.submit(requests_of(first_plan(scene), 1), world.now)
    run_now(world.executor.pump())


@when("the broker's only word is that the entry executed")
def only_execution(scene: Scene) -> None:
    executions = scene.world.broker.engine.answers.executions()
    assert not isinstance(executions, NoAnswer)
    say(scene, execution_reported(executions[0]))


@when("the broker tells of the target's execution before the entry's")
def wrong_way_round(scene: Scene) -> None:
    executions = scene.world.broker.engine.answers.executions()
    assert not isinstance(executions, NoAnswer)
    say(scene, *(execution_reported(execution) for execution in reversed(executions)))


@when("the broker's only word is that it acknowledges the entry")
def only_acknowledgement(scene: Scene) -> None:
    received = scene.world.ledger("ORDER_RECEIVED")[0]
    say(scene, OrderAcknowledged(received["reference"], None, received["permanent_id"], scene.world.now))


@when("the broker says that the entry works after all")
def works_after_all(scene: Scene) -> None:
    entry, none = scene.position().entry_leg, Decimal(0)
    assert entry is not None
    names = (entry.leg.reference, entry.leg.session_order_id, entry.permanent_id)
    say(scene, OrderStatusReported(*names, OrderStatus.WORKING, none, Decimal(1_000_000), scene.world.now))


@when("the broker's only word is that the entry ended unfilled")
def only_cancel(scene: Scene) -> None:
    ended_with(scene, "0")


@when(
    parsers.re(
        r"the broker's only word is notice (?P<code>\d+) on the entry, "
        r"(?P<what>which leaves its state open|a mere remark)"
    )
)
def only_notice(scene: Scene, code: str, what: str) -> None:
    entry = scene.position().entry_leg
    assert entry is not None
    reference, is_open = entry.leg.reference, what != "a mere remark"
    say(scene, BrokerNotice(int(code), "the broker's own text", reference, "WARNING", scene.world.now, is_open))


@given(parsers.re(r"the broker's only word was that the entry ended with (?P<filled>\d+) filled"))
@when(parsers.re(r"the broker's only word is that the entry ended with (?P<filled>\d+) filled"))
def ended_with(scene: Scene, filled: str) -> None:
    """The order ends at the broker, and of all its callbacks only this one gets through."""
    world, entry = scene.world, scene.position().entry_leg
    assert entry is not None
    end_at_broker(scene, LegRole.ENTRY)
    reference, number = entry.leg.reference, entry.leg.session_order_id
    say(scene, OrderCancelled(reference, number, None, Decimal(filled), "ended", world.now))


# --- Then -----------------------------------------------------------------------------------------------------------


@then("the broker's word is still on its way")
def word_on_its_way(scene: Scene) -> None:
    """So not everything that the broker did can be in the beads yet."""
    assert scene.world.broker.next_due() is not None
    scene.is_settled = False


@then(phrase("the broker has received {count:d} exit order"))
@then(phrase("the broker has received {count:d} exit orders"))
def exits_received(scene: Scene, count: int) -> None:
    sent = [order for order in scene.world.ledger("ORDER_RECEIVED") if str(order["reference"]).endswith("-X")]
    assert len(sent) == count, sent


@then("the broker has received no exit order")
def no_exit_received(scene: Scene) -> None:
    exits_received(scene, 0)


@then(parsers.re(r"the broker holds (?P<quantity>-?\d+) GBPUSD"))
def broker_holds(scene: Scene, quantity: str) -> None:
    net = scene.world.broker.engine.world.account.nets.get("GBPUSD")
    assert (Decimal(0) if net is None else net.quantity) == Decimal(quantity), net


def end_at_broker(scene: Scene, role: LegRole) -> None:
    """End an order at the broker, without having asked for it."""
    world = scene.world.broker.engine.world
    order = next(order for order in world.book.live.values() if order.request.role is role)
    endings.cancel(world, order, "cancelled in the broker's own terminal")
    world.delivery.flush()
    run_now(scene.world.executor.pump())


def say(scene: Scene, *events: BrokerEvent) -> None:
    """Let the broker say something to the core, and the core act on it."""
    for event in events:
        scene.world.container.events()(event)
    run_now(scene.world.executor.pump())


def first_plan(scene: Scene) -> OrderPlan:
    """The first order group that was prepared."""
    orders = scene.world.payloads(OrderPayload)
    return next(order.plan for order in orders if order.event is OrderEvent.PREPARED and order.plan is not None)
