"""Wave 1: T2 tokens that are shown again, late, for something else, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.application.simulation import run_now
from phoenix.application.work import IssuedToken
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Stage
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.order_plan import OrderPlan, bracket_plan
from phoenix.domain.vocabulary import PositionState, RefusalReason, TokenEvent, TokenReason
from phoenix.ports.claims import Claim
from phoenix.ports.errors import ClaimRefused

TOKEN_LIFE_S = 300
LATER_S = (1, 240)


@vector("CV_S32_TOKEN_REPLAY")
def token_replay(stage: Stage) -> None:
    entry = stage.sent()
    stage.world.wait(stage.luck.seconds(*LATER_S))
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(entry.shown, entry.intent_id), "token_id")
    _rejected(stage, entry.shown.token_id, TokenReason.ALREADY_USED)
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.USED, count=1)
    stage.require_orders(1)


@vector("CV_S32_TOKEN_EXPIRED")
def token_expired(stage: Stage) -> None:
    entry, is_swept = stage.approved(), stage.luck.chance()
    late_s = TOKEN_LIFE_S + stage.luck.seconds(0, 120)
    stage.remark(f"shown {late_s} s after it was issued, {'after the sweep' if is_swept else 'before any sweep'}")
    if is_swept:
        stage.world.wait(late_s)
    else:
        stage.leap(late_s)
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(entry.shown, entry.intent_id), "token_id")
    stage.bead(TokenPayload, token_id=entry.shown.token_id, event=TokenEvent.EXPIRED, count=1)
    _rejected(stage, entry.shown.token_id, TokenReason.EXPIRED)
    stage.require_state(entry, PositionState.EXPIRED)
    stage.require_orders(0)


@vector("CV_S32_TOKEN_WRONG_INTENT")
def token_for_another_intent(stage: Stage) -> None:
    first, second = stage.approved(), stage.approved()
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(first.shown, second.intent_id), "token_id")
    rejected = _rejected(stage, first.shown.token_id, TokenReason.INTENT_MISMATCH)
    stage.require(rejected.final, "a token that was shown for another intent still opens its own")
    stage.require_state(first, PositionState.EXPIRED)
    stage.require_orders(0)


@vector("CV_S32_ORDER_WITHOUT_TOKEN")
def order_without_token(stage: Stage) -> None:
    entry = stage.approved()
    unknown = IssuedToken(stage.world.ids.new_id(), entry.intent_id, "0" * 64)
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(unknown, entry.intent_id))
    stage.refused(RefusalReason.TOKEN, lambda: run_now(stage.world.executor.submit_with(entry.intent_id, "", "")))
    group_id = stage.world.ids.new_id()
    plan = bracket_plan(stage.position(entry).terms, group_id, stage.world.state.next_session_order_id)
    invented = Claim(entry.shown.token_id, entry.intent_id, group_id, plan.order_hash(), 1)
    for claim in (None, invented):
        stage.stopped(ClaimRefused, _handing_over(stage, plan, claim))
    stage.remark("the connector refused no claim and an invented one")
    _rejected(stage, unknown.token_id, TokenReason.UNKNOWN_TOKEN)
    stage.require_orders(0)


def _handing_over(stage: Stage, plan: OrderPlan, claim: Claim | None) -> Callable[[], object]:
    return lambda: run_now(stage.world.broker.submit(plan, claim))


def _rejected(stage: Stage, token_id: str, reason: TokenReason) -> TokenPayload:
    return stage.bead(TokenPayload, token_id=token_id, event=TokenEvent.REJECTED, reason=reason)
