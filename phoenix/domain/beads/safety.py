"""Payloads of what stops or warns: kill flags, decay, alerts, reconciliation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.encoding import Json
from phoenix.domain.vocabulary import (
    AlertEvent,
    DriftOrigin,
    DriftType,
    KillEvent,
    KillSource,
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


@dataclass(frozen=True, slots=True)
class AlertPayload(Payload):
    """Something a person should know. `kind` is from a closed list; CRITICAL ones name a runbook."""

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


@dataclass(frozen=True, slots=True)
class DriftPayload(Payload):
    """A difference between Phoenix's books and the broker's."""

    bead_type: ClassVar = BeadType.RECONCILIATION_DRIFT
    drift_type: DriftType
    pair: str
    phoenix_state: Json
    broker_state: Json
    origin: DriftOrigin
    severity: Severity
    position_id: str | None = None


@dataclass(frozen=True, slots=True)
class ResolutionPayload(Payload):
    """How a difference was resolved, and by whom."""

    bead_type: ClassVar = BeadType.RECONCILIATION_RESOLUTION
    drift_bead_id: str
    resolution: Resolution
    resolved_by: str
    notes: str
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReconciliationRunPayload(Payload):
    """One comparison of the books. `verdict` is HEALTHY, SETTLING, DRIFT or UNKNOWN."""

    bead_type: ClassVar = BeadType.RECONCILIATION_RUN
    trigger: str
    verdict: str
    compared: int
    detail: str
