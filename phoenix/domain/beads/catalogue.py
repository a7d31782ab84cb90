"""Every bead type with its payload class, and the keys under which the store must find a bead again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.beads.operations import (
    AccountPayload,
    CheckpointPayload,
    ConfigChangePayload,
    HeartbeatPayload,
    PerformancePayload,
    PromotionPayload,
    SessionPayload,
    StrategyPayload,
)
from phoenix.domain.beads.safety import (
    AlertPayload,
    DecayPayload,
    DriftPayload,
    KillFlagPayload,
    ReconciliationRunPayload,
    ResolutionPayload,
)
from phoenix.domain.beads.setup import (
    AnchorPayload,
    ConflictPayload,
    EvidencePayload,
    IntentPayload,
    RefusalPayload,
    SignalPayload,
)
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.vocabulary import AlertEvent, ExecutionEvent, KillEvent, OrderEvent, PromotionEvent, TokenEvent

PAYLOADS: dict[BeadType, type[Payload]] = {
    payload.bead_type: payload
    for payload in (
        SignalPayload, IntentPayload, AnchorPayload, EvidencePayload, DecisionPayload, TokenPayload, OrderPayload,
        ExecutionPayload, PositionPayload, KillFlagPayload, DecayPayload, ConflictPayload, RefusalPayload, DriftPayload,
        ResolutionPayload, ReconciliationRunPayload, AccountPayload, PerformancePayload, PromotionPayload,
        StrategyPayload, AutopsyPayload, AlertPayload, SessionPayload, HeartbeatPayload, ConfigChangePayload,
        CheckpointPayload,
    )
}  # fmt: skip


class Key(NamedTuple):
    """A name that at most one bead of the whole chain may bear; the database refuses a second."""

    kind: str
    value: str


def unique_keys(payload: Payload) -> tuple[Key, ...]:
    """The keys a bead claims. They are what makes single use and one attempt per intent hold across processes."""
    match payload:
        case TokenPayload():
            return _token_keys(payload)
        case OrderPayload():
            return _order_keys(payload)
        case ExecutionPayload():
            return (_execution_key(payload),)
        case PositionPayload() if payload.adopted_execution_id is not None:
            return (Key("execution", payload.adopted_execution_id),)
        case SignalPayload():
            return (Key("signal", payload.signal_id),)
        case IntentPayload():
            return _intent_keys(payload)
        case RefusalPayload() if payload.subject_kind in _OUTCOME_OF:
            return (Key(_OUTCOME_OF[payload.subject_kind], payload.subject_id),)
        case DecisionPayload():
            return (Key("decision", payload.decision_id),)
        case KillFlagPayload():
            kind = "flag_set" if payload.event is KillEvent.SET else "flag_end"
            return (Key(kind, payload.flag_id),)
        case PromotionPayload():
            return _promotion_keys(payload)
        case PerformancePayload():
            return (performance_key(payload.strategy_id, payload.session_date),)
        case AutopsyPayload():
            return (Key("autopsy", payload.position_id),)
        case AlertPayload() if payload.event is AlertEvent.ACKNOWLEDGED:
            return (Key("acknowledged", payload.alert_id),)
        case _:
            return ()


_OUTCOME_OF = {"SIGNAL": "outcome", "DOCUMENT": "document", "SHADOW": "shadow_refused"}
"""A refused signal has its outcome; a document that never became a signal is refused once per content and reason; a
signal that cannot be followed as shadow is refused once."""


def _intent_keys(payload: IntentPayload) -> tuple[Key, ...]:
    keys = [Key("intent", payload.intent_id)]
    if payload.signal_id is not None and payload.proposal_number is not None:
        keys.append(proposal_key(payload.signal_id, payload.proposal_number))
        if payload.proposal_number == 1:
            keys.append(Key("outcome", payload.signal_id))
    return tuple(keys)


def proposal_key(signal_id: str, number: int) -> Key:
    """The key of a signal's n-th intent: each number is taken once."""
    return Key("proposal", f"{signal_id}:{number}")


def performance_key(strategy_id: str, session_date: date) -> Key:
    """The key of a strategy's session: each is recorded once."""
    return Key("performance", f"{strategy_id}:{session_date.isoformat()}")


def _promotion_keys(payload: PromotionPayload) -> tuple[Key, ...]:
    """An intent ends once, and a strategy is promoted once, whoever wants to at the same moment."""
    end = Key("promotion_end", payload.intent_id)
    return (end, Key("promotion", payload.strategy_id)) if payload.event is PromotionEvent.PROMOTED else (end,)


def _token_keys(payload: TokenPayload) -> tuple[Key, ...]:
    if payload.event is TokenEvent.ISSUED:
        return (Key("token_issued", payload.token_id),)
    ends = payload.event in (TokenEvent.USED, TokenEvent.EXPIRED) or payload.final
    return (Key("token_end", payload.token_id),) if ends else ()


def _execution_key(payload: ExecutionPayload) -> Key:
    """A report counts once, a bust once for all revisions of what it takes back."""
    match payload.event:
        case ExecutionEvent.BUSTED:
            return bust_key(payload.stem)
        case ExecutionEvent.COMMISSION:
            return Key("commission", payload.execution_id)
        case ExecutionEvent.PARKED:
            return Key("parked", payload.execution_id)
        case _:
            return Key("execution", payload.execution_id)


def bust_key(stem: str) -> Key:
    """The key of the bust of an execution, by the stem of its id."""
    return Key("bust", stem)


def _order_keys(payload: OrderPayload) -> tuple[Key, ...]:
    if payload.event is OrderEvent.PREPARED and payload.plan is not None and payload.intent_id is not None:
        references = tuple(Key("reference", leg.reference) for leg in payload.plan.legs)
        return (Key("attempt", payload.intent_id), *references)
    if payload.event in (OrderEvent.ACKNOWLEDGED, OrderEvent.BOUND) and payload.permanent_id is not None:
        return (Key("permanent_id", payload.permanent_id),)
    return ()


def story_of(payload: Payload) -> str | None:
    """The position whose story a bead belongs to, if any."""
    return getattr(payload, "position_id", None)
