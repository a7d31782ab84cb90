"""Everything that may happen to the core: what people and programs ask, what the broker says, and time passing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from phoenix.application.effects import CancelOrder, SendOrder
from phoenix.application.gate.facts import Facts
from phoenix.application.reconciliation.schedule import Comparison
from phoenix.application.settling.recovery import Books
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.encoding import Json
from phoenix.domain.heartbeat import Check
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal
from phoenix.domain.vocabulary import KillSource
from phoenix.ports.alerts import Receipt
from phoenix.ports.answers import Answer
from phoenix.ports.broker_events import BrokerEvent
from phoenix.ports.broker_facts import ContractDetails, Session
from phoenix.ports.decay import DecayReading


@dataclass(frozen=True, slots=True)
class IngestSignal:
    signal: Signal
    signer: Signer
    facts: Facts


@dataclass(frozen=True, slots=True)
class RefuseDocument:
    """A document that could not even be read as a signal; `document_hash` is over its bytes."""

    refusal: Refused
    document_hash: str
    signer: Signer


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision, made in this process. With `submit`, an approval goes on to the send in the same step."""

    decision: DecisionPayload
    signer: Signer
    facts: Facts
    submit: bool


@dataclass(frozen=True, slots=True)
class Submit:
    intent_id: str
    token_id: str
    secret: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Take up what other processes appended: these signals and decisions, for which the facts were read; kill flags."""

    facts: Facts
    submit: bool
    signals: frozenset[str]
    decisions: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetKillFlag:
    strategy_id: str | None
    reason: str
    source: KillSource
    signer: Signer
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisterAnchor:
    strategy_id: str
    pair: str
    anchor: Anchor
    signer: Signer


@dataclass(frozen=True, slots=True)
class ConfigurationLoaded:
    """The executor started under these settings, secrets left out."""

    settings: Json


@dataclass(frozen=True, slots=True)
class Connected:
    """`decision_id`, here and below, is the request that the attempt was made on."""

    session: Session
    decision_id: str | None


@dataclass(frozen=True, slots=True)
class ConnectFailed:
    """`reset_until` is the end of the broker's nightly reset, here and below; None outside of it."""

    reason: str
    decision_id: str | None
    reset_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConnectRefused:
    reason: str
    decision_id: str | None


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The executor lets go of its session on purpose."""

    reason: str


@dataclass(frozen=True, slots=True)
class BooksRead:
    books: Books


@dataclass(frozen=True, slots=True)
class BooksCompared:
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class BrokerSaid:
    events: tuple[BrokerEvent, ...]
    reset_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContractsRead:
    """What the broker says of each configured instrument."""

    contracts: Mapping[str, Answer[ContractDetails]]


@dataclass(frozen=True, slots=True)
class EventUnstorable:
    """A word of the broker whose beads the store refused, because they contradict the chain."""

    event: BrokerEvent
    reason: str


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened but time."""

    reset_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The last look refused; this process never called the adapter."""

    effect: SendOrder
    reason: str


@dataclass(frozen=True, slots=True)
class SendUnknown:
    """The adapter was called and cannot say whether the order left."""

    plan: OrderPlan
    reason: str


@dataclass(frozen=True, slots=True)
class CancelUnknown:
    """The adapter was called and cannot say whether the cancel left."""

    effect: CancelOrder
    reason: str


@dataclass(frozen=True, slots=True)
class AutopsyDone:
    autopsy: AutopsyPayload


@dataclass(frozen=True, slots=True)
class AutopsyFailed:
    position_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SessionFollowed:
    """A session of a strategy in SHADOW is over."""

    session: PerformancePayload


@dataclass(frozen=True, slots=True)
class ShadowRefused:
    """A signal could not be followed as shadow."""

    signal_id: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class ShadowForgotten:
    """The shadow tracker has lost its memory, and with it the trades that were open."""

    detail: str


@dataclass(frozen=True, slots=True)
class AlertsDelivered:
    """What came of notices that were handed out."""

    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class DecayRead:
    reading: DecayReading


@dataclass(frozen=True, slots=True)
class HeartBeaten:
    """What a heartbeat found."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class WorkerLate:
    """A worker should have run and did not; `detail` says since when."""

    worker: str
    detail: str


@dataclass(frozen=True, slots=True)
class WorkerEnded:
    """A worker ended on an error that nothing provides for."""

    worker: str
    detail: str


Input: TypeAlias = (
    IngestSignal
    | RefuseDocument
    | Decide
    | Submit
    | CatchUp
    | SetKillFlag
    | RegisterAnchor
    | ConfigurationLoaded
    | Connected
    | ConnectFailed
    | ConnectRefused
    | SessionClosed
    | BooksRead
    | BooksCompared
    | BrokerSaid
    | ContractsRead
    | EventUnstorable
    | TimePassed
    | NotSent
    | SendUnknown
    | CancelUnknown
    | AutopsyDone
    | AutopsyFailed
    | SessionFollowed
    | ShadowRefused
    | ShadowForgotten
    | AlertsDelivered
    | DecayRead
    | HeartBeaten
    | WorkerLate
    | WorkerEnded
)
