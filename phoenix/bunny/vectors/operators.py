"""Wave 11: what people get wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from phoenix.adapters.brokers.chaos_mock.translation import requests_of
from phoenix.adapters.calendar import FxWeek
from phoenix.adapters.simulation.faults import PricesFreeze
from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import STRATEGY, Stage
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.safety import DriftPayload, KillFlagPayload
from phoenix.domain.beads.setup import ConflictPayload, RefusalPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import (
    AccountMode,
    DecisionKind,
    DriftType,
    KillEvent,
    KillSource,
    OrderEvent,
    PositionState,
    RefusalReason,
    Regime,
    TokenEvent,
)
from phoenix.ports.answers import Unknown
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.rehearsal.world import OPERATOR

SATURDAY = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
TEN = Decimal(10)


@vector("CV_LIVE_ACCOUNT_IN_PAPER")
def live_account_in_paper(stage: Stage) -> None:
    entry = stage.approved()
    kernel = stage.world.container.kernel()
    kernel.policy = replace(kernel.policy, account=AccountPolicy("DU0001", AccountMode.PAPER, "USD"))
    stage.remark("configured for the paper account DU0001, the session is another account's")
    stage.refused(RefusalReason.ACCOUNT, lambda: stage.show(entry.shown, entry.intent_id))
    stage.bead(RefusalPayload, reason=RefusalReason.ACCOUNT)
    stage.no_bead(TokenPayload, event=TokenEvent.USED, token_id=entry.shown.token_id)
    stage.require_orders(0)


@vector("CV_QTY_X10")
def ten_times_the_quantity(stage: Stage) -> None:
    plan = stage.luck.plan()
    tenth = (plan.entry - plan.stop) // (TEN * GBPUSD.tick) * GBPUSD.tick
    closer = replace(plan, stop=plan.entry - tenth, risk_percent=Decimal(1))
    refusal = stage.entry_refused(RefusalReason.RISK_LIMIT, **closer.parameters())
    stage.require(refusal.field in ("quantity", "notional"), f"refused at {refusal.field}")
    stage.remark(f"{refusal.field}: {refusal.detail}")
    stage.bead(RefusalPayload, reason=RefusalReason.RISK_LIMIT, field=refusal.field)
    stage.require_orders(0)


@vector("CV_PRICE_X10")
def ten_times_the_price(stage: Stage) -> None:
    plan = stage.luck.plan()
    prices = {name: str(getattr(plan, name) * TEN) for name in ("entry", "stop", "target")}
    refusal = stage.entry_refused(RefusalReason.RISK_LIMIT, **{**plan.parameters(), **prices})
    stage.remark(f"{refusal.field}: {refusal.detail}")
    stage.bead(RefusalPayload, reason=RefusalReason.RISK_LIMIT, field=refusal.field)
    stage.require_orders(0)


@vector("CV_STALE_QUOTE")
def stale_quote(stage: Stage) -> None:
    entry = stage.approved()
    stage.world.inject(PricesFreeze("GBPUSD", stage.world.now))
    stage.world.wait(stage.luck.seconds(20, 120))
    stage.refused(RefusalReason.RISK_LIMIT, lambda: stage.show(entry.shown, entry.intent_id), "quote_age")
    stage.bead(RefusalPayload, reason=RefusalReason.RISK_LIMIT, field="quote_age")
    stage.require_orders(0)


@vector("CV_MARKET_CLOSED")
def market_closed(stage: Stage) -> None:
    hours = stage.luck.seconds(0, 30)
    stage.open(calendar=FxWeek(), start=SATURDAY + timedelta(hours=hours), bystanders=False)
    stage.entry_refused(RefusalReason.RISK_LIMIT, "session_hours")
    stage.bead(RefusalPayload, reason=RefusalReason.RISK_LIMIT, field="session_hours")
    stage.require_orders(0)


@vector("CV_KILL_LIFT_NO_REASON")
def lift_without_a_reason(stage: Stage) -> None:
    flag_id = run_now(stage.world.executor.set_kill_flag(None, "something smells", KillSource.MANUAL, OPERATOR))
    for reason in (None, "", " "):
        stage.refused(RefusalReason.MALFORMED, partial(stage.decide, DecisionKind.KILL_LIFT, flag_id, reason=reason))
    stage.bead(RefusalPayload, reason=RefusalReason.MALFORMED)
    stage.no_bead(KillFlagPayload, event=KillEvent.LIFTED)
    stage.signal_refused(RefusalReason.KILL_FLAG)


@vector("CV_WRONG_ABSENT_ATTESTATION")
def wrongly_called_absent(stage: Stage) -> None:
    world = stage.open()
    place, held_up = world.broker.place, []

    async def lost_on_the_way(plan: OrderPlan) -> Unknown:
        held_up.append(plan)
        return Unknown("the socket closed while the order was being written")

    world.broker.place = lost_on_the_way  # type: ignore[method-assign]
    entry = stage.sent()
    world.wait(61)
    stage.require_state(entry, PositionState.STALLED)
    run_now(world.executor.read_books())
    stage.decide(DecisionKind.ATTEST_ABSENT, entry.position_id)
    stage.require_state(entry, PositionState.CANCELLED)
    world.wait(stage.luck.seconds(1, 300))
    world.broker.place = place  # type: ignore[method-assign]
    world.broker.engine.submit(requests_of(held_up[0], 1), world.now)
    stage.let_settle()
    stage.bead(KillFlagPayload, event=KillEvent.SET, strategy_id=None)
    stage.bead(DriftPayload, drift_type=DriftType.ORDER_STATUS)
    stage.bead(OrderPayload, event=OrderEvent.ABSENT, position_id=entry.position_id, count=1)
    stage.require_orders(1)


@vector("CV_PARAM_CHANGE")
def parameters_change(stage: Stage) -> None:
    entry = stage.propose()
    seen = stage.world.evidence_hash(entry.intent_id)
    changed = Anchor(stage.world.now, Regime.NORMAL, f"params-{stage.luck.seconds(2, 999)}", "market-1")
    run_now(stage.world.executor.register_anchor(STRATEGY, "GBPUSD", changed, OPERATOR))
    stage.refused(RefusalReason.STATE_CONFLICT, lambda: stage.approve(entry))
    stage.bead(ConflictPayload, intent_id=entry.intent_id, stale=False, changed=("strategy_params",))
    stage.decide(DecisionKind.REFRESH, entry.intent_id)
    stage.refused(
        RefusalReason.STALE_EVIDENCE, lambda: stage.world.approve(entry.intent_id, evidence_hash=seen)
    )  # fmt: skip
    stage.require_orders(0)
    stage.approve(entry)
    stage.require_orders(1)
