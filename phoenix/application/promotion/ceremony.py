"""The ceremony: proposing a promotion, deciding on it, and carrying it out with its token (SPEC 3.10)."""

from __future__ import annotations

from datetime import timedelta

from phoenix.application.gate.approval import require_current, require_human, require_proof
from phoenix.application.gate.guards import require_no_kill_flag
from phoenix.application.gate.tokens import claim, expire, issue, peek, revoke
from phoenix.application.promotion.checklist import require_promotable
from phoenix.application.promotion.ending import end_promotion
from phoenix.application.work import IssuedToken, Work
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.operations import PromotionPayload, StrategyPayload
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload
from phoenix.domain.evidence import bundle_hash
from phoenix.domain.promotion.bundle import PendingPromotion, PromotionBundleFacts, promote_bundle
from phoenix.domain.promotion.checklist import Checklist, PromotionPolicy
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.refusals import Refused
from phoenix.domain.state import PendingDecision, in_order
from phoenix.domain.tokens import Presentation
from phoenix.domain.vocabulary import IntentKind, PromotionEvent, RefusalReason, StrategyMode, TokenReason


def propose_promotion(work: Work, pending: PendingDecision) -> str:
    """Freeze a PROMOTE intent with the whole checklist. Returns its id; raises Refused with what is missing."""
    require_human(pending.signer)
    strategy_id = pending.payload.subject_id
    checklist = require_promotable(work, strategy_id)
    policy = work.policy.promotion or PromotionPolicy()
    intent_id = work.ids.new_id()
    work.record(
        IntentPayload(
            intent_id=intent_id, kind=IntentKind.PROMOTE, position_id=None, signal_id=None, strategy_id=strategy_id,
            pair=None, side=None, maximum_quantity=None,
            lapses_at=work.now + timedelta(seconds=policy.intent_life_s), origin="PROMOTE",
            decision_id=pending.payload.decision_id,
        )
    )  # fmt: skip
    _freeze(work, intent_id, strategy_id, checklist, pending.payload.reason)
    return intent_id


def _freeze(work: Work, intent_id: str, strategy_id: str, checklist: Checklist, reason: str | None) -> None:
    account = work.policy.account
    facts = PromotionBundleFacts(
        intent_id=intent_id, strategy_id=strategy_id, account=account.account, account_mode=account.mode,
        currency=account.currency, record=work.state.shadow.get(strategy_id, ShadowRecord()), checklist=checklist,
        reason=reason, frozen_at=work.now,
    )  # fmt: skip
    bundle = promote_bundle(facts)
    work.record(
        EvidencePayload(
            intent_id=intent_id, position_id=None, bundle=bundle, bundle_hash=bundle_hash(bundle), order_hash=None,
            anchor_captured_at=None, anchor_regime=None, anchor_components={}, state_hash=None, stale_at=None,
        )
    )  # fmt: skip


def find_promotion(work: Work, intent_id: str) -> PendingPromotion | None:
    """The pending promotion of an intent; None for any other intent. Raises Refused for one that has ended."""
    pending = work.state.promotions.get(intent_id)
    if pending is None and is_promotion(work, intent_id):
        raise _ended(work, intent_id)
    return pending


def is_promotion(work: Work, intent_id: str) -> bool:
    """Whether an intent was ever one to promote."""
    bead = work.find(Key("intent", intent_id))
    return bead is not None and isinstance(bead.payload, IntentPayload) and bead.payload.kind is IntentKind.PROMOTE


def _strategy_of(work: Work, intent_id: str) -> str:
    bead = work.find(Key("intent", intent_id))
    payload = None if bead is None else bead.payload
    return (payload.strategy_id or "") if isinstance(payload, IntentPayload) else ""


def _ended(work: Work, intent_id: str) -> Refused:
    bead = work.find(Key("promotion_end", intent_id))
    how = "has ended"
    if bead is not None and isinstance(bead.payload, PromotionPayload):
        how = f"ended as {bead.payload.event.value}{f': {bead.payload.reason}' if bead.payload.reason else ''}"
    return Refused(
        RefusalReason.WRONG_STATE, "intent_id", f"the promotion intent {intent_id} {how}", "Ask for a promotion anew"
    )


