"""Steps about the comparison of the books: how the broker's come to differ, who looks, and who settles it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.calendar import FxWeek
from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.faults import ForeignHolding, HoldingsLag, Which
from phoenix.adapters.simulation.orders import Order
from phoenix.application.reconciliation.judging import judge
from phoenix.application.reconciliation.reading import read_reports
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import SYSTEM
from phoenix.domain.beads.safety import DriftPayload, ReconciliationRunPayload, ResolutionPayload
from phoenix.domain.beads.trading import ExecutionPayload, PositionPayload
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.state import OpenDrift
from phoenix.domain.vocabulary import (
    DecisionKind,
    ExecutionEvent,
    LegRole,
    OrderStatus,
    ReconciliationVerdict,
    Trigger,
)
from phoenix.ports.broker_events import BrokerEvent, ExecutionReported
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, make_policy
from phoenix.testing.scene import Scene
from phoenix.testing.steps.broker import ENTRY
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.lifecycle import buys, enter

RESTS = {"order_type": "LIMIT", "entry": "1.25500", "stop": "1.25400", "target": "1.25700"}
AT_ONCE: dict[str, tuple[faults.Fault, ...]] = {
    "an entry is filled": (), "an exit is rejected": (faults.reject(Which(role=LegRole.EXIT)),),
    "an entry is cancelled": (),
}  # fmt: skip


# --- how the books come to differ -----------------------------------------------------------------------------------


@given(parsers.re(r"the broker holds (?P<quantity>\d+|nothing)(?: GBPUSD)? by now"))
def broker_holds_by_now(scene: Scene, quantity: str) -> None:
    """Whatever it is that changed it: nobody tells Phoenix."""
    _restate(scene, "GBPUSD", Decimal(0 if quantity == "nothing" else quantity))


@given("the broker holds 5000 EURUSD that nobody knows of")
def unknown_holding(scene: Scene) -> None:
    _restate(scene, "EURUSD", Decimal(5000))


@given("the broker's book lost the stop")
def lost_stop(scene: Scene) -> None:
    _lose(scene, _order(scene, LegRole.STOP_LOSS))


@given("the broker's book lost the whole bracket")
def lost_bracket(scene: Scene) -> None:
    for role in (LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.TAKE_PROFIT):
        _lose(scene, _order(scene, role))


@given("the broker's book has neither holding nor orders by now")
def lost_everything(scene: Scene) -> None:
    _restate(scene, "GBPUSD", Decimal(0))
    for role in (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT):
        _lose(scene, _order(scene, role))


@given("the broker's book has the target as cancelled")
def cancelled_target(scene: Scene) -> None:
    order = _order(scene, LegRole.TAKE_PROFIT)
    order.status = OrderStatus.CANCELLED
    scene.world.broker.engine.world.book.finish(order)


@given("the broker's book has 400000 of the entry filled")
def entry_filled_less(scene: Scene) -> None:
    book = scene.world.broker.engine.world.book
    next(order for order in book.completed.values() if order.request.role is LegRole.ENTRY).filled = Decimal(400_000)


@given("the broker calls 700 more of profit realised")
def profit_restated(scene: Scene) -> None:
    """From the next look on: the one before it is what changes count from."""
    compare(scene)
    scene.world.broker.engine.world.account.restated += 700


@given(parsers.re(r"a broker whose holdings lag (?P<seconds>\d+) seconds behind"))
def lagging(scene: Scene, seconds: str) -> None:
    scene.world.inject(HoldingsLag(begins_at=scene.world.now, lag_s=float(seconds)))


@given("a broker that fills 50 percent of the entry and calls it 60")
def claims_more(scene: Scene) -> None:
    scene.world.inject(faults.partial(ENTRY, Decimal("0.5")))
    scene.world.inject(faults.claim_fill(ENTRY, Decimal("0.6")))


@given("a broker that tells nothing of an execution of 400000 that it made")
def untold_execution(scene: Scene) -> None:
    """Of two executions Phoenix hears the first; what is said of the entry then is held up on the wire."""
    scene.world.inject(faults.partial(ENTRY, Decimal("0.6"), remainder_after_s=5))
    buys(scene)
    events, told = scene.world.container.events(), scene.notes.setdefault("held up", [])
    entry = scene.position().entry_leg

    def hold_up(event: BrokerEvent) -> None:
        is_held = entry is not None and getattr(event, "reference", None) == entry.leg.reference
        told.append(event) if is_held else events(event)

    scene.world.broker._sink = hold_up
    scene.world.wait(6)
    scene.world.broker._sink = events
    assert any(isinstance(event, ExecutionReported) for event in told), told


@given("differences that settle at once")
def settles_at_once(scene: Scene) -> None:
    scene.prepare(policy=make_policy(reconciliation=ReconciliationPolicy(settling_s=0)))


@given("a market that has closed for the weekend")
def closed_market(scene: Scene) -> None:
    """It is Friday, a minute to five in New York; Phoenix looked when it connected."""
    scene.prepare(calendar=FxWeek(), start=datetime(2026, 3, 6, 21, 59, tzinfo=UTC))
    scene.notes["closes at"] = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)


@given(parsers.re(f"(?P<what>{'|'.join(AT_ONCE)}) while the broker holds 5000 EURUSD that nobody knows of"))
def happens_while(scene: Scene, what: str) -> None:
    for fault in AT_ONCE[what]:
        scene.world.inject(fault)
    if what == "an entry is filled":
        unknown_holding(scene)
        enter(scene)
        return
    enter(scene, **(RESTS if what == "an entry is cancelled" else {}))
    scene.world.wait(1)
    unknown_holding(scene)
    position_id = scene.position().position_id
    if what == "an entry is cancelled":
        scene.world.decide(DecisionKind.CANCEL, position_id, signer=OPERATOR)
    else:
        scene.world.approve(str(scene.world.decide(DecisionKind.CLOSE, position_id, signer=OPERATOR)))


@given("the trader bought another 500000 GBPUSD")
def buys_half(scene: Scene) -> None:
    enter(scene, risk_percent="0.5")


# --- looking --------------------------------------------------------------------------------------------------------


@given("the books were compared")
@when("the books are compared")
def compare(scene: Scene) -> None:
    scene.notes["since"] = len(scene.world.beads)
    scene.attempt(lambda: scene.world.decide(DecisionKind.RECONCILE, "books", signer=OPERATOR))


@given(parsers.re("the books were compared until (?:it|they) had settled"))
@when(parsers.re("the books are compared until (?:it|they) has settled"))
def compare_until_settled(scene: Scene) -> None:
    compare(scene)
    scene.world.wait(61)


@when(parsers.re(r"the broker's holding becomes (?P<quantity>\d+) GBPUSD, and the books are compared until .+"))
def changes_and_compares(scene: Scene, quantity: str) -> None:
    _restate(scene, "GBPUSD", Decimal(quantity))
    compare_until_settled(scene)


@when("the books are to be compared 40 times within 20 seconds")
def forty_times(scene: Scene) -> None:
    broker, asked = scene.world.broker, scene.notes.setdefault("asked", [])
    holdings = broker.holdings

    async def counted() -> Any:
        asked.append(scene.world.now)
        return await holdings()

    broker.holdings = counted  # type: ignore[method-assign]
    scene.world.wait(60)
    asked.clear()
    for _ in range(40):
        scene.world.wait(0.5)
        scene.world.decide(DecisionKind.RECONCILE, "books", signer=OPERATOR)


@when("the beads are folded anew, as after a crash")
def folded_anew(scene: Scene) -> None:
    scene.notes["folded"] = reduce(evolve, scene.world.beads, EMPTY)


@given("a broker that can only be read")
def only_readable(scene: Scene) -> None:
    scene.notes["reader"] = OnlyReader(scene.world.broker)


@when("its books are compared with Phoenix's through that")
def compared_through_reader(scene: Scene) -> None:
    state, policy = scene.world.state, scene.world.policy
    reports = run_now(read_reports(scene.notes["reader"], state, policy.account.account, is_thorough=True))
    found = judge(state, policy, reports, scene.world.now)
    assert found.verdict is ReconciliationVerdict.HEALTHY, found


class OnlyReader:
    """A broker of which everything but a query is gone. It remembers what it was asked for."""

    ALLOWED = ("open_orders", "completed_orders", "executions", "holdings", "profit_and_loss", "account", "quote")

    def __init__(self, broker: Any) -> None:
        self._broker = broker
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.asked.append(name)
        assert name in self.ALLOWED, f"{name} is no query"
        query: Callable[..., Any] = getattr(self._broker, name)
        return query


# --- settling -------------------------------------------------------------------------------------------------------


@given(parsers.re(r"the operator resolved the drift as (?P<word>[A-Z_]+)"))
@when(parsers.re(r"the operator resolves the drift as (?P<word>[A-Z_]+)"))
def resolves(scene: Scene, word: str) -> None:
    resolve(scene, the_drift(scene), word)


@when(parsers.re(r"the operator resolves every drift as (?P<word>[A-Z_]+)"))
def resolves_every(scene: Scene, word: str) -> None:
    for drift in sorted(scene.world.state.drifts.values(), key=lambda drift: drift.key):
        resolve(scene, drift, word)
    compare(scene)


@when("the operator resolves it, naming the second position")
def resolves_naming(scene: Scene) -> None:
    resolve(scene, the_drift(scene), "PHOENIX_CORRECTED", position_id=scene.position().position_id)


@when(parsers.re("(?P<who>an assistant|a program|an operator without notes) resolves the drift"))
def somebody_resolves(scene: Scene, who: str) -> None:
    signer = {"an assistant": ASSISTANT, "a program": SYSTEM}.get(who, OPERATOR)
    reason = "called the desk" if signer is not OPERATOR else " "
    subject, detail = the_drift(scene).drift_bead_id, {"resolution": "ACKNOWLEDGED"}
    scene.attempt(
        lambda: scene.world.decide(DecisionKind.RESOLVE, subject, signer=signer, reason=reason, detail=detail)
    )


@when("the operator adopts what the drift shows at 1.26000")
def adopts_drift(scene: Scene) -> None:
    detail = {
        "what": "HOLDING", "entry_price": "1.26000", "stop_price": "1.25800", "target_price": "1.26200",
        "strategy_id": "fvg-retest",
    }  # fmt: skip
    subject = the_drift(scene).drift_bead_id
    adopted = scene.attempt(lambda: scene.world.decide(DecisionKind.ADOPT, subject, signer=OPERATOR, detail=detail))
    scene.notes["adopted"] = str(adopted)
    outcome = scene.world.signal(number=99)
    scene.proposals.append(replace(outcome, position_id=str(adopted)))


@when("the late execution arrives")
def late_execution(scene: Scene) -> None:
    """The wire lets go of what it held up."""
    for event in scene.notes.pop("held up"):
        scene.world.container.events()(event)
    run_now(scene.world.executor.pump())


@when("the late execution arrives and the operator resolves the drift as PHOENIX_CORRECTED")
def late_execution_first(scene: Scene) -> None:
    drift = the_drift(scene)
    late_execution(scene)
    resolve(scene, drift, "PHOENIX_CORRECTED")


def resolve(scene: Scene, drift: OpenDrift, word: str, **detail: str) -> None:
    subject = drift.drift_bead_id
    detail = {"resolution": word, **detail}
    scene.attempt(
        lambda: scene.world.decide(
            DecisionKind.RESOLVE, subject, signer=OPERATOR, reason="called the desk", detail=dict(detail)
        )
    )


# --- what is known --------------------------------------------------------------------------------------------------


@then(phrase("the comparison is {verdict:Word}"))
def comparison_is(scene: Scene, verdict: str) -> None:
    record = scene.world.state.reconciliation
    assert record.verdict is ReconciliationVerdict(verdict), record


@then("it was last made before the market closed")
def before_closing(scene: Scene) -> None:
    looked_at = scene.world.executor.books_looked_at
    assert looked_at is not None
    assert looked_at <= scene.notes["closes at"], looked_at


@then("no drift is open")
def no_drift(scene: Scene) -> None:
    assert not scene.world.state.drifts, scene.world.state.drifts


@then(phrase("the drift says that Phoenix holds {ours} and the broker {theirs}"))
def drift_says(scene: Scene, ours: str, theirs: str) -> None:
    mismatch = the_drift(scene).mismatch
    assert (mismatch.phoenix_state, mismatch.broker_state) == ({"net": ours}, {"net": theirs}), mismatch


@then(phrase("the drift is {origin:Word} and {severity:Word}"))
def drift_is(scene: Scene, origin: str, severity: str) -> None:
    mismatch = the_drift(scene).mismatch
    assert (mismatch.origin.value, mismatch.severity.value) == (origin, severity), mismatch


@then("1 ORDER_STATUS drift is open among others")
def order_drift_open(scene: Scene) -> None:
    kinds = [drift.mismatch.drift_type.value for drift in scene.world.state.drifts.values()]
    assert kinds.count("ORDER_STATUS") == 1, kinds


@then("1 POSITION_SIZE drift is open after a resolved one")
def another_drift(scene: Scene) -> None:
    former, latter = scene.world.payloads(DriftPayload)
    assert the_drift(scene).mismatch.drift_type.value == "POSITION_SIZE"
    assert (former.supersedes, latter.supersedes) == (None, None)


@then("one drift is open, and it supersedes the former")
def supersedes(scene: Scene) -> None:
    drift = the_drift(scene)
    beads = [bead for bead in scene.world.beads if isinstance(bead.payload, DriftPayload)]
    assert [bead.bead_id for bead in beads][1:] == [drift.drift_bead_id]
    assert isinstance(beads[1].payload, DriftPayload)
    assert beads[1].payload.supersedes == beads[0].bead_id


@then("nothing is forgotten")
def nothing_forgotten(scene: Scene) -> None:
    assert scene.notes["folded"] == scene.world.state
    assert scene.world.state.drifts


@then("it is signed by the operator, with notes")
def signed_resolution(scene: Scene) -> None:
    bead = next(bead for bead in scene.world.beads if isinstance(bead.payload, ResolutionPayload))
    assert isinstance(bead.payload, ResolutionPayload)
    assert (bead.signer, bead.payload.resolved_by, bead.payload.notes) == (OPERATOR, "operator", "called the desk")


@then(parsers.re(r"the correction is of (?P<quantity>-?\d+) GBPUSD, borne by the position and signed by the operator"))
def correction(scene: Scene, quantity: str) -> None:
    resolution = scene.world.payloads(ResolutionPayload)[-1]
    position_id = scene.position().position_id
    stated = (resolution.quantity, resolution.pair, resolution.unattributed, resolution.position_id)
    assert stated == (Decimal(quantity), "GBPUSD", Decimal(0), position_id), resolution
    [adjusted] = [
        bead for bead in scene.world.beads
        if isinstance(bead.payload, PositionPayload) and bead.payload.trigger is Trigger.ADJUSTED
    ]  # fmt: skip
    assert isinstance(adjusted.payload, PositionPayload)
    assert (adjusted.payload.adjusted, adjusted.signer) == (Decimal(quantity), OPERATOR), adjusted


@then("the alert shows 1000000 and 900000, and names RB-002")
def alert_shows(scene: Scene) -> None:
    [alert] = scene.world.raised("DRIFT_FOUND")
    assert "1000000" in alert.message, alert
    assert "900000" in alert.message, alert
    assert alert.runbook == "RB-002", alert


@then("the alert is as old as the drift")
def same_step(scene: Scene) -> None:
    beads = scene.world.beads
    [drift] = [bead for bead in beads if isinstance(bead.payload, DriftPayload)]
    [raised] = scene.world.raised("DRIFT_FOUND")
    [alert] = [bead for bead in beads if bead.payload == raised]
    assert drift.timestamp == alert.timestamp
    assert beads.index(alert) == beads.index(drift) + 1


@then("the run names the stalled position first")
def stalled_first(scene: Scene) -> None:
    run = scene.world.payloads(ReconciliationRunPayload)[-1]
    assert run.stalled == (scene.position().position_id,), run
    assert run.detail.startswith("1 STALLED"), run


@then("nothing was recorded since but runs, a drift and alerts")
def nothing_but(scene: Scene) -> None:
    kinds = [bead.payload.bead_type.value for bead in scene.world.beads[scene.notes["since"] :]]
    assert kinds.count("RECONCILIATION_DRIFT") == 1, kinds
    assert set(kinds) <= {"DECISION", "RECONCILIATION_RUN", "RECONCILIATION_DRIFT", "ALERT"}, kinds


@then("nothing else of the broker was asked for")
def asked_for_queries(scene: Scene) -> None:
    assert set(scene.notes["reader"].asked) <= set(OnlyReader.ALLOWED)
    assert "holdings" in scene.notes["reader"].asked


@then("Phoenix and the broker hold the same GBPUSD")
def same_net(scene: Scene) -> None:
    nets = scene.world.broker.engine.answers.holdings()
    assert not isinstance(nets, NoAnswer)
    held = nets.get("GBPUSD")
    assert scene.world.state.net_quantity("GBPUSD") == (0 if held is None else held.quantity)


@then(parsers.re(r"(?P<count>\d+) executions are booked"))
def executions_booked(scene: Scene, count: str) -> None:
    booked = [e for e in scene.world.payloads(ExecutionPayload) if e.event is ExecutionEvent.BOOKED]
    assert len(booked) == int(count), booked


@then(parsers.re(r"the broker was asked for its holdings (?P<count>\d+) times"))
def asked_times(scene: Scene, count: str) -> None:
    assert len(scene.notes["asked"]) == int(count), scene.notes["asked"]


@then("every one of the 40 is answered by a run")
def all_answered(scene: Scene) -> None:
    asked = {d.decision_id for d in scene.world.payloads(DecisionPayload) if d.kind is DecisionKind.RECONCILE}
    assert len(asked) == 40
    assert asked <= {run.decision_id for run in scene.world.payloads(ReconciliationRunPayload)}


@then("another proposal to buy GBPUSD passes")
def another_passes(scene: Scene) -> None:
    before = len(scene.world.ledger("ORDER_RECEIVED"))
    enter(scene, risk_percent="0.5")
    scene.require_nothing_refused()
    assert len(scene.world.ledger("ORDER_RECEIVED")) > before


@then("another proposal to buy GBPUSD is refused for settling")
def another_refused(scene: Scene) -> None:
    enter(scene, risk_percent="0.5")
    refusal = scene.take_refused()
    assert (refusal.reason.value, refusal.field) == ("RISK_LIMIT", "settling"), refusal


@when("another proposal to buy USDJPY is approved")
def another_pair(scene: Scene) -> None:
    enter(scene, pair="USDJPY", entry="150.000", stop="149.000", target="152.000", risk_percent="0.5")


def the_drift(scene: Scene) -> OpenDrift:
    [drift] = scene.world.state.drifts.values()
    return drift


def _restate(scene: Scene, pair: str, quantity: Decimal) -> None:
    """Change what the broker holds of an instrument, by nothing that Phoenix was ever told of."""
    world = scene.world
    net = world.broker.engine.world.account.nets.get(pair)
    change = quantity - (Decimal(0) if net is None else net.quantity)
    world.inject(ForeignHolding(world.now, pair, change, Decimal("1.26000") if pair == "GBPUSD" else Decimal("1.08")))
    world.broker.advance(world.now)


def _order(scene: Scene, role: LegRole) -> Order:
    live = scene.world.broker.engine.world.book.live.values()
    return next(order for order in live if order.request.role is role)


def _lose(scene: Scene, order: Order) -> None:
    """Later than the order was sent: books of that very moment say nothing of it."""
    scene.world.wait(1)
    book = scene.world.broker.engine.world.book
    book.finish(order)
    del book.completed[order.sequence]
