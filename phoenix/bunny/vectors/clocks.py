"""Wave 8: clocks that jump, differ, or stand still."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from phoenix.adapters.calendar import FxWeek
from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import ClockSkew, Which
from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Stage
from phoenix.bunny.vectors.tokens import TOKEN_LIFE_S
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.vocabulary import (
    LegRole,
    OrderEvent,
    PositionState,
    RefusalReason,
    TokenEvent,
    TokenReason,
)
from phoenix.rehearsal.world import make_policy

TEN_MINUTES = timedelta(minutes=10)
CHANGES = (
    datetime(2026, 3, 8, 7, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC), datetime(2026, 11, 1, 6, 0, tzinfo=UTC),
)  # fmt: skip
"""When New York and London change to and from summer time in 2026."""


@vector("CV_CLOCK_BACK")
def clock_goes_back(stage: Stage) -> None:
    limits = replace(make_policy().limits, quote_age_max_s=None, clock_skew_max_s=None)
    stage.open(policy=make_policy(limits=limits))
    stage.remark("with the limits on quote age and clock skew off, which would answer first")
    proposal = stage.propose()
    stage.world.wait(TEN_MINUTES.total_seconds() - TOKEN_LIFE_S)
    entry = stage.approve(proposal, submit=False)
    stage.world.wait(TOKEN_LIFE_S)
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.EXPIRED, count=1)
    stage.world.clock.set_back(TEN_MINUTES)
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(entry.shown, entry.intent_id))
    stage.bead(
        TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.REJECTED, reason=TokenReason.EXPIRED, count=1
    )
    stage.require_orders(0)


@vector("CV_CLOCK_FORWARD")
def clock_goes_forward(stage: Stage) -> None:
    entry = stage.approved()
    stage.leap(TEN_MINUTES.total_seconds())
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(entry.shown, entry.intent_id))
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.EXPIRED, count=1)
    stage.require_state(entry, PositionState.EXPIRED)
    stage.require_orders(0)


@vector("CV_DST")
def summer_time_changes(stage: Stage) -> None:
    change = stage.luck.random.choice(CHANGES)
    start = change - timedelta(seconds=stage.luck.seconds(60, 240))
    stage.open(start=start, bystanders=False)
    stage.remark(f"across {change:%d %B %H:%M} UTC")
    last = stage.approved()
    stage.world.clock.advance_to(stage.world.now + timedelta(seconds=TOKEN_LIFE_S) - timedelta(milliseconds=1))
    stage.show(last.shown, last.intent_id)
    stage.bead(TokenPayload, token_id=last.shown.token_id, event=TokenEvent.USED, count=1)
    stage.let_settle()
    late = stage.approved()
    stage.world.clock.advance_to(stage.world.now + timedelta(seconds=TOKEN_LIFE_S))
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(late.shown, late.intent_id))
    stage.bead(TokenPayload, token_id=late.shown.token_id, event=TokenEvent.EXPIRED, count=1)
    stage.require_orders(1)


@vector("CV_BROKER_SKEW")
def broker_clock_is_off(stage: Stage) -> None:
    entry = stage.approved()
    skew_s = stage.luck.seconds(3, 600) * stage.luck.random.choice((-1, 1))
    stage.remark(f"off by {skew_s} s")
    stage.world.inject(ClockSkew(begins_at=stage.world.now, skew_s=skew_s))
    stage.refused(RefusalReason.RISK_LIMIT, lambda: stage.show(entry.shown, entry.intent_id), "clock_skew")
    stage.bead(RefusalPayload, reason=RefusalReason.RISK_LIMIT, field="clock_skew")
    stage.require_orders(0)


@vector("CV_MIDNIGHT")
def midnight_while_stalled(stage: Stage) -> None:
    evening = datetime(2026, 3, 3, 21, 30, tzinfo=UTC)
    world = stage.open(
        faults.lose(Which(role=LegRole.ENTRY, pair="GBPUSD")), calendar=FxWeek(), start=evening, bystanders=False
    )
    entry = stage.sent()
    world.wait(61)
    stage.require_state(entry, PositionState.STALLED)
    world.wait(4 * 3600 + stage.luck.seconds(0, 3600))
    stage.remark("past 17:00 in New York and midnight in UTC")
    stage.require_state(entry, PositionState.STALLED)
    stage.bead(OrderPayload, event=OrderEvent.PREPARED, intent_id=entry.intent_id, count=1)
    stage.require_orders(0)


@vector("CV_SUSPEND")
def suspended(stage: Stage) -> None:
    entry = stage.approved()
    stage.leap(360)
    stage.refused(RefusalReason.TOKEN, lambda: run_now(stage.world.executor.submit(entry.intent_id)))
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.EXPIRED, count=1)
    stage.require_orders(0)
