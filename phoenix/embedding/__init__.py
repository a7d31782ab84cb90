"""The public Python API: every name here can be had as `from phoenix import ...` (see docs/embedding.md)."""

from __future__ import annotations

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Bead, BeadType, SealedBead, Signer
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.encoding import Json
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
from phoenix.runtime.desk.simulated_signal import SimulatedSetup
from phoenix.runtime.home import Home
from phoenix.runtime.readings import Readings
from phoenix.runtime.readings.outcomes import Outcome, OutcomeStatus

__all__ = [
    "AlertPayload", "Anchor", "Approver", "AutopsyPayload", "Bead", "BeadType", "BrokerError", "Complete",
    "ConfigurationError", "Core", "DecisionKind", "DecisionPayload", "Desk", "DomainError", "ExecutionPayload",
    "ExecutorRunning", "Home", "InvalidValue", "Json", "OrderPayload", "Outcome", "OutcomeStatus", "PhoenixError",
    "PositionPayload", "PositionState", "Quote", "Readings", "RefusalPayload", "RefusalReason", "Refused", "Regime",
    "Review", "SealedBead", "SignalOutcome", "Signer", "SignerKind", "SimulatedSetup", "StoreError", "Unknown",
    "Verdict", "approved_by", "create_home", "evidence_hash", "figure_of", "open_home", "passed_by", "run",
]  # fmt: skip
