"""What a drill proves at its end: both books agree, and the record is sound."""

from __future__ import annotations

from datetime import timedelta

from phoenix.application.decisions import BOOKS
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidTransition, InvalidValue
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, ReconciliationVerdict
from phoenix.runtime.checkup.finding import Verdict as Checked
from phoenix.runtime.checkup.record import try_record
from phoenix.runtime.drill.floor import Floor
from phoenix.runtime.drill.gate import refused
from phoenix.runtime.drill.steps import Result, failed, ok, unknown
from phoenix.runtime.home import Home
from phoenix.runtime.readings.books import comparison_asked_for

_POLL_S = 0.25


async def reconciled(floor: Floor) -> Result:
    """One comparison of the books, made because of the drill."""
    try:
        decision = await floor.decide(DecisionKind.RECONCILE, BOOKS, "the end of a drill")
    except (Refused, InvalidValue, InvalidTransition) as refusal:
        return refused(refusal)
    until = floor.clock.now() + timedelta(seconds=floor.plan.wait_s)
    while (run := comparison_asked_for(floor.running.parts.store, decision.decision_id)) is None:
        if floor.clock.now() >= until:
            return unknown(f"no comparison within {floor.plan.wait_s:g} s", "phoenix reconcile --now")
        await floor.running.sleep(_POLL_S)
        await floor.running.turn()
    figures: dict[str, Json] = {"verdict": run.verdict.value, "compared": str(run.compared)}
    if run.verdict is ReconciliationVerdict.HEALTHY:
        return ok(f"HEALTHY: {run.compared} compared, nothing differs", **figures)
    said = f"{run.verdict.value}: {run.detail}"
    if run.verdict is ReconciliationVerdict.UNKNOWN:
        return unknown(said, "phoenix reconcile --now", **figures)
    return failed(said, "phoenix drift list, then phoenix drift resolve ID --as HOW --reason WHY", **figures)


def _heard_by_nobody(_: int, __: int) -> None:
    """Nobody watches the walk."""


def record(home: Home) -> Result:
    """The whole record on trial, the history of the drill in it."""
    report = try_record(home, thorough=True, with_history=True, on_walk=_heard_by_nobody)
    figures: dict[str, Json] = {finding.check: finding.verdict.value for finding in report.findings}
    wrong = [finding for finding in report.findings if finding.verdict is Checked.FAILED]
    if wrong:
        said = "; ".join(f"{finding.check}: {finding.found}" for finding in wrong)
        return failed(said, wrong[0].remedy or "phoenix beads verify --history", **figures)
    return ok("; ".join(f"{finding.check}: {finding.found}" for finding in report.findings), **figures)
