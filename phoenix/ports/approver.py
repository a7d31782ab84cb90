"""Who decides. An approver proves that a human's decision stands behind an approval."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from phoenix.domain.beads.envelope import Signer
from phoenix.domain.encoding import Json
from phoenix.domain.vocabulary import DecisionKind


@dataclass(frozen=True, slots=True)
class Review:
    """What is put before an approver: an intent and the frozen bundle of evidence for it."""

    intent_id: str
    kind: str
    position_id: str | None
    bundle: Json
    bundle_hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """APPROVE or PASS, by whom and with what proof."""

    kind: DecisionKind
    signer: Signer
    reason: str | None
    proof: Json


class Approver(ABC):
    @abstractmethod
    def review(self, review: Review) -> Verdict | None:
        """The verdict on a review, or None while there is none yet."""