def approve_promotion(work: Work, pending: PendingDecision, promotion: PendingPromotion) -> IssuedToken:
    """Mint the token for a promotion, if a human approved exactly the bundle that is current and all checks agree."""
    require_human(pending.signer)
    require_proof(work, pending.payload)
    require_promotable(work, promotion.strategy_id)
    require_current(pending.payload, promotion.bundle_hash)
    _require_last_performance(work, promotion)
    return issue(
        work, promotion.intent_id, None, promotion.bundle_hash, promotion.token_count, pending.signer.identity,
        pending.payload.decision_id,
    )  # fmt: skip


def submit_promotion(work: Work, intent_id: str, token_id: str, secret: str) -> None:
    """Use the token for the promotion it was issued for: PROMOTION and STRATEGY(LIVE) in one step. Raises Refused."""
    promotion = work.state.promotions.get(intent_id)
    token = work.state.tokens.get("" if promotion is None else promotion.token_id or "")
    if token is not None and not work.now < token.expires_at:
        expire(work, token)
    promotion = work.state.promotions.get(intent_id)
    shown = Presentation(token_id, secret, intent_id, "" if promotion is None else promotion.bundle_hash)
    if promotion is None:
        require_no_kill_flag(work.state, _strategy_of(work, intent_id))
        peek(work, shown)
        raise _ended(work, intent_id)
    require_promotable(work, promotion.strategy_id)
    peek(work, shown)
    _end_what_is_outdated(work, promotion, token_id)
    _require_last_performance(work, promotion)
    _promote(work, promotion, shown)


def _promote(work: Work, promotion: PendingPromotion, shown: Presentation) -> None:
    token = claim(work, shown)
    strategy = work.state.strategies[promotion.strategy_id]
    end_promotion(work, promotion, PromotionEvent.PROMOTED, token.approver)
    work.record(StrategyPayload(promotion.strategy_id, StrategyMode.LIVE, strategy.description, promotion.intent_id))
    for other in in_order(work.state.promotions):
        if other.strategy_id == promotion.strategy_id:
            end_promotion(work, other, PromotionEvent.LAPSED, reason=f"intent {promotion.intent_id} was carried out")


def _end_what_is_outdated(work: Work, promotion: PendingPromotion, token_id: str) -> None:
    """A token covers the bundle as of its last bead; performance that came later ends it."""
    token = work.state.tokens.get(token_id)
    if token is not None and _is_outdated(work, promotion):
        revoke(work, token, TokenReason.EVIDENCE_MISMATCH)


def _is_outdated(work: Work, promotion: PendingPromotion) -> bool:
    record = work.state.shadow.get(promotion.strategy_id, ShadowRecord())
    return record.last_bead_id != promotion.performance_bead_id


def _require_last_performance(work: Work, promotion: PendingPromotion) -> None:
    if _is_outdated(work, promotion):
        raise Refused(
            RefusalReason.STALE_EVIDENCE, "evidence_hash",
            f"the bundle of intent {promotion.intent_id} lacks the strategy's latest PERFORMANCE bead",
            "Ask for the promotion anew and review the record as it is now",
        )  # fmt: skip


def pass_on_promotion(work: Work, pending: PendingDecision, promotion: PendingPromotion) -> None:
    """Say no to a promotion. An assistant may do that too, until a human has approved it."""
    if work.state.tokens.get(promotion.token_id or "") is not None:
        require_human(pending.signer)
    end_promotion(
        work, promotion, PromotionEvent.PASSED, pending.signer.identity, pending.payload.reason,
        decision_id=pending.payload.decision_id, signer=pending.signer,
    )  # fmt: skip


def withdraw_promotion(work: Work, pending: PendingDecision, promotion: PendingPromotion) -> None:
    """Take an approval back before the promotion was carried out; the intent ends with its token."""
    require_human(pending.signer)
    if work.state.tokens.get(promotion.token_id or "") is None:
        raise Refused(
            RefusalReason.WRONG_STATE, "intent_id", f"promotion {promotion.intent_id} is not approved",
            "Pass on it instead",
        )  # fmt: skip
    end_promotion(
        work, promotion, PromotionEvent.WITHDRAWN, pending.signer.identity, pending.payload.reason,
        decision_id=pending.payload.decision_id, signer=pending.signer,
    )  # fmt: skip
