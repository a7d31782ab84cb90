"""Wave 6, and the races of waves 1 and 3: two that reach for one thing, each having looked before the other wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from phoenix.adapters.locks import FileLock
from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Which
from phoenix.application.inputs import Decide, Input, Submit, TimePassed
from phoenix.application.kernel import Outcome
from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import STRATEGY, Broken, Entry, Stage
from phoenix.bunny.vectors.drift import settle_until_drift
from phoenix.bunny.vectors.wire import held_up_execution
from phoenix.container import Container
from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload
from phoenix.domain.vocabulary import (
    DecisionKind,
    ExecutionEvent,
    IntentKind,
    KillEvent,
    KillSource,
    LegRole,
    OrderEvent,
    PositionState,
    PromotionEvent,
    RefusalReason,
    TokenEvent,
    TokenReason,
)
from phoenix.ports.errors import ExecutorRunning, StoreConflict
from phoenix.ports.lock import Holder
from phoenix.ports.store import Proposal
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.performance import month
from phoenix.rehearsal.second import second_executor
from phoenix.rehearsal.stores import created_file, is_event, watched
from phoenix.rehearsal.world import OPERATOR, SIGNALMAN, TRADER

ENTRY = Which(role=LegRole.ENTRY, pair="GBPUSD")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two executors on one store. `first` is the one of the world; `second` looks early and writes late."""

    first: Container
    second: Container


@vector("CV_S32_TOKEN_RACE")
def token_race(stage: Stage) -> None:
    pair = _two_executors(stage)
    entry = stage.approved()
    late = _written_by(pair.second, _submission(pair.second, entry))
    run_now(pair.first.executor().submit_with(entry.intent_id, entry.shown.token_id, entry.shown.secret))
    conflict = stage.stopped(StoreConflict, late)
    stage.remark(f"the claim that was looked at before and written after was stopped by the key {conflict.kind}")
    submit = pair.second.executor().submit_with
    stage.refused(
        RefusalReason.TOKEN, lambda: run_now(submit(entry.intent_id, entry.shown.token_id, entry.shown.secret))
    )
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.USED, count=1)
    stage.bead(
        TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.REJECTED, reason=TokenReason.ALREADY_USED, count=1
    )
    stage.require_orders(1)


@vector("CV_S32_ORDER_RACE")
def order_race(stage: Stage) -> None:
    pair = _two_executors(stage)
    entry = stage.propose()
    shown = stage.world.evidence_hash(entry.intent_id)
    decisions = [
        DecisionPayload(stage.world.ids.new_id(), DecisionKind.APPROVE, entry.intent_id, shown, None, {}, _SIMULATED)
        for _ in range(2)
    ]  # fmt: skip
    facts = run_now(pair.second.facts().read(["GBPUSD"]))
    late = _written_by(pair.second, Decide(decisions[1], TRADER, facts, True))
    run_now(pair.first.executor().decide(decisions[0], TRADER))
    conflict = stage.stopped(StoreConflict, late)
    stage.remark(f"the attempt that was looked at before and written after was stopped by the key {conflict.kind}")
    stage.refused(RefusalReason.WRONG_STATE, lambda: run_now(pair.second.executor().decide(decisions[1], TRADER)))
    stage.bead(OrderPayload, event=OrderEvent.PREPARED, intent_id=entry.intent_id, count=1)
    stage.require_orders(1)


@vector("CV_SECOND_EXECUTOR")
def second_on_the_lock(stage: Stage) -> None:
    path = stage.folder() / "executor.lock"
    first, second = FileLock(path), FileLock(path)
    first.take(_holder(stage, 1))
    stage.stopped(ExecutorRunning, lambda: second.take(_holder(stage, 2)))
    first.release()
    second.take(_holder(stage, 2))
    second.release()
    stage.remark("the second was refused while the first held the lock, and got it once that had let go")


@vector("CV_KILL_BETWEEN_CHECK_AND_SEND")
def kill_before_send(stage: Stage) -> None:
    def kill(beads: Sequence[Bead]) -> None:
        if any(is_event(bead, OrderEvent.PREPARED, IntentKind.ENTRY) and _is_ours(bead) for bead in beads):
            flag = KillFlagPayload(
                stage.world.ids.new_id(), KillEvent.SET, None, KillSource.SIGNALMAN, "the edge decayed", None
            )
            append_as_another_process(stage.world, flag, SIGNALMAN)

    stage.open(store_factory=watched(after=kill))
    entry = stage.sent()
    stage.bead(KillFlagPayload, event=KillEvent.SET)
    stage.bead(OrderPayload, event=OrderEvent.NOT_SENT, intent_id=entry.intent_id, count=1)
    stage.require_state(entry, PositionState.CANCELLED)
    stage.require_orders(0)


