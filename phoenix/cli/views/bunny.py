"""A run of the chaos suite for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.bunny.report import summary
from phoenix.bunny.verdicts import Result, SuiteResult, Verdict
from phoenix.cli.views.figures import add, inert, table


def suite_view(suite: SuiteResult, report: Path | None) -> RenderableType:
    """A row for each vector, what failed and why, the counts, and where the report went."""
    made = table("Wave", "Vector", "Injected and expected", "Verdict", "Evidence")
    for result in suite.results:
        vector = result.vector
        add(
            made,
            str(vector.wave),
            vector.id,
            f"{vector.inject} → {vector.expect}",
            result.verdict.value,
            _evidence(result),
        )
    lines = [*_failures(suite), "", f"Seed {suite.seed}, mode {suite.mode.value}: {summary(suite)}"]
    if report is not None:
        lines.append(f"Written: {report}")
    return Group(made, Text(inert("\n".join(lines)), overflow="fold"))


def _evidence(result: Result) -> str:
    if result.verdict is Verdict.NOT_BUILT:
        return result.remark
    return f"{len(result.proofs)} of {result.beads} beads" if result.proofs else ""


def _failures(suite: SuiteResult) -> Iterator[str]:
    failed = [result for result in suite.results if result.verdict is Verdict.FAIL]
    for result in failed:
        yield ""
        yield f"{result.vector.id} failed: {result.remark}"
        yield f"  again: phoenix bunny --seed {suite.seed} --mode {suite.mode.value} --vector {result.vector.id}"
