"""Promotions that wait for a human's decision, with the record that it is to be made on, told from the beads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.beads.setup import EvidencePayload
from phoenix.domain.change import replace
from phoenix.domain.encoding import Json
from phoenix.domain.promotion.bundle import PendingPromotion
from phoenix.domain.promotion.checklist import CheckItem, PromotionPolicy, Unread, check_promotion
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import IntentKind, RefusalReason
from phoenix.ports.store import BeadStore, Lookup
from phoenix.runtime.readings.reviews import Recommendation, recommendations_made


@dataclass(frozen=True, slots=True)
class PromotionReview:
    """An intent to promote that waits for a human, with the frozen bundle that an approval must name by its hash.

    `approved`: a token was issued and not used yet. `outdated`: performance came later, and it cannot be approved.
    `missing`: the items of the checklist that are known to fail by now, though all were met when it was frozen.
    """

    intent_id: str
    strategy_id: str
    bundle: Json
    bundle_hash: str
    frozen_at: datetime
    lapses_at: datetime
    approved: bool
    outdated: bool
    missing: tuple[CheckItem, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()

    @property
    def kind(self) -> IntentKind:
        return IntentKind.PROMOTE


def pending_promotions(store: BeadStore[State]) -> list[PromotionReview]:
    """Every promotion that waits for a decision, in the order of their intents."""
    state = store.view().state
    if not state.promotions:
        return []
    bundles = {
        payload.intent_id: payload.bundle
        for item in store.read_of({BeadType.EVIDENCE})
        if isinstance(payload := item.bead.payload, EvidencePayload) and payload.intent_id in state.promotions
    }
    opinions = recommendations_made(store)
    return [_review(state, one, bundles[one.intent_id], opinions) for one in in_order(state.promotions)]


def _review(
    state: State, pending: PendingPromotion, bundle: Json, opinions: Mapping[str, Sequence[Recommendation]]
) -> PromotionReview:
    from phoenix.application.promotion.checklist import promotion_facts

    record = state.shadow.get(pending.strategy_id, ShadowRecord())
    facts = promotion_facts(state, pending.strategy_id)
    known = replace(facts, drifts=()) if isinstance(facts.drifts, Unread) else facts
    return PromotionReview(
        intent_id=pending.intent_id, strategy_id=pending.strategy_id, bundle=bundle,
        bundle_hash=pending.bundle_hash, frozen_at=pending.frozen_at, lapses_at=pending.lapses_at,
        approved=pending.token_id in state.tokens, outdated=record.last_bead_id != pending.performance_bead_id,
        missing=check_promotion(known, PromotionPolicy()).missing,
        recommendations=tuple(opinions.get(pending.intent_id, ())),
    )  # fmt: skip


def promotion_over(lookup: Lookup, intent_id: str) -> Refused:
    """What became of a promotion that waits no longer."""
    bead = lookup.find(Key("promotion_end", intent_id))
    payload = None if bead is None else bead.payload
    how = f" is {payload.event.value}" if isinstance(payload, PromotionPayload) else " has ended"
    why = f" ({payload.reason})" if isinstance(payload, PromotionPayload) and payload.reason else ""
    return Refused(
        RefusalReason.WRONG_STATE, "intent_id", f"PROMOTE {intent_id} waits no longer, it{how}{why}",
        "Ask for a promotion anew",
    )  # fmt: skip
