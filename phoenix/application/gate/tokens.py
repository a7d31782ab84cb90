"""T2 tokens at work: minting, ending, claiming (SPEC 3.5). Every change of a token is a bead in the same step."""

from __future__ import annotations

from datetime import timedelta

from phoenix.application.alerts import AlertKind
from phoenix.application.promotion.ending import end_promotion
from phoenix.application.trading.positions import move
from phoenix.application.work import IssuedToken, Work
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.tokens import (
    REVOKING,
    TOKEN_LIFE_S,
    TOKENS_PER_INTENT_MAX,
    Presentation,
    Token,
    refusal_of,
    secret_hash,
)
from phoenix.domain.vocabulary import PositionState, PromotionEvent, RefusalReason, TokenEvent, TokenReason, Trigger


def issue(
    work: Work, intent_id: str, position: Position | None, evidence_hash: str, issued_before: int, approver: str,
    decision_id: str,
) -> IssuedToken:  # fmt: skip
    """Mint a token for an approved intent. Raises Refused when the intent has had its three."""
    if issued_before >= TOKENS_PER_INTENT_MAX:
        raise Refused(
            RefusalReason.TOKEN, "intent_id", f"intent {intent_id} has had {TOKENS_PER_INTENT_MAX} tokens",
            "Propose the signal again",
        )  # fmt: skip
    for token in [token for token in work.state.tokens.values() if token.intent_id == intent_id]:
        _record_end(work, token, TokenEvent.REJECTED, TokenReason.REVOKED)
    minted = IssuedToken(work.ids.new_id(), intent_id, work.ids.new_secret())
    work.issued.append(minted)
    work.record(
        TokenPayload(
            token_id=minted.token_id, intent_id=intent_id,
            position_id=None if position is None else position.position_id, event=TokenEvent.ISSUED, reason=None,
            evidence_hash=evidence_hash, issued_at=work.now, expires_at=work.now + timedelta(seconds=TOKEN_LIFE_S),
            final=False, secret_hash=secret_hash(minted.secret), approver=approver, decision_id=decision_id,
        )
    )  # fmt: skip
    return minted


def peek(work: Work, shown: Presentation) -> None:
    """Look whether a token would be accepted, without using it. A failed look is recorded and raises Refused."""
    if not shown.token_id:
        raise Refused(
            RefusalReason.TOKEN, "token_id",
            f"no token was shown for intent {shown.intent_id}; the secret of one is lost with its process",
            "Approve the intent anew",
        )  # fmt: skip
    token = work.state.tokens.get(shown.token_id)
    reason = _ended_reason(work, shown.token_id) if token is None else refusal_of(token, shown, work.now)
    if reason is not None:
        raise _reject(work, token, shown, reason)


def claim(work: Work, shown: Presentation) -> Token:
    """Use the token, once. The cache of live tokens and the beads must agree, or nothing passes."""
    token = work.state.tokens.get(shown.token_id)
    ended = _find_end(work, shown.token_id)
    is_issued = work.find(Key("token_issued", shown.token_id)) is not None
    if (token is not None) != (is_issued and ended is None):
        raise _disagreement(work, shown)
    peek(work, shown)
    if token is None:
        raise _disagreement(work, shown)
    _record_end(work, token, TokenEvent.USED, None)
    return token


def expire(work: Work, token: Token) -> None:
    """Record that a token ran out, and what follows for an entry that was waiting on it."""
    _record_end(work, token, TokenEvent.EXPIRED, TokenReason.EXPIRED)
    _end_approval(work, token, Trigger.TOKEN_ENDED)


def revoke(work: Work, token: Token, reason: TokenReason, trigger: Trigger = Trigger.TOKEN_ENDED,
           decision_id: str | None = None) -> None:  # fmt: skip
    """End a token for good. An approved entry expires with it, in the same step."""
    _record_end(work, token, TokenEvent.REJECTED, reason, decision_id)
    _end_approval(work, token, trigger)


