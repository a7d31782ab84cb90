"""T2 tokens: single use, five minutes, bound to one intent and one bundle of evidence (SPEC 3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from phoenix.domain.vocabulary import IntentKind, TokenReason

TOKEN_LIFE_S = 300
TOKENS_PER_INTENT_MAX = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A live token: issued, and neither used, expired nor rejected for good."""

    token_id: str
    intent_id: str
    kind: IntentKind
    position_id: str | None
    strategy_id: str | None
    evidence_hash: str
    secret_hash: str
    issued_at: datetime
    expires_at: datetime
    approver: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a claimant shows: the token, its bearer secret, and what it wants to use it for."""

    token_id: str
    secret: str
    intent_id: str
    evidence_hash: str


def secret_hash(secret: str) -> str:
    """What is stored of a bearer secret."""
    return sha256(secret.encode()).hexdigest()


def refusal_of(token: Token, shown: Presentation, now: datetime) -> TokenReason | None:
    """Why a live token does not open this door, or None when it does. In the order of SPEC 3.5."""
    if not compare_digest(token.secret_hash, secret_hash(shown.secret)):
        return TokenReason.BAD_SECRET
    if not now < token.expires_at:
        return TokenReason.EXPIRED
    if token.intent_id != shown.intent_id:
        return TokenReason.INTENT_MISMATCH
    if token.evidence_hash != shown.evidence_hash:
        return TokenReason.EVIDENCE_MISMATCH
    return None


REVOKING = frozenset({TokenReason.BAD_SECRET, TokenReason.INTENT_MISMATCH, TokenReason.EVIDENCE_MISMATCH})
"""Attempts that end the token for good, and alert: somebody holds it who should not."""
