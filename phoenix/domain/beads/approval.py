"""Payloads of the human gate: decisions and the tokens they bring about (SPEC 3.5, 11.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.encoding import Json
from phoenix.domain.vocabulary import DecisionKind, TokenEvent, TokenReason


@dataclass(frozen=True, slots=True)
class DecisionPayload(Payload):
    """What somebody decided. `detail` holds what the kind needs (quantity, permanent id, notes …).

    `proof` says how the decision was proven to be a human's: SIMULATED, TYPED or PASSKEY, with its material.
    """

    bead_type: ClassVar = BeadType.DECISION
    decision_id: str
    kind: DecisionKind
    subject_id: str
    evidence_hash: str | None
    reason: str | None
    detail: Json
    proof: Json


@dataclass(frozen=True, slots=True)
class TokenPayload(Payload):
    """One change in the life of a T2 token. `secret_hash` and `approver` are set on ISSUED; the secret never is.

    `final` on REJECTED: the token ended here. `expires_at` is absent only where no such token was ever issued.
    """

    bead_type: ClassVar = BeadType.T2_TOKEN
    token_id: str
    intent_id: str
    position_id: str | None
    event: TokenEvent
    reason: TokenReason | None
    evidence_hash: str
    issued_at: datetime | None
    expires_at: datetime | None
    final: bool
    secret_hash: str | None = None
    approver: str | None = None
    decision_id: str | None = None