@vector("CV_APPROVE_VS_EXPIRE")
def approval_against_expiry(stage: Stage) -> None:
    pair = _two_executors(stage)
    entry = stage.approved()
    is_used = stage.luck.chance()
    stage.remark(f"the {'use' if is_used else 'expiry'} was written first")
    use = _written_by(pair.second, _submission(pair.second, entry))
    stage.leap(300)
    expire = _written_by(pair.first, TimePassed())
    winner, loser = (use, expire) if is_used else (expire, use)
    winner()
    stage.stopped(StoreConflict, loser)
    won, lost = (TokenEvent.USED, TokenEvent.EXPIRED) if is_used else (TokenEvent.EXPIRED, TokenEvent.USED)
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=won, count=1)
    stage.no_bead(TokenPayload, token_id=entry.shown.token_id, event=lost)
    stage.world.wait(61)
    stage.require_orders(0)
    stage.is_settled = False


@vector("CV_CANCEL_VS_FILL")
def cancel_against_fill(stage: Stage) -> None:
    quantity_after_s = stage.luck.seconds(1, 8)
    stage.open(faults.never_fill(ENTRY), faults.fill_after_cancel(ENTRY, quantity_after_s))
    entry = stage.sent()
    stage.decide(DecisionKind.CANCEL, entry.position_id)
    stage.world.wait(quantity_after_s + 10)
    stage.bead(OrderPayload, event=OrderEvent.CANCEL_REQUESTED, position_id=entry.position_id)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    booked = stage.position(entry).terms.quantity
    stage.require(_broker_net(stage) == booked, "the broker's book and ours differ")


@vector("CV_RESOLVE_VS_LATE_ACK")
def resolution_against_late_word(stage: Stage) -> None:

    let_go = held_up_execution(stage)
    drift = settle_until_drift(stage)
    let_go()
    stage.refused(
        RefusalReason.CONFLICT,
        lambda: stage.decide(
            DecisionKind.RESOLVE, drift.drift_bead_id, detail={"resolution": "PHOENIX_CORRECTED"}
        ),
    )  # fmt: skip
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, pair="GBPUSD", count=2)


@vector("CV_TWO_PROMOTIONS")
def two_promotions(stage: Stage) -> None:
    pair = _two_executors(stage)
    stage.decide(DecisionKind.IMPORT_PERFORMANCE, STRATEGY, detail=month())
    asked = [str(stage.decide(DecisionKind.PROMOTE, STRATEGY, signer=signer)) for signer in (TRADER, OPERATOR)]
    first, second = (stage.world.approve(intent_id, submit=False) for intent_id in asked)
    late = _written_by(pair.second, _carrying_out(pair.second, second))
    _written_by(pair.first, _carrying_out(pair.first, first))()
    conflict = stage.stopped(StoreConflict, late)
    stage.remark(f"the second promotion was stopped by the key {conflict.kind}")
    stage.bead(PromotionPayload, event=PromotionEvent.PROMOTED, strategy_id=STRATEGY, count=1)
    stage.is_settled = False


_SIMULATED = {"kind": "SIMULATED"}


def _two_executors(stage: Stage) -> Pair:
    path = stage.folder() / "phoenix.db"
    world = stage.open(store_factory=created_file(path))
    other, broker = second_executor(world, path)
    stage.beside(lambda: [dict(record.as_json()) for record in broker.engine.ledger.records], other.store().close)
    return Pair(world.container, other)


def _submission(container: Container, entry: Entry) -> Submit:
    facts = run_now(container.facts().read(["GBPUSD"]))
    return Submit(entry.intent_id, entry.shown.token_id, entry.shown.secret, facts)


def _carrying_out(container: Container, token: Any) -> Submit:
    return Submit(token.intent_id, token.token_id, token.secret, run_now(container.facts().read(())))


def _written_by(container: Container, input_: Input) -> Callable[[], object]:
    """The writing of what an executor would write on what it sees now."""
    store = container.store()
    proposal: Proposal[Outcome] = container.kernel().step(
        store.view(), input_, container.clock().now(), container.ids()
    )
    if proposal.result.error is not None:
        raise Broken(f"refused before anything raced: {proposal.result.error}")
    return lambda: store.transact(lambda _: proposal)


def _is_ours(bead: Bead) -> bool:
    plan = bead.payload.plan if isinstance(bead.payload, OrderPayload) else None
    return plan is not None and plan.pair == "GBPUSD"


def _broker_net(stage: Stage) -> object:
    return abs(stage.world.broker.engine.ledger.holdings().get("GBPUSD", 0))


def _holder(stage: Stage, number: int) -> Holder:
    return Holder(number, "desk", "trader", "phoenix serve", stage.world.now)
