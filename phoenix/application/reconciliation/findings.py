"""The one thing that reconciliation can bring about: what it found goes on record and is told."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from phoenix.domain.beads.safety import DriftPayload, ReconciliationRunPayload


class FindingAlert(StrEnum):
    """The alerts that a comparison may raise."""

    DRIFT_FOUND = "DRIFT_FOUND"
    PNL_DRIFT = "PNL_DRIFT"
    BOOKS_UNKNOWN = "BOOKS_UNKNOWN"


class Findings(Protocol):
    """Takes findings and nothing else. No order, position, kill flag or decision can be reached through it."""

    def run(self, payload: ReconciliationRunPayload) -> None:
        """Record that the books were compared, and what came of it."""

    def drift(self, payload: DriftPayload) -> str:
        """Record a drift; answers the id of its bead."""

    def alert(self, kind: FindingAlert, message: str, *, key: str, position_id: str | None = None) -> None:
        """Tell a human."""
