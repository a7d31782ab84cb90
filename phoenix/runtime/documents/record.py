"""What the verification of a record came to, as a JSON document."""

from __future__ import annotations

from typing import Any

from phoenix.history_check import HistoryReport
from phoenix.ports.store import Verification
from phoenix.runtime.checkup.record import RecordReport
from phoenix.runtime.documents.checkup import finding_document


def record_document(report: RecordReport) -> dict[str, Any]:
    return {
        "ok": report.ok, "chain": None if report.walk is None else _walk(report.walk),
        "findings": [finding_document(finding) for finding in report.findings],
        "history": None if report.history is None else _history(report.history),
    }  # fmt: skip


def _walk(walk: Verification) -> dict[str, Any]:
    return {
        "checked": walk.checked, "head_seq": walk.head.seq, "head_hash": walk.head.bead_hash.hex(),
        "first_bad_seq": walk.first_bad_seq, "problem": walk.problem,
    }  # fmt: skip


def _history(report: HistoryReport) -> dict[str, Any]:
    return {
        "ok": report.ok, "beads": report.beads, "ledger_known": report.ledger_known,
        "invariants": {
            name: {"verdict": verdict.status.value, "why": verdict.why} for name, verdict in report.verdicts.items()
        },
        "findings": [finding.text() for finding in report.findings],
    }  # fmt: skip
