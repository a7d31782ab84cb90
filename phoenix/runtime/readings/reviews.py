"""What waits for a human's decision, with the evidence that it is to be made on, told from the beads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from phoenix.domain.anchor import Components
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import BeadType, Signer
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload, SignalPayload
from phoenix.domain.encoding import Json
from phoenix.domain.kill import KillFlag
from phoenix.domain.position import ActionIntent, ActionStage, Position
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import DecisionKind, IntentKind, PositionState
from phoenix.ports.store import BeadStore, View


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an assistant, or anybody, thinks of a review. It decides nothing."""

    signer: Signer
    text: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """An intent that waits for a human, with the frozen evidence that an approval must name by its hash.

    `approved` says that a token was issued and nothing was sent yet: it can be withdrawn, or approved again. `flags`
    are the kill flags that forbid it now, `changed` the parts of its context that are no longer those it stands on.
    """

    intent_id: str
    kind: IntentKind
    position: Position
    bundle: Json
    bundle_hash: str
    stale_at: datetime | None
    lapses_at: datetime | None
    approved: bool
    frozen_at: datetime
    recommendations: tuple[Recommendation, ...] = ()
    flags: tuple[KillFlag, ...] = ()
    changed: tuple[str, ...] = ()


def pending_reviews(store: BeadStore[State]) -> list[Review]:
    """Every intent that waits for a decision, oldest evidence first."""
    view = store.view()
    recommendations = recommendations_made(store)
    reviews = [
        review
        for position in in_order(view.state.positions)
        for intent_id in awaiting(position)
        if (review := _review(view, position, intent_id, recommendations)) is not None
    ]
    return sorted(reviews, key=lambda review: (review.frozen_at, review.intent_id))


def signals_named(store: BeadStore[State], named: str) -> list[SignalPayload]:
    """The signals whose id begins so, or that led to an intent or position whose id does."""
    signals: dict[str, SignalPayload] = {}
    found: set[str] = set()
    for item in store.read_of({BeadType.SIGNAL, BeadType.INTENT}):
        payload = item.bead.payload
        if isinstance(payload, SignalPayload):
            signals[payload.signal_id] = payload
            ids: tuple[str | None, ...] = (payload.signal_id,)
        elif isinstance(payload, IntentPayload) and payload.signal_id in signals:
            ids = (payload.intent_id, payload.position_id)
        else:
            continue
        if named and any(name is not None and name.startswith(named) for name in ids):
            found.add(payload.signal_id or "")
    return [signals[signal_id] for signal_id in sorted(found)]


def intents_named(store: BeadStore[State], named: str) -> list[IntentPayload]:
    """The intents, ended ones too, whose id begins so."""
    return [
        payload
        for item in store.read_of({BeadType.INTENT})
        if isinstance(payload := item.bead.payload, IntentPayload) and named and payload.intent_id.startswith(named)
    ]


def recommendations_made(store: BeadStore[State]) -> dict[str, list[Recommendation]]:
    """What was thought of each intent, in the order in which it was said."""
    found: dict[str, list[Recommendation]] = {}
    for item in store.read_of({BeadType.DECISION}):
        payload = item.bead.payload
        if isinstance(payload, DecisionPayload) and payload.kind is DecisionKind.RECOMMEND:
            given = Recommendation(item.bead.signer, payload.reason, item.bead.timestamp)
            found.setdefault(payload.subject_id, []).append(given)
    return found


def awaiting(position: Position) -> Iterator[str]:
    """The intents of a position that a human may still decide on."""
    if position.state in (PositionState.PROPOSED, PositionState.APPROVED):
        yield position.intent_id
    for action in position.actions:
        if action.stage in (ActionStage.PROPOSED, ActionStage.APPROVED, ActionStage.CANCELLING):
            yield action.intent_id


def _review(
    view: View[State], position: Position, intent_id: str, recommendations: dict[str, list[Recommendation]]
) -> Review | None:
    action = position.action(intent_id)
    is_entry = action is None
    evidence, frozen_at, lapses_at = _evidence(view, position.position_id, intent_id)
    if evidence is None or frozen_at is None:
        return None
    return Review(
        intent_id, IntentKind.ENTRY if action is None else action.kind, position, evidence.bundle,
        evidence.bundle_hash, evidence.stale_at, lapses_at, _is_approved(position, action), frozen_at,
        tuple(recommendations.get(intent_id, ())), view.state.flags_for(position.strategy_id) if is_entry else (),
        _changed(view.state, position) if is_entry else (),
    )  # fmt: skip


def _changed(state: State, position: Position) -> tuple[str, ...]:
    """The components of the context that are others now than those an entry is bound to."""
    anchor = state.anchors.get((position.strategy_id, position.terms.pair))
    if anchor is None or position.binding is None:
        return ("state_anchor",)
    now = Components(
        anchor.strategy_params, anchor.market_snapshot,
        kill_flags=state.concerning(state.last_kill_bead, position.strategy_id),
        decay_alerts=state.concerning(state.last_decay_bead, position.strategy_id),
    )  # fmt: skip
    return now.changed(position.binding.components)


def _evidence(
    view: View[State], position_id: str, intent_id: str
) -> tuple[EvidencePayload | None, datetime | None, datetime | None]:
    """The current evidence of an intent, when it was frozen, and when the intent lapses."""
    evidence: EvidencePayload | None = None
    frozen_at: datetime | None = None
    lapses_at: datetime | None = None
    for bead in view.lookup.story(position_id):
        payload = bead.payload
        if isinstance(payload, EvidencePayload) and payload.intent_id == intent_id:
            evidence, frozen_at = payload, bead.timestamp
        if isinstance(payload, IntentPayload) and payload.intent_id == intent_id:
            lapses_at = payload.lapses_at
    return evidence, frozen_at, lapses_at


def _is_approved(position: Position, action: ActionIntent | None) -> bool:
    if action is None:
        return position.state is PositionState.APPROVED
    return action.stage is not ActionStage.PROPOSED
