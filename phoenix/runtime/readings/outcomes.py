"""What became of a decision or a signal, told from the beads: the same words whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Payload, SealedBead
from phoenix.domain.beads.operations import PerformancePayload, PromotionPayload
from phoenix.domain.beads.setup import IntentPayload, RefusalPayload
from phoenix.domain.beads.trading import AutopsyPayload, OrderPayload, PositionPayload
from phoenix.domain.errors import InvalidTransition, InvalidValue
from phoenix.domain.position import PROTECTIVE
from phoenix.domain.refusals import Refused, as_refused
from phoenix.domain.vocabulary import DecisionKind, OrderEvent, PositionState, RefusalReason, TokenEvent
from phoenix.ports.store import BeadStore


class OutcomeStatus(StrEnum):
    DONE = "DONE"
    REFUSED = "REFUSED"
    NOT_YET_KNOWN = "NOT_YET_KNOWN"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to. `intent_id` is what it was about or brought about.

    NOT_YET_KNOWN: no executor has answered in time; the decision stands on record and may still be acted on, until it
    lapses. `is_settled` is false then, and while an order that was sent, or a cancel, still waits for the broker's
    word. `order` is the last word on what was sent or cancelled, `position` the last bead of its position, `promotion`
    how an intent to promote ended. `imported` says how many sessions and autopsies are on record because of it.
    """

    decision_id: str
    kind: DecisionKind
    subject_id: str
    status: OutcomeStatus
    refusal: Refused | None = None
    intent_id: str | None = None
    position_id: str | None = None
    is_settled: bool = True
    order: OrderPayload | None = None
    position: PositionPayload | None = None
    promotion: PromotionPayload | None = None
    imported: tuple[int, int] = (0, 0)

    @property
    def state(self) -> PositionState | None:
        """The state of the position, as far as beads behind the decision tell it."""
        return None if self.position is None else self.position.state


_FIRST_WORDS = frozenset({OrderEvent.ACKNOWLEDGED, OrderEvent.REJECTED, OrderEvent.CANCELLED, OrderEvent.NOT_SENT})


def outcome_of_decision(store: BeadStore[Any], decision: DecisionPayload, seq: int) -> Outcome | None:
    """The outcome of the decision that stands at `seq`, or None while nobody has answered it."""
    told = _Told(decision)
    for sealed in store.read(after_seq=seq):
        told.take_in(sealed)
    return told.outcome()


def unanswered(decision: DecisionPayload) -> Outcome:
    """What is told of a decision that stands on record without an answer."""
    return Outcome(
        decision.decision_id, decision.kind, decision.subject_id, OutcomeStatus.NOT_YET_KNOWN, is_settled=False
    )  # fmt: skip


def unrecorded(
    store: BeadStore[Any], decision: DecisionPayload, error: Refused | InvalidValue | InvalidTransition
) -> Outcome | None:  # fmt: skip
    """The refusal of a decision that the error kept off the record; None where it is on it, and told from there."""
    if store.view().lookup.find(Key("decision", decision.decision_id)) is not None:
        return None
    return Outcome(
        decision.decision_id, decision.kind, decision.subject_id, OutcomeStatus.REFUSED, as_refused(error)
    )  # fmt: skip


