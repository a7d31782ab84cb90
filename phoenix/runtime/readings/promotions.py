"""What surfaces show of strategies on their way to LIVE, told from the store alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phoenix.application.promotion.checklist import promotion_checklist
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import BeadType, Signer
from phoenix.domain.beads.operations import PerformancePayload, PromotionPayload
from phoenix.domain.beads.setup import EvidencePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.encoding import Json
from phoenix.domain.policy import Policy
from phoenix.domain.promotion.bundle import PendingPromotion
from phoenix.domain.promotion.checklist import Checklist
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.promotion.statistics import Statistics, statistics_of
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, Strategy, in_order
from phoenix.domain.vocabulary import DecisionKind, IntentKind, PromotionEvent, RefusalReason, StrategyMode
from phoenix.ports.store import BeadStore


@dataclass(frozen=True, slots=True)
class GivenRecommendation:
    """What an assistant, or anybody, thinks of a promotion. It decides nothing."""

    signer: Signer
    text: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PromotionReview:
    """An intent to promote that waits for a human, with the frozen bundle that an approval must name by its hash.

    `approved`: a token was issued and not used yet. `outdated`: performance came later, and it cannot be approved.
    """

    intent_id: str
    strategy_id: str
    bundle: Json
    bundle_hash: str
    frozen_at: datetime
    lapses_at: datetime
    approved: bool
    outdated: bool
    recommendations: tuple[GivenRecommendation, ...] = ()

    @property
    def kind(self) -> IntentKind:
        return IntentKind.PROMOTE


@dataclass(frozen=True, slots=True)
class PromotedReading:
    """How a strategy went LIVE."""

    intent_id: str
    evidence_hash: str
    approver: str
    promoted_at: datetime


@dataclass(frozen=True, slots=True)
class StrategyRecord:
    """A strategy's shadow record, with the checklist while it is in SHADOW, or its promotion once it is LIVE."""

    strategy_id: str
    mode: StrategyMode
    description: str
    currency: str
    record: ShadowRecord
    statistics: Statistics | None
    checklist: Checklist | None
    promoted: PromotedReading | None
    as_of: datetime


class PromotionReadings:
    """Reads one store. Every method answers as of the chain's head at that moment."""

    def __init__(self, store: BeadStore[State], policy: Policy) -> None:
        self._store = store
        self._policy = policy

    def pending(self) -> list[PromotionReview]:
        """Every promotion that waits for a decision, oldest first."""
        state = self._store.view().state
        if not state.promotions:
            return []
        bundles = {
            payload.intent_id: payload.bundle
            for item in self._store.read_of({BeadType.EVIDENCE})
            if isinstance(payload := item.bead.payload, EvidencePayload) and payload.intent_id in state.promotions
        }
        reviews = [self._review(state, one, bundles[one.intent_id]) for one in in_order(state.promotions)]
        return sorted(reviews, key=lambda review: (review.frozen_at, review.intent_id))

    def review(self, intent_id: str) -> PromotionReview:
        """The review of a promotion, by its intent or a beginning of it that no other has. Raises Refused."""
        found = [review for review in self.pending() if review.intent_id.startswith(intent_id)]
        if len(found) == 1:
            return found[0]
        detail = (
            f"no promotion {intent_id} waits for a decision" if not found else f"{intent_id} names {len(found)} intents"
        )
        raise Refused(RefusalReason.NOT_FOUND, "intent_id", detail, "List what is pending")

    def strategy(self, strategy_id: str, now: datetime) -> StrategyRecord:
        """Everything about one strategy's way to LIVE. Raises Refused for one that is not registered."""
        state = self._store.view().state
        strategy = state.strategies.get(strategy_id)
        if strategy is None:
            raise Refused(
                RefusalReason.STRATEGY_UNKNOWN, "strategy_id", f"{strategy_id} is not registered", "List the strategies"
            )
        is_shadow = strategy.mode is StrategyMode.SHADOW
        record = state.shadow.get(strategy_id, ShadowRecord()) if is_shadow else self._record(strategy)
        return StrategyRecord(
            strategy_id, strategy.mode, strategy.description, self._policy.account.currency, record,
            statistics_of(record.sessions),
            promotion_checklist(state, self._policy, strategy_id) if is_shadow else None,
            None if is_shadow else self._promoted(strategy_id), now,
        )  # fmt: skip

    def _review(self, state: State, pending: PendingPromotion, bundle: Json) -> PromotionReview:
        record = state.shadow.get(pending.strategy_id, ShadowRecord())
        return PromotionReview(
            intent_id=pending.intent_id, strategy_id=pending.strategy_id, bundle=bundle,
            bundle_hash=pending.bundle_hash, frozen_at=pending.frozen_at, lapses_at=pending.lapses_at,
            approved=pending.token_id in state.tokens, outdated=record.last_bead_id != pending.performance_bead_id,
            recommendations=self._recommendations(pending.intent_id),
        )  # fmt: skip

    def _recommendations(self, intent_id: str) -> tuple[GivenRecommendation, ...]:
        return tuple(
            GivenRecommendation(item.bead.signer, payload.reason, item.bead.timestamp)
            for item in self._store.read_of({BeadType.DECISION})
            if isinstance(payload := item.bead.payload, DecisionPayload)
            and (payload.kind, payload.subject_id) == (DecisionKind.RECOMMEND, intent_id)
        )

    def _record(self, strategy: Strategy) -> ShadowRecord:
        """The shadow record of a strategy that is LIVE: its beads from before the promotion."""
        record = ShadowRecord()
        for item in self._store.read_of({BeadType.PERFORMANCE, BeadType.AUTOPSY}):
            payload = item.bead.payload
            if strategy.promoted_at is not None and item.bead.timestamp > strategy.promoted_at:
                break
            if isinstance(payload, PerformancePayload) and payload.strategy_id == strategy.strategy_id:
                record = record.with_session(payload, item.bead.bead_id)
            elif isinstance(payload, AutopsyPayload) and payload.shadow and payload.strategy_id == strategy.strategy_id:
                record = record.with_autopsy(payload)
        return record

    def _promoted(self, strategy_id: str) -> PromotedReading | None:
        for item in self._store.read_of({BeadType.PROMOTION}):
            payload = item.bead.payload
            if (
                isinstance(payload, PromotionPayload)
                and payload.strategy_id == strategy_id
                and payload.event is PromotionEvent.PROMOTED
            ):
                return PromotedReading(payload.intent_id, payload.evidence_hash, payload.approver, item.bead.timestamp)
        return None
