"""The whole record on trial: the chain, its checkpoint, its snapshot, and the history that it tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phoenix.adapters.store.sqlite.verifying import OnWalk
from phoenix.domain.errors import PhoenixError
from phoenix.history_check import HistoryReport
from phoenix.ports.store import Verification
from phoenix.runtime.checkup import chain
from phoenix.runtime.checkup.finding import Finding, Verdict, failed, not_checked, ok
from phoenix.runtime.checkup.proof import prove
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home

HISTORY = "history"
_LOOKS = 3
"""Beads and ledger are read one after the other; beside an executor at work a breach must be seen so many times."""


@dataclass(frozen=True, slots=True)
class RecordReport:
    """`findings` in their order; the walk and the history check in full, where they could be carried out."""

    findings: tuple[Finding, ...]
    walk: Verification | None
    history: HistoryReport | None

    @property
    def ok(self) -> bool:
        return all(finding.verdict is not Verdict.FAILED for finding in self.findings)


def try_record(home: Home, *, thorough: bool, with_history: bool, on_walk: OnWalk) -> RecordReport:
    """Verify everything on record. Raises StoreMisconfigured and StoreUnavailable where there is nothing to verify."""
    walk = chain.verification(home, thorough=thorough, on_walk=on_walk)
    findings = [chain.of_verification(walk)]
    history: HistoryReport | None = None
    with Desk(home) as desk:
        findings += _views(desk) if walk.ok else [not_checked(name, "the chain is broken") for name in _VIEWS]
        if with_history and walk.ok:
            history = _history(desk)
            findings.append(_of_history(history))
        elif with_history:
            findings.append(not_checked(HISTORY, "the chain is broken"))
    return RecordReport(tuple(findings), walk, history)


_VIEWS = (chain.CHECKPOINT, chain.SNAPSHOT)


def _views(desk: Desk) -> Iterator[Finding]:
    try:
        yield chain.checkpoint(desk.home, desk.store)
    except PhoenixError as error:
        yield failed(chain.CHECKPOINT, str(error), "phoenix doctor")
    yield chain.snapshot(desk.home)


def _history(desk: Desk) -> HistoryReport:
    report = _judged(desk)
    for _ in range(_LOOKS - 1):
        if report.ok or desk.executor() is None:
            break
        report = _judged(desk)
    return report


def _judged(desk: Desk) -> HistoryReport:
    return prove(desk.home, desk.store, settled=not desk.read.state.positions)


def _of_history(report: HistoryReport) -> Finding:
    counts = f"{len(report.verdicts)} invariants over {report.beads} beads, {len(report.not_checked)} not checked"
    if report.ok:
        return ok(HISTORY, f"none is violated of {counts}")
    return failed(HISTORY, f"{', '.join(report.violated)} violated, of {counts}",
                  "do not trade; keep the home as it is and report what is listed")  # fmt: skip