def _end_approval(work: Work, token: Token, trigger: Trigger) -> None:
    """What was waiting on a token ends with it: an approved entry, or an intent to promote."""
    promotion = work.state.promotions.get(token.intent_id)
    if promotion is not None:
        end_promotion(work, promotion, PromotionEvent.LAPSED, reason="its token ended unused")
    position = work.state.positions.get(token.position_id or "")
    if position is not None and position.intent_id == token.intent_id and position.state is PositionState.APPROVED:
        move(work, position, trigger)


def _record_end(work: Work, token: Token, event: TokenEvent, reason: TokenReason | None,
                decision_id: str | None = None) -> None:  # fmt: skip
    work.record(
        TokenPayload(
            token_id=token.token_id, intent_id=token.intent_id, position_id=token.position_id, event=event,
            reason=reason, evidence_hash=token.evidence_hash, issued_at=token.issued_at, expires_at=token.expires_at,
            final=event is TokenEvent.REJECTED, decision_id=decision_id,
        )
    )  # fmt: skip


def _reject(work: Work, token: Token | None, shown: Presentation, reason: TokenReason) -> Refused:
    """Record a failed attempt. Somebody holding a token for the wrong thing ends it, and is reported."""
    if token is not None and reason is TokenReason.EXPIRED:
        expire(work, token)
    elif token is not None and reason in REVOKING:
        revoke(work, token, reason)
        _alert_misuse(work, shown, reason)
        return _refusal(shown, reason)
    _record_attempt(work, shown, reason)
    if token is None and reason is TokenReason.UNKNOWN_TOKEN:
        _alert_misuse(work, shown, reason)
    return _refusal(shown, reason)


def conflict(work: Work, shown: Presentation) -> None:
    """Record that a live token was shown while the state anchor no longer stood. The token lives on, for its time."""
    if shown.token_id in work.state.tokens:
        _record_attempt(work, shown, TokenReason.STATE_CONFLICT)


def _record_attempt(work: Work, shown: Presentation, reason: TokenReason) -> None:
    known = work.state.tokens.get(shown.token_id) or _issued_payload(work, shown.token_id)
    work.record(
        TokenPayload(
            token_id=shown.token_id, intent_id=shown.intent_id, position_id=None, event=TokenEvent.REJECTED,
            reason=reason, evidence_hash=shown.evidence_hash, issued_at=None if known is None else known.issued_at,
            expires_at=None if known is None else known.expires_at, final=False,
        )
    )  # fmt: skip


def _alert_misuse(work: Work, shown: Presentation, reason: TokenReason) -> None:
    work.alert(
        AlertKind.TOKEN_MISUSED, f"token {shown.token_id} was shown for intent {shown.intent_id}: {reason.value}",
        key=shown.token_id, intent_id=shown.intent_id,
    )  # fmt: skip


def _refusal(shown: Presentation, reason: TokenReason) -> Refused:
    return Refused(
        RefusalReason.TOKEN, "token_id", f"token {shown.token_id} was rejected: {reason.value}",
        "Review the intent and approve it anew",
    )  # fmt: skip


def _disagreement(work: Work, shown: Presentation) -> Refused:
    work.alert(
        AlertKind.TOKEN_DISAGREEMENT, f"memory and beads disagree on token {shown.token_id}; it opens nothing",
        key=shown.token_id, intent_id=shown.intent_id,
    )  # fmt: skip
    return _refusal(shown, TokenReason.UNKNOWN_TOKEN)


def _ended_reason(work: Work, token_id: str) -> TokenReason:
    """Why a token that is not live does not count: what ended it, or that there never was one."""
    ended = _find_end(work, token_id)
    if ended is None:
        return TokenReason.UNKNOWN_TOKEN
    if ended.event is TokenEvent.USED:
        return TokenReason.ALREADY_USED
    return TokenReason.EXPIRED if ended.event is TokenEvent.EXPIRED else TokenReason.REVOKED


def _find_end(work: Work, token_id: str) -> TokenPayload | None:
    return _token_payload(work.find(Key("token_end", token_id)))


def _issued_payload(work: Work, token_id: str) -> TokenPayload | None:
    return _token_payload(work.find(Key("token_issued", token_id)))


def _token_payload(bead: Bead | None) -> TokenPayload | None:
    return bead.payload if bead is not None and isinstance(bead.payload, TokenPayload) else None
