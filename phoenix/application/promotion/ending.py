"""How an intent to promote ends: each time with a bead that says how, and with no live token left behind."""

from __future__ import annotations

from phoenix.application.work import Work
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.promotion.bundle import PendingPromotion
from phoenix.domain.tokens import Token
from phoenix.domain.vocabulary import PromotionEvent, TokenEvent, TokenReason


def end_promotion(
    work: Work, promotion: PendingPromotion, event: PromotionEvent, decided_by: str = "", reason: str | None = None, *,
    decision_id: str | None = None, signer: Signer = SYSTEM,
) -> None:  # fmt: skip
    """Record the end of a pending promotion, and revoke its token where one still lives."""
    work.record(
        PromotionPayload(
            promotion.strategy_id, promotion.intent_id, promotion.bundle_hash, decided_by, event, reason, decision_id
        ),
        signer=signer,
    )
    token = work.state.tokens.get(promotion.token_id or "")
    if token is not None:
        _revoke(work, token)


def lapse_promotion(work: Work, intent_id: str) -> None:
    """Nobody decided in time, or the approval was not used."""
    promotion = work.state.promotions[intent_id]
    end_promotion(work, promotion, PromotionEvent.LAPSED, reason="nobody carried it out in time")


def _revoke(work: Work, token: Token) -> None:
    work.record(
        TokenPayload(
            token_id=token.token_id, intent_id=token.intent_id, position_id=None, event=TokenEvent.REJECTED,
            reason=TokenReason.REVOKED, evidence_hash=token.evidence_hash, issued_at=token.issued_at,
            expires_at=token.expires_at, final=True,
        )
    )  # fmt: skip
