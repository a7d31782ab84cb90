"""Putting a judgement on record: the run, each drift with its alert, in one step."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.application.reconciliation.findings import FindingAlert, Findings
from phoenix.application.reconciliation.judging import Judgement
from phoenix.domain.beads.safety import DriftPayload, ReconciliationRunPayload
from phoenix.domain.encoding import Json
from phoenix.domain.reconciliation.mismatch import Mismatch, stated
from phoenix.domain.state import State
from phoenix.domain.vocabulary import ReconciliationTrigger, ReconciliationVerdict, Severity

_KINDS = {Severity.CRITICAL: FindingAlert.DRIFT_FOUND, Severity.WARNING: FindingAlert.PNL_DRIFT}


def record(
    findings: Findings, state: State, judgement: Judgement, triggers: Sequence[ReconciliationTrigger],
    decision_ids: Sequence[str] = (),
) -> None:  # fmt: skip
    """Record a comparison, once for each decision that asked for it; `state` is the one that it was judged on."""
    for decision_id in decision_ids or (None,):
        findings.run(_run(judgement, triggers, decision_id))
    if judgement.verdict is ReconciliationVerdict.UNKNOWN and ReconciliationTrigger.RECONNECT not in triggers:
        _tell_unknown(findings, state, judgement)
    for mismatch in judgement.drifts:
        _drift(findings, state, mismatch)


def _run(
    judgement: Judgement, triggers: Sequence[ReconciliationTrigger], decision_id: str | None
) -> ReconciliationRunPayload:  # fmt: skip
    return ReconciliationRunPayload(
        trigger="+".join(trigger.value for trigger in triggers), verdict=judgement.verdict,
        compared=judgement.compared, detail=_detail(judgement), stalled=judgement.stalled,
        mismatches=judgement.mismatches, silenced=judgement.silenced, books_as_of=judgement.as_of,
        baseline=judgement.baseline, decision_id=decision_id,
    )  # fmt: skip


def _detail(judgement: Judgement) -> str:
    if judgement.unknown:
        return f"not known: {'; '.join(judgement.unknown)}"
    parts = [f"{len(judgement.stalled)} STALLED"] if judgement.stalled else []
    parts += [in_words(mismatch) for mismatch in judgement.mismatches]
    parts += [f"{len(judgement.silenced)} acknowledged"] if judgement.silenced else []
    return "; ".join(parts) or "the books agree"


def _tell_unknown(findings: Findings, state: State, judgement: Judgement) -> None:
    """Once for as long as it lasts. Of a session whose books could not be read, the session's own alert tells."""
    if state.reconciliation.verdict is not ReconciliationVerdict.UNKNOWN:
        reasons = "; ".join(judgement.unknown)
        findings.alert(
            FindingAlert.BOOKS_UNKNOWN, f"the books could not be compared, which says nothing of them: {reasons}",
            key="books",
        )  # fmt: skip


def _drift(findings: Findings, state: State, mismatch: Mismatch) -> None:
    former = state.drift_of(mismatch.key)
    drift_bead_id = findings.drift(
        DriftPayload(
            drift_type=mismatch.drift_type, pair=mismatch.pair, phoenix_state=mismatch.phoenix_state,
            broker_state=mismatch.broker_state, origin=mismatch.origin, severity=mismatch.severity,
            position_id=mismatch.position_id, key=mismatch.key, since=mismatch.since,
            supersedes=None if former is None else former.drift_bead_id,
        )
    )  # fmt: skip
    findings.alert(
        _KINDS[mismatch.severity],
        f"{mismatch.drift_type.value} drift ({mismatch.origin.value}), {in_words(mismatch)}; nothing was corrected, "
        "a human resolves it",
        key=drift_bead_id, position_id=mismatch.position_id,
    )  # fmt: skip


def in_words(mismatch: Mismatch) -> str:
    """A difference with both sides, for a human."""
    what = stated(mismatch.phoenix_state, "order") or stated(mismatch.broker_state, "order")
    subject = " ".join(part for part in (mismatch.pair, what and f"order {what}") if part) or "profit"
    return f"{subject}: Phoenix {_words(mismatch.phoenix_state)}, the broker {_words(mismatch.broker_state)}"


def _words(state: Json) -> str:
    named = (
        ("net", "holds"), ("unheard", "of which it has not heard"),
        ("status", "has it"), ("filled", "with filled"), ("change", "counts a change of"),
    )  # fmt: skip
    return " ".join(f"{word} {stated(state, name)}" for name, word in named if stated(state, name))
