"""What became of a signal, told from the beads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.setup import IntentPayload, RefusalPayload
from phoenix.domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class SignalOutcome:
    """What became of a signal: an intent to review, or a refusal; or, while nobody has looked at it, neither."""

    signal_id: str
    intent_id: str | None = None
    position_id: str | None = None
    refusal: Refused | None = None
    is_repeat: bool = False


def outcome_of(find: Callable[[Key], Bead | None], signal_id: str) -> SignalOutcome:
    """The first outcome of a signal that is in the chain. `find` looks beads up by their keys."""
    bead = find(Key("outcome", signal_id))
    match None if bead is None else bead.payload:
        case IntentPayload() as intent:
            return SignalOutcome(signal_id, intent.intent_id, intent.position_id, is_repeat=True)
        case RefusalPayload() as refusal:
            first = Refused(refusal.reason, refusal.field, refusal.detail, refusal.remedy)
            return SignalOutcome(signal_id, refusal=first, is_repeat=True)
        case _:
            return SignalOutcome(signal_id, is_repeat=True)
