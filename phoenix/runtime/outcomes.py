"""What became of a decision or a signal, told from the beads: the same words whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Payload, SealedBead
from phoenix.domain.beads.setup import IntentPayload, RefusalPayload
from phoenix.domain.beads.trading import OrderPayload, PositionPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, OrderEvent, PositionState, RefusalReason
from phoenix.ports.store import BeadStore


class OutcomeStatus(StrEnum):
    DONE = "DONE"
    REFUSED = "REFUSED"
    NOT_YET_KNOWN = "NOT_YET_KNOWN"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to. `intent_id` is what it was about or brought about, `state` the position's last word.

    NOT_YET_KNOWN: no executor has answered in time; the decision stands on record and may still be acted on, until it
    lapses. `is_settled` is false while an order that was sent still waits for the broker's first word.
    """

    decision_id: str
    status: OutcomeStatus
    refusal: Refused | None = None
    intent_id: str | None = None
    position_id: str | None = None
    state: PositionState | None = None
    is_settled: bool = True


_FIRST_WORDS = frozenset({OrderEvent.ACKNOWLEDGED, OrderEvent.REJECTED, OrderEvent.CANCELLED, OrderEvent.NOT_SENT})


def outcome_of_decision(store: BeadStore[Any], decision: DecisionPayload, seq: int) -> Outcome | None:
    """The outcome of the decision that stands at `seq`, or None while nobody has answered it."""
    told = _Told(decision)
    for sealed in store.read(after_seq=seq):
        told.take_in(sealed)
    return told.outcome()


class _Told:
    """Collects what the beads behind a decision say about it."""

    def __init__(self, decision: DecisionPayload) -> None:
        self._decision = decision
        self._is_answered = False
        self._refusal: Refused | None = None
        self._is_cancelling = False
        self._is_prepared = False
        self._has_first_word = False
        self._state: PositionState | None = None
        approves = decision.kind is DecisionKind.APPROVE
        self._approved = decision.subject_id if approves else None
        self._intent_id: str | None = self._approved
        self._position_id: str | None = None

    def take_in(self, sealed: SealedBead) -> None:
        payload = sealed.bead.payload
        answers = getattr(payload, "decision_id", None) == self._decision.decision_id
        if answers:
            self._is_answered = True
            self._remember(payload)
        if isinstance(payload, RefusalPayload) and (answers or self._is_of_approved(payload)):
            self._refusal = self._refusal or refused(payload)
        if isinstance(payload, OrderPayload):
            self._take_in_order(payload)
        if isinstance(payload, PositionPayload) and payload.position_id == self._position_id:
            self._state = payload.state

    def outcome(self) -> Outcome | None:
        if not self._is_answered:
            return None
        status = OutcomeStatus.DONE if self._refusal is None else OutcomeStatus.REFUSED
        is_waiting = self._is_cancelling if not self._is_prepared else not self._has_first_word
        is_settled = self._refusal is not None or not is_waiting
        return Outcome(
            self._decision.decision_id, status, self._refusal, self._intent_id, self._position_id, self._state,
            is_settled,
        )  # fmt: skip

    def _is_of_approved(self, payload: RefusalPayload) -> bool:
        return self._approved is not None and payload.intent_id == self._approved and not self._is_prepared

    def _remember(self, payload: Payload) -> None:
        if isinstance(payload, IntentPayload):
            self._intent_id = payload.intent_id
        self._position_id = self._position_id or getattr(payload, "position_id", None)
        if isinstance(payload, PositionPayload):
            self._state = payload.state

    def _take_in_order(self, payload: OrderPayload) -> None:
        if self._approved is not None and payload.intent_id == self._approved:
            self._is_prepared = self._is_prepared or payload.event is OrderEvent.PREPARED
            self._is_cancelling = self._is_cancelling or payload.event is OrderEvent.CANCEL_REQUESTED
        if not self._is_prepared or payload.position_id != self._position_id:
            return
        self._has_first_word = self._has_first_word or payload.event in _FIRST_WORDS
        if payload.event is OrderEvent.NOT_SENT:
            self._refusal = Refused(
                RefusalReason.CONNECTION, "last_look", payload.reason or "the last look held the order back",
                "Propose the signal again",
            )  # fmt: skip


def refused(payload: RefusalPayload) -> Refused:
    """The refusal that a bead records."""
    return Refused(payload.reason, payload.field, payload.detail, payload.remedy)
