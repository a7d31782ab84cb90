"""Payloads of what stops or warns: kill flags, decay, alerts, reconciliation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.encoding import Json
from phoenix.domain.reconciliation.mismatch import Mismatch, ProfitBaseline
from phoenix.domain.vocabulary import (
    AlertEvent,
    DriftOrigin,
    DriftType,
    KillEvent,
    KillSource,
    ReconciliationVerdict,
    Resolution,
    Severity,
)


@dataclass(frozen=True, slots=True)
class KillFlagPayload(Payload):
    """A kill flag set, lifted or expired. Without a `strategy_id` its scope is global."""

    bead_type: ClassVar = BeadType.KILL_FLAG
    flag_id: str
    event: KillEvent
    strategy_id: str | None
    source: KillSource
    reason: str
    expires_at: datetime | None
    intent_id: str | None = None
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class DecayPayload(Payload):
    """Signalman's word that a strategy (or all) decays. `score` is 0..1."""

    bead_type: ClassVar = BeadType.DECAY
    strategy_id: str | None
    score: Decimal
    detail: str
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class AlertPayload(Payload):
    """Something a person should know, or what became of it. `kind` is from a closed list; CRITICAL ones name a runbook.

    `channels` are those that it is to go out through (RAISED, ESCALATED), or those that a delivery was tried through;
    that one `covers` the alerts it names by id. `is_given_up` says of a failed one that it is not tried again.
    `acknowledged_by` is the human who acknowledged it.
    """

    bead_type: ClassVar = BeadType.ALERT
    alert_id: str
    event: AlertEvent
    severity: Severity
    kind: str
    dedupe_key: str
    message: str
    runbook: str | None
    position_id: str | None = None
    intent_id: str | None = None
    channels: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    reason: str | None = None
    is_given_up: bool = False
    acknowledged_by: str | None = None
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class DriftPayload(Payload):
    """A difference between Phoenix's book and the broker's, with both sides as they were.

    One that a comparison found has a `key` that stays while the difference lasts; `supersedes` is the drift bead of the
    same key that said otherwise. One without a key is what the broker's own word contradicted.
    """

    bead_type: ClassVar = BeadType.RECONCILIATION_DRIFT
    drift_type: DriftType
    pair: str
    phoenix_state: Json
    broker_state: Json
    origin: DriftOrigin
    severity: Severity
    position_id: str | None = None
    key: str = ""
    since: datetime | None = None
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class ResolutionPayload(Payload):
    """How a human settled a drift.

    Where Phoenix's book was corrected, `quantity` is what its signed net of `pair` changed by. Positions bear it as
    their POSITION(ADJUSTED) beads say; `unattributed` is the rest. `set_aside` names an execution or an order at the
    broker that a human says is none of Phoenix's; such a resolution settles that, and no drift.
    """

    bead_type: ClassVar = BeadType.RECONCILIATION_RESOLUTION
    drift_bead_id: str
    resolution: Resolution
    resolved_by: str
    notes: str
    decision_id: str | None = None
    pair: str | None = None
    quantity: Decimal | None = None
    unattributed: Decimal | None = None
    position_id: str | None = None
    client_order_id: str | None = None
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class ReconciliationRunPayload(Payload):
    """One comparison of the books, as they were at `books_as_of`; `compared` counts instruments and orders.

    `stalled` positions are unknown and come first. `mismatches` is every difference that stands, `silenced` names those
    that a human acknowledged and that are still the same. `baseline` is set where changes of profit count from here.
    """

    bead_type: ClassVar = BeadType.RECONCILIATION_RUN
    trigger: str
    verdict: ReconciliationVerdict
    compared: int
    detail: str
    stalled: tuple[str, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    silenced: tuple[str, ...] = ()
    books_as_of: datetime | None = None
    baseline: ProfitBaseline | None = None
    decision_id: str | None = None
