"""A position's whole story: its own beads, and what was decided about it."""

from __future__ import annotations

from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import BeadType, Payload, SealedBead
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.position import Position
from phoenix.domain.state import State
from phoenix.ports.store import BeadStore


def whole_story(store: BeadStore[State], position: Position) -> list[SealedBead]:
    """Every bead about a position or one of its intents, in order; decisions and their refusals are among them."""
    subjects = {position.position_id, position.intent_id, *(action.intent_id for action in position.actions)}
    subjects.discard("")
    decisions: set[str] = set()
    story = {item.seq: item for item in store.read_story(position.position_id)}
    for item in store.read_of({BeadType.DECISION, BeadType.REFUSAL}):
        payload = item.bead.payload
        if isinstance(payload, DecisionPayload) and payload.subject_id in subjects:
            decisions.add(payload.decision_id)
        if _is_decided(payload, decisions):
            story[item.seq] = item
    return [story[seq] for seq in sorted(story)]


def _is_decided(payload: Payload, decisions: set[str]) -> bool:
    return isinstance(payload, DecisionPayload | RefusalPayload) and payload.decision_id in decisions
