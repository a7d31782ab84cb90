"""What reconciliation finds, put into the step in progress: runs, drifts and alerts, and no other bead."""

from __future__ import annotations

from phoenix.application.alerts import AlertKind
from phoenix.application.reconciliation.findings import FindingAlert
from phoenix.application.reconciliation.judging import judge
from phoenix.application.reconciliation.recording import record
from phoenix.application.reconciliation.schedule import Comparison
from phoenix.application.work import Work
from phoenix.domain.beads.safety import DriftPayload, ReconciliationRunPayload


class RecordedFindings:
    """Findings as beads of one step."""

    __slots__ = ("_work",)

    def __init__(self, work: Work) -> None:
        self._work = work

    def run(self, payload: ReconciliationRunPayload) -> None:
        self._work.record(payload)

    def drift(self, payload: DriftPayload) -> str:
        return self._work.record(payload).bead_id

    def alert(self, kind: FindingAlert, message: str, *, key: str, position_id: str | None = None) -> None:
        self._work.alert(AlertKind(kind.value), message, key=key, position_id=position_id)


def on_compared(work: Work, comparison: Comparison) -> None:
    """Judge the broker's reports against the state as it is now, and record what comes of it."""
    judgement = judge(work.state, work.policy, comparison.reports, work.now, comparison.session_date)
    if comparison.run.is_always_recorded or judgement.is_news(work.state):
        record(RecordedFindings(work), work.state, judgement, comparison.run.triggers, comparison.run.decision_ids)
