"""Wave 7, as far as the simulated broker can express it: what comes late, twice, in the wrong order, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import (
    ExecutionsWithheld,
    ForeignOrder,
    HoldingsLag,
    LineOutage,
    NoticeSent,
    OrderIdRollback,
    SocketDrop,
    Which,
)
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, OrderRequest
from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import STRATEGY, Entry, Stage
from phoenix.bunny.vectors.drift import settle_until_drift
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.beads.safety import AlertPayload, DriftPayload, KillFlagPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.vocabulary import (
    Action,
    DecisionKind,
    DriftOrigin,
    DriftType,
    ExecutionEvent,
    KillEvent,
    LegRole,
    OrderEvent,
    OrderType,
    PositionState,
    RefusalReason,
    SessionEvent,
    Severity,
    Side,
    TimeInForce,
)
from phoenix.ports.broker_events import BrokerEvent, ExecutionReported
from phoenix.rehearsal.world import ACCOUNT

ENTRY = Which(role=LegRole.ENTRY, pair="GBPUSD")
STOP = Which(role=LegRole.STOP_LOSS, pair="GBPUSD")
STEP = Decimal(1000)


# --- the line -------------------------------------------------------------------------------------------------------


@vector("CV_1100_MID_SEND")
def line_lost_in_the_send(stage: Stage) -> None:
    world = stage.open(faults.unheard(ENTRY))
    entry = stage.sent(wait=False)
    world.inject(LineOutage(world.now, None))
    world.wait(stage.luck.seconds(61, 90))
    stage.require_state(entry, PositionState.STALLED)
    stage.bead(SessionPayload, event=SessionEvent.DISCONNECTED)
    stage.bead(AlertPayload, kind="POSITION_STALLED", position_id=entry.position_id)
    stage.require(not world.state.session.is_connected, "the session stands open")
    stage.signal_refused(RefusalReason.SIZING)
    stage.require_orders(1)
    stage.is_settled = False


@vector("CV_1101")
def data_lost(stage: Stage) -> None:
    _line_restored(stage, data_kept=False)


@vector("CV_1102")
def data_kept(stage: Stage) -> None:
    _line_restored(stage, data_kept=True)


@vector("CV_PACING_DROP")
def dropped_for_pacing(stage: Stage) -> None:
    world = stage.open(faults.slow(ENTRY, 4))
    entry = stage.sent(wait=False)
    world.inject(NoticeSent(world.now, 100, "max rate of messages per second has been exceeded"))
    world.inject(SocketDrop(world.now + timedelta(seconds=1), stage.luck.seconds(2, 15)))
    world.wait(90)
    stage.bead(SessionPayload, event=SessionEvent.RECONNECTED)
    stage.require_state(entry, PositionState.MANAGED)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    stage.require_orders(1)


@vector("CV_DISCONNECT_MID_BRACKET")
def disconnected_in_a_bracket(stage: Stage) -> None:
    world = stage.open(faults.slow(ENTRY, 5))
    entry = stage.sent(wait=False)
    world.inject(SocketDrop(world.now + timedelta(seconds=stage.luck.seconds(1, 4)), stage.luck.seconds(3, 15)))
    world.wait(90)
    position = stage.require_state(entry, PositionState.MANAGED)
    unanswered = [leg.leg.role.value for leg in position.legs if leg.is_unanswered]
    stage.require(not unanswered, f"nothing is known of {unanswered}")
    stage.bead(SessionPayload, event=SessionEvent.RECONCILED)
    stage.require_orders(1)


@vector("CV_ORDER_ID_ROLLBACK")
def order_ids_go_back(stage: Stage) -> None:
    world = stage.open()
    first = stage.sent()
    floor = world.state.next_session_order_id
    world.inject(OrderIdRollback(begins_at=world.now, by=stage.luck.seconds(1, 50)))
    world.inject(SocketDrop(world.now, 3))
    world.wait(60)
    stage.bead(SessionPayload, event=SessionEvent.RECONNECTED)
    stage.require(world.state.next_session_order_id >= floor, "the floor of our order ids went back")
    second = stage.sent()
    used = [
        {leg.session_order_id for leg in plan.legs}
        for plan in (stage.bead(OrderPayload, event=OrderEvent.PREPARED, intent_id=one.intent_id).plan
                     for one in (first, second))
        if plan is not None
    ]  # fmt: skip
    stage.require(max(used[0]) < min(used[1]), f"order ids were used again: {used}")


# --- orders ---------------------------------------------------------------------------------------------------------


@vector("CV_10349")
def preset_notice(stage: Stage) -> None:
    stage.open(faults.notice(ENTRY, 10349, "time in force was set to DAY by a preset"), faults.slow(ENTRY, 3))
    entry = stage.sent()
    stage.world.wait(5)
    stage.no_bead(OrderPayload, event=OrderEvent.CANCELLED, position_id=entry.position_id)
    stage.require_state(entry, PositionState.MANAGED)


@vector("CV_TWO_PERM_IDS")
def two_permanent_ids(stage: Stage) -> None:
    stage.open(faults.second_permanent_id(ENTRY))
    entry = stage.sent()
    run_now(stage.world.executor.read_books())
    stage.bead(AlertPayload, kind="PERMANENT_ID_CONFLICT", severity=Severity.CRITICAL)
    _killed(stage)
    stage.bead(OrderPayload, event=OrderEvent.PREPARED, intent_id=entry.intent_id, count=1)


@vector("CV_DUPLICATE_STATUS")
def repeated_status(stage: Stage) -> None:
    stage.open(faults.repeat(ENTRY, executions=stage.luck.seconds(2, 9), statuses=100))
    entry = stage.sent()
    stage.require_state(entry, PositionState.MANAGED)
    stage.bead(
        PositionPayload, position_id=entry.position_id, previous_state=PositionState.SUBMITTED,
        state=PositionState.FILLED, count=1,
    )  # fmt: skip
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)


@vector("CV_FILL_AFTER_CANCEL")
def fill_after_cancel(stage: Stage) -> None:
    after_s = stage.luck.seconds(2, 60)
    stage.open(faults.never_fill(ENTRY), faults.fill_after_cancel(ENTRY, after_s))
    entry = stage.sent()
    stage.decide(DecisionKind.CANCEL, entry.position_id)
    stage.let_settle()
    stage.world.wait(after_s + 1)
    stage.require_state(entry, PositionState.CANCELLED)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    stage.bead(AlertPayload, kind="LATE_EXECUTION", severity=Severity.CRITICAL, position_id=entry.position_id)
    stage.bead(DriftPayload, pair="GBPUSD", drift_type=DriftType.POSITION_SIZE)
    _killed(stage)


@vector("CV_BLANK_ORDER_REF")
def blank_reference(stage: Stage) -> None:
    world = stage.open(faults.blank_reference(ENTRY), faults.slow(ENTRY, 4))
    entry = stage.sent(wait=False)
    world.wait(2)
    world.inject(SocketDrop(world.now, 8))
    world.wait(120)
    stage.require_state(entry, PositionState.MANAGED, PositionState.STALLED)
    stage.require_orders(1)


@vector("CV_PROTECTION_REJECTED")
def stop_rejected(stage: Stage) -> None:
    stage.open(faults.reject(STOP, on_activation=True))
    entry = stage.sent()
    stage.world.wait(stage.luck.seconds(11, 60))
    stage.require_state(entry, PositionState.FILLED)
    stage.bead(OrderPayload, event=OrderEvent.REJECTED, role=LegRole.STOP_LOSS, position_id=entry.position_id)
    stage.bead(AlertPayload, kind="PROTECTION_LOST", severity=Severity.CRITICAL, position_id=entry.position_id)
    stage.bead(AlertPayload, kind="POSITION_UNPROTECTED", severity=Severity.CRITICAL, position_id=entry.position_id)


# --- executions -----------------------------------------------------------------------------------------------------


@vector("CV_EXEC_BEFORE_OPEN")
def execution_first(stage: Stage) -> None:
    silence_s = stage.luck.seconds(12, 40)
    stage.open(faults.blank_reference(ENTRY, on_orders=True, on_executions=True), faults.delay(ENTRY, silence_s))
    entry = stage.sent()
    run_now(stage.world.executor.read_books())
    stage.bead(ExecutionPayload, event=ExecutionEvent.PARKED, count=1)
    stage.world.wait(silence_s + 5)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    stage.require_state(entry, PositionState.MANAGED)


@vector("CV_EXEC_CORRECTION")
def corrected_execution(stage: Stage) -> None:
    after_s, lower = stage.luck.seconds(5, 40), STEP * stage.luck.seconds(1, 20)
    plan = stage.luck.plan()
    price = plan.entry + Decimal("0.00010")
    world = stage.open(faults.correct(ENTRY, after_s, price=price))
    entry = stage.approve(stage.propose(plan))
    world.wait(after_s + 1)
    stage.remark(f"corrected to {price} after {after_s} s; another {lower} were never touched")
    corrected = stage.bead(ExecutionPayload, event=ExecutionEvent.CORRECTED, position_id=entry.position_id, count=1)
    stage.require(corrected.revision == 2, f"the correction has revision {corrected.revision}")
    average = stage.bead(PositionPayload, position_id=entry.position_id).average_entry_price
    stage.require(average == price, f"the average entry is {average}, not {price}")


@vector("CV_BUST")
def busted_execution(stage: Stage) -> None:
    after_s = stage.luck.seconds(5, 40)
    stage.open(faults.bust(ENTRY, after_s))
    entry = stage.sent()
    stage.world.wait(after_s + 10)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BUSTED, position_id=entry.position_id, count=1)
    open_quantity = stage.position(entry).open_quantity
    stage.require(open_quantity == 0, f"{open_quantity} are open after the bust")
    stage.bead(DriftPayload, pair="GBPUSD")
    stage.bead(AlertPayload, kind="EXECUTION_BUSTED", severity=Severity.CRITICAL)


@vector("CV_OVERFILL")
def overfill(stage: Stage) -> None:
    extra = STEP * stage.luck.seconds(1, 50)
    stage.open(faults.overfill(ENTRY, extra))
    entry = stage.sent()
    stage.remark(f"{extra} more than ordered")
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=2)
    stage.bead(AlertPayload, kind="OVERFILL", severity=Severity.CRITICAL)
    _killed(stage)


@vector("CV_COMMISSION_FIRST")
def commission_first(stage: Stage) -> None:
    from dataclasses import replace

    options = replace(stage.options(), commission_rate=Decimal("0.00002"))
    stage.open(faults.commission_first(ENTRY), options=options)
    entry = stage.sent()
    booked = stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    told = stage.found(ExecutionPayload, execution_id=booked.execution_id)
    events = [bead.payload.event for _, bead in told if isinstance(bead.payload, ExecutionPayload)]
    stage.require(events == [ExecutionEvent.COMMISSION, ExecutionEvent.BOOKED], f"told as {events}")
    stage.bead(ExecutionPayload, event=ExecutionEvent.COMMISSION, execution_id=booked.execution_id, count=1)


@vector("CV_EMPTY_EXECUTIONS")
def empty_executions(stage: Stage) -> None:
    world = stage.open(faults.slow(ENTRY, 2))
    entry = stage.sent(wait=False)
    until = world.now + timedelta(seconds=stage.luck.seconds(40, 90))
    world.inject(SocketDrop(world.now + timedelta(seconds=1), 3))
    world.inject(ExecutionsWithheld(begins_at=world.now, until=until))
    world.inject(HoldingsLag(begins_at=world.now, until=until, lag_s=600))
    world.wait(30)
    stage.require_state(entry, PositionState.STALLED)
    stage.no_bead(ExecutionPayload, position_id=entry.position_id)
    stage.require(not world.state.session.is_reconciled, "entries are open although the books are not complete")
    world.clock.advance_to(until + timedelta(seconds=1))
    run_now(world.executor.read_books())
    stage.let_settle()
    stage.require_state(entry, PositionState.MANAGED)
    stage.require_orders(1)


# --- positions ------------------------------------------------------------------------------------------------------


@vector("CV_POSITION_LAG")
def lagging_holdings(stage: Stage) -> None:
    world = stage.open()
    world.inject(HoldingsLag(begins_at=world.now, lag_s=30, until=world.now + timedelta(minutes=3)))
    entry = stage.held()
    stage.compare()
    world.wait(100)
    stage.no_bead(DriftPayload)
    stage.remark("30 s of lag: no drift; beyond it: drift")
    world.inject(HoldingsLag(begins_at=world.now, lag_s=3600))
    settle_until_drift(stage)
    stage.bead(DriftPayload, pair="GBPUSD", count=1)
    stage.require_state(entry, PositionState.MANAGED)


@vector("CV_MANUAL_ORDER")
def manual_order(stage: Stage) -> None:
    world = stage.open()
    plan = stage.luck.plan()
    away = Decimal("0.01000") if plan.side is Side.LONG else Decimal("-0.01000")
    request = OrderRequest(
        ACCOUNT, "GBPUSD", Action.BUY if plan.side is Side.LONG else Action.SELL, OrderType.LIMIT,
        STEP * stage.luck.seconds(10, 300), TimeInForce.GTC, 0, FOREIGN_CLIENT, limit_price=plan.entry - away,
    )  # fmt: skip
    world.inject(ForeignOrder(world.now, request))
    world.wait(1)
    settle_until_drift(stage)
    stage.bead(DriftPayload, drift_type=DriftType.ORDER_STATUS, origin=DriftOrigin.EXTERNAL, count=1)
    stage.no_bead(PositionPayload, strategy_id=STRATEGY)


def held_up_execution(stage: Stage) -> Callable[[], None]:
    """Of two executions Phoenix hears the first; what is said of the entry then is held up until this is called."""
    world = stage.open(faults.partial(ENTRY, stage.luck.share(30, 70), remainder_after_s=9))
    entry = stage.sent(wait=False)
    world.wait(5)
    events, held = world.container.events(), list[BrokerEvent]()
    reference = _reference(stage, entry)

    def hold_up(event: BrokerEvent) -> None:
        held.append(event) if getattr(event, "reference", None) == reference else events(event)

    world.broker._sink = hold_up
    world.wait(8)
    world.broker._sink = events
    stage.require(any(isinstance(event, ExecutionReported) for event in held), "nothing was held up")

    def let_go() -> None:
        for event in held:
            events(event)
        run_now(world.executor.pump())

    return let_go


def _line_restored(stage: Stage, *, data_kept: bool) -> None:
    world = stage.open(faults.slow(ENTRY, 4))
    entry = stage.sent(wait=False)
    outage_s = stage.luck.seconds(5, 40)
    world.inject(LineOutage(world.now + timedelta(seconds=1), outage_s, data_kept=data_kept))
    world.wait(3)
    stage.bead(SessionPayload, event=SessionEvent.DISCONNECTED)
    stage.signal_refused(RefusalReason.SIZING)
    world.wait(outage_s + 30)
    stage.bead(SessionPayload, event=SessionEvent.RECONCILED)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    stage.require_state(entry, PositionState.MANAGED)
    stage.require_orders(1)


def _reference(stage: Stage, entry: Entry) -> str:
    leg = stage.position(entry).entry_leg
    stage.require(leg is not None, "the position has no entry order")
    return "" if leg is None else leg.leg.reference


def _killed(stage: Stage) -> None:
    """A global kill flag stands, and the next entry is refused by it."""
    stage.bead(KillFlagPayload, event=KillEvent.SET, strategy_id=None)
    stage.signal_refused(RefusalReason.KILL_FLAG)
