"""How shadow records and pending promotions follow from beads."""

from __future__ import annotations

from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.operations import PerformancePayload, PromotionPayload
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.change import replace
from phoenix.domain.promotion.bundle import PendingPromotion
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.state import State, TimerKey, TimerKind
from phoenix.domain.tokens import Token
from phoenix.domain.vocabulary import StrategyMode


def with_performance(state: State, payload: PerformancePayload, bead: Bead) -> State:
    """The state with one more session of a strategy in SHADOW; for any other it says nothing that matters."""
    if not _is_shadow(state, payload.strategy_id):
        return state
    record = state.shadow.get(payload.strategy_id, ShadowRecord()).with_session(payload, bead.bead_id)
    return replace(state, shadow=state.shadow.set(payload.strategy_id, record))


def with_autopsy(state: State, payload: AutopsyPayload, _: Bead) -> State:
    """The state with one more shadow trade examined."""
    if not payload.shadow or not _is_shadow(state, payload.strategy_id):
        return state
    record = state.shadow.get(payload.strategy_id, ShadowRecord()).with_autopsy(payload)
    return replace(state, shadow=state.shadow.set(payload.strategy_id, record))


def with_promotion(state: State, payload: IntentPayload, bead: Bead) -> State:
    """The state with an intent to promote, and the timer that ends it."""
    if payload.strategy_id is None or payload.lapses_at is None:
        return state
    pending = PendingPromotion(payload.intent_id, payload.strategy_id, bead.timestamp, payload.lapses_at)
    key = TimerKey(TimerKind.PROMOTION_LAPSE, payload.intent_id)
    return replace(
        state, promotions=state.promotions.set(payload.intent_id, pending),
        timers=state.timers.set(key, payload.lapses_at),
    )  # fmt: skip


def with_evidence(state: State, payload: EvidencePayload, _: Bead) -> State:
    """The state once the bundle of a promotion is frozen, as of the strategy's last PERFORMANCE bead."""
    pending = state.promotions.get(payload.intent_id)
    if pending is None:
        return state
    record = state.shadow.get(pending.strategy_id, ShadowRecord())
    bound = replace(pending, bundle_hash=payload.bundle_hash, performance_bead_id=record.last_bead_id)
    return replace(state, promotions=state.promotions.set(payload.intent_id, bound))


def with_token(state: State, token: Token) -> State:
    """The state once a token was issued for a promotion."""
    pending = state.promotions.get(token.intent_id)
    if pending is None:
        return state
    approved = replace(pending, token_id=token.token_id, token_count=pending.token_count + 1)
    return replace(state, promotions=state.promotions.set(token.intent_id, approved))


def without_promotion(state: State, payload: PromotionPayload, _: Bead) -> State:
    """The state once an intent to promote has ended, one way or the other."""
    if payload.intent_id not in state.promotions:
        return state
    key = TimerKey(TimerKind.PROMOTION_LAPSE, payload.intent_id)
    return replace(state, promotions=state.promotions.delete(payload.intent_id), timers=state.timers.delete(key))


def without_shadow(state: State, strategy_id: str) -> State:
    """The state once a strategy is LIVE: what it did in SHADOW stays in its beads."""
    if strategy_id not in state.shadow:
        return state
    return replace(state, shadow=state.shadow.delete(strategy_id))


def _is_shadow(state: State, strategy_id: str) -> bool:
    strategy = state.strategies.get(strategy_id)
    return strategy is not None and strategy.mode is StrategyMode.SHADOW