class _Told:
    """Collects what the beads behind a decision say about it."""

    def __init__(self, decision: DecisionPayload) -> None:
        self._decision = decision
        self._is_answered = False
        self._refusal: Refused | None = None
        self._is_cancelling = False
        self._is_prepared = False
        self._is_revoked = False
        self._has_first_word = False
        self._own: frozenset[str] = frozenset()
        self._cancelled: set[str] = set()
        self._order: OrderPayload | None = None
        self._position: PositionPayload | None = None
        self._is_promoting = False
        self._promotion: PromotionPayload | None = None
        self._sessions = 0
        self._autopsies = 0
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
        if isinstance(payload, TokenPayload) and self._is_of_approved(payload):
            self._take_in_token(payload)
        if isinstance(payload, PromotionPayload) and (answers or payload.intent_id == self._approved):
            self._promotion, self._is_promoting = payload, False
        if isinstance(payload, OrderPayload):
            self._take_in_order(payload, answers=answers)
        if isinstance(payload, PositionPayload) and payload.position_id == self._position_id:
            self._position = payload

    def _take_in_token(self, payload: TokenPayload) -> None:
        """A token that ends takes the approval with it, unless it gives way to a new one."""
        is_issued = payload.event is TokenEvent.ISSUED
        self._is_revoked = not is_issued and (
            self._is_revoked or (payload.event is TokenEvent.REJECTED and payload.final)
        )
        self._is_promoting = is_issued and payload.position_id is None

    def outcome(self) -> Outcome | None:
        if not self._is_answered:
            return None
        status = OutcomeStatus.DONE if self._refusal is None else OutcomeStatus.REFUSED
        is_settled = self._refusal is not None or self._is_revoked or not self._is_waiting()
        return Outcome(
            self._decision.decision_id, self._decision.kind, self._decision.subject_id, status, self._refusal,
            self._intent_id, self._position_id, is_settled, self._order, self._position, self._promotion,
            (self._sessions, self._autopsies),
        )  # fmt: skip

    def _is_waiting(self) -> bool:
        if self._is_prepared:
            return not self._has_first_word
        return self._is_promoting or self._is_cancelling or bool(self._cancelled)

    def _is_of_approved(self, payload: RefusalPayload | TokenPayload) -> bool:
        return self._approved is not None and payload.intent_id == self._approved and not self._is_prepared

    def _remember(self, payload: Payload) -> None:
        if isinstance(payload, IntentPayload):
            self._intent_id = payload.intent_id
        if isinstance(payload, PerformancePayload | AutopsyPayload):
            self._sessions += isinstance(payload, PerformancePayload)
            self._autopsies += isinstance(payload, AutopsyPayload)
            return
        self._position_id = self._position_id or getattr(payload, "position_id", None)

    def _take_in_order(self, payload: OrderPayload, *, answers: bool) -> None:
        if self._approved is not None and payload.intent_id == self._approved:
            self._is_cancelling = self._is_cancelling or payload.event is OrderEvent.CANCEL_REQUESTED
            if payload.event is OrderEvent.PREPARED:
                self._is_prepared, self._own, self._order = True, _own_orders(payload), payload
        elif answers and payload.event is OrderEvent.CANCEL_REQUESTED:
            self._cancelled.add(payload.client_order_id or "")
            self._order = payload
        elif payload.client_order_id in self._cancelled:
            self._take_in_cancel(payload)
        if self._is_prepared and payload.position_id == self._position_id:
            self._take_in_word(payload)

    def _take_in_cancel(self, payload: OrderPayload) -> None:
        """A cancel has come to its end when the broker says that the order has, one way or another."""
        if payload.event is OrderEvent.CANCELLED or (payload.status is not None and payload.status.is_ended):
            self._cancelled.discard(payload.client_order_id or "")
            self._order = payload

    def _take_in_word(self, payload: OrderPayload) -> None:
        """The first word on any order of the group shows that it arrived; what is told is the order that matters."""
        self._has_first_word = self._has_first_word or payload.event in _FIRST_WORDS
        if payload.event is OrderEvent.NOT_SENT:
            self._refusal = Refused(
                RefusalReason.CONNECTION, "last_look", payload.reason or "the last look held the order back",
                "Propose the signal again",
            )  # fmt: skip
        elif payload.event in _FIRST_WORDS and payload.client_order_id in self._own:
            self._order = payload


def _own_orders(prepared: OrderPayload) -> frozenset[str]:
    """The references of what was approved: the entry or the exit without its children, or else the protection."""
    legs = () if prepared.plan is None else prepared.plan.legs
    own = [leg.reference for leg in legs if leg.role not in PROTECTIVE]
    return frozenset(own or [leg.reference for leg in legs])


def refused(payload: RefusalPayload) -> Refused:
    """The refusal that a bead records."""
    return Refused(payload.reason, payload.field, payload.detail, payload.remedy)
