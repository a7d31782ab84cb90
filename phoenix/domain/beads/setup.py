"""Payloads that lead from a signal to a proposal, or to a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.encoding import Json
from phoenix.domain.order_plan import EntryTerms
from phoenix.domain.profit import MoneyRule
from phoenix.domain.vocabulary import IntentKind, RefusalReason, Regime, Side


@dataclass(frozen=True, slots=True)
class SignalPayload(Payload):
    """A well-formed signal as it came in. `document` is the whole envelope, numbers as text; the hash is over it."""

    bead_type: ClassVar = BeadType.SIGNAL
    signal_id: str
    strategy_id: str
    pair: str
    content_hash: str
    document: Json


@dataclass(frozen=True, slots=True)
class AnchorPayload(Payload):
    """A newly registered state anchor: the context that a signal or a refresh was made in (SPEC 3.2)."""

    bead_type: ClassVar = BeadType.STATE_ANCHOR
    strategy_id: str
    pair: str
    captured_at: datetime
    regime: Regime
    strategy_params: str
    market_snapshot: str
    origin: str
    signal_id: str | None


@dataclass(frozen=True, slots=True)
class IntentPayload(Payload):
    """A use of capital that a human is asked to decide on. EXIT and PROTECT intents name a position they act on.

    `entry`, `money_rule` and `proposal_number` (1 for a signal's first) are set for ENTRY; `stop_price` and
    `target_price` for PROTECT. `origin` is SIGNAL, REPROPOSE, CLOSE, PROTECT, ADOPT or PROMOTE.
    """

    bead_type: ClassVar = BeadType.INTENT
    intent_id: str
    kind: IntentKind
    position_id: str | None
    signal_id: str | None
    strategy_id: str | None
    pair: str | None
    side: Side | None
    maximum_quantity: Decimal | None
    lapses_at: datetime | None
    origin: str
    entry: EntryTerms | None = None
    money_rule: MoneyRule | None = None
    stop_price: Decimal | None = None
    target_price: Decimal | None = None
    decision_id: str | None = None
    proposal_number: int | None = None


@dataclass(frozen=True, slots=True)
class EvidencePayload(Payload):
    """The frozen bundle that a human sees and an approval covers; `bundle_hash` is SHA-256 over its canonical bytes.

    `anchor_*` and the component hashes are those the bundle is bound to; they are absent for bundles without an anchor.
    `entry` and `money_rule` are set by a refresh: the order is sized anew, and from then on is this one.
    """

    bead_type: ClassVar = BeadType.EVIDENCE
    intent_id: str
    position_id: str | None
    bundle: Json
    bundle_hash: str
    order_hash: str | None
    anchor_captured_at: datetime | None
    anchor_regime: Regime | None
    anchor_components: Json
    state_hash: str | None
    stale_at: datetime | None
    decision_id: str | None = None
    entry: EntryTerms | None = None
    money_rule: MoneyRule | None = None


@dataclass(frozen=True, slots=True)
class ConflictPayload(Payload):
    """The anchor no longer stands: too old, or the named components changed. `age_s` and `limit_s` are seconds."""

    bead_type: ClassVar = BeadType.STATE_CONFLICT
    phase: str
    intent_id: str | None
    position_id: str | None
    signal_id: str | None
    strategy_id: str
    pair: str
    changed: tuple[str, ...]
    age_s: Decimal
    limit_s: Decimal
    stale: bool
    kill_flag_id: str | None


@dataclass(frozen=True, slots=True)
class RefusalPayload(Payload):
    """Something asked for that was not done: what, why, in which field, and what to do about it.

    `subject_kind` is SIGNAL, SHADOW, INTENT, DECISION, ORDER, TRANSITION, ANCHOR or KILL_FLAG.
    """

    bead_type: ClassVar = BeadType.REFUSAL
    subject_kind: str
    subject_id: str
    reason: RefusalReason
    field: str
    detail: str
    remedy: str
    signal_id: str | None = None
    intent_id: str | None = None
    position_id: str | None = None
    decision_id: str | None = None
