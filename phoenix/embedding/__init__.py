"""The public Python API: every name here can be had as `from phoenix import ...` (see docs/embedding.md)."""

from __future__ import annotations

from phoenix.application.signals.intake import SignalOutcome
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.envelope import Bead, BeadType, SealedBead, Signer
from phoenix.domain.encoding import content_hash as evidence_hash
from phoenix.domain.errors import DomainError, InvalidValue, PhoenixError
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason, Regime, SignerKind
from phoenix.embedding.core import Core
from phoenix.embedding.homes import create_home, open_home
from phoenix.embedding.life import run
from phoenix.embedding.verdicts import approved_by, figure_of, passed_by
from phoenix.ports.answers import Complete, Unknown
from phoenix.ports.approver import Approver, Review, Verdict
from phoenix.ports.broker_facts import Quote
from phoenix.ports.errors import BrokerError, ConfigurationError, ExecutorRunning, StoreError
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.outcomes import Outcome, OutcomeStatus
from phoenix.runtime.readings import Readings

__all__ = [
    "Anchor",
    "Approver",
    "Bead",
    "BeadType",
    "BrokerError",
    "Complete",
    "ConfigurationError",
    "Core",
    "DecisionKind",
    "Desk",
    "DomainError",
    "ExecutorRunning",
    "Home",
    "InvalidValue",
    "Outcome",
    "OutcomeStatus",
    "PhoenixError",
    "PositionState",
    "Quote",
    "Readings",
    "RefusalReason",
    "Refused",
    "Regime",
    "Review",
    "SealedBead",
    "SignalOutcome",
    "Signer",
    "SignerKind",
    "StoreError",
    "Unknown",
    "Verdict",
    "approved_by",
    "create_home",
    "evidence_hash",
    "figure_of",
    "open_home",
    "passed_by",
    "run",
]  # fmt: skip
