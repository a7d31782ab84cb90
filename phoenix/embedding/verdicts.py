"""What a program's own approver works with: the reviews that are open, the figures in them, and its verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.setup import EvidencePayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.position import ActionStage, Position
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import DecisionKind, IntentKind, PositionState, SignerKind
from phoenix.ports.approver import Review, Verdict
from phoenix.ports.store import View

_VERDICTS = frozenset({DecisionKind.APPROVE, DecisionKind.PASS})
_PROOFS = frozenset({"SIMULATED", "TYPED"})
"""What a program can say of its approval. A passkey's proof comes from the hands of a human, and from nowhere else."""


def approved_by(identity: str, reason: str | None = None) -> Verdict:
    """Approve what was shown, in the name of whoever made the rule. Holds on simulator accounts only."""
    return Verdict(DecisionKind.APPROVE, Signer(SignerKind.HUMAN, identity), reason, {"kind": "SIMULATED"})


def passed_by(identity: str, reason: str) -> Verdict:
    """Say no to what was shown, for good."""
    return Verdict(DecisionKind.PASS, Signer(SignerKind.HUMAN, identity), reason, {})


def figure_of(review: Review, path: str) -> Decimal:
    """A number of the evidence by its place, such as `sizing.reward_risk` or `order.quantity`.

    Raises InvalidValue where the evidence holds no number there.
    """
    found: Json = review.bundle
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    try:
        number = Decimal(found) if isinstance(found, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise InvalidValue(path, f"the evidence of {review.intent_id} holds no number there", "Look at review.bundle")
    return number


def require_verdict(verdict: object) -> Verdict:
    """A verdict that a program may hand over. Raises InvalidValue for anything else, before anything is recorded."""
    if not isinstance(verdict, Verdict):
        raise InvalidValue("verdict", f"{verdict!r} is none", "Answer a Verdict, or None while there is none yet")
    if verdict.kind not in _VERDICTS:
        raise InvalidValue("verdict.kind", f"{verdict.kind} answers no review", "APPROVE or PASS")
    proof = verdict.proof.get("kind") if isinstance(verdict.proof, Mapping) else None
    if verdict.kind is DecisionKind.APPROVE and proof not in _PROOFS:
        raise InvalidValue(
            "verdict.proof", f"{proof} is no proof that a program can bring", "Approve with a passkey in the console"
        )
    return verdict


def open_reviews(view: View[State], answered: Collection[tuple[str, str]] = ()) -> list[Review]:
    """Every intent that waits for a first decision, in the order of their ids; without those `answered`, each named
    by its intent and the hash of its evidence."""
    return [
        Review(intent_id, kind.value, position.position_id, _bundle(view, position, bundle_hash), bundle_hash)
        for position in in_order(view.state.positions)
        for intent_id, kind, bundle_hash in _waiting(position)
        if (intent_id, bundle_hash) not in answered
    ]


def _waiting(position: Position) -> Iterator[tuple[str, IntentKind, str]]:
    if position.state is PositionState.PROPOSED and position.binding is not None:
        yield position.intent_id, IntentKind.ENTRY, position.binding.bundle_hash
    for action in position.actions:
        if action.stage is ActionStage.PROPOSED and action.bundle_hash is not None:
            yield action.intent_id, action.kind, action.bundle_hash


def _bundle(view: View[State], position: Position, bundle_hash: str) -> Json:
    story = (bead.payload for bead in view.lookup.story(position.position_id))
    return next(
        found.bundle for found in story if isinstance(found, EvidencePayload) and found.bundle_hash == bundle_hash
    )
