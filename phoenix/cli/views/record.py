"""The verification of a record for people."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.cli.views.checkup import conclusion, finding_line
from phoenix.history_check import HistoryReport, Status
from phoenix.runtime.checkup.record import RecordReport

_FINDINGS_MAX = 20
_STYLES = {Status.OK: "green", Status.VIOLATED: "bold red"}


def record_view(report: RecordReport) -> RenderableType:
    """A line for each part of the record; then, where the history was checked, one for each invariant."""
    parts: list[RenderableType] = [finding_line(number, found) for number, found in enumerate(report.findings, 1)]
    if report.history is not None:
        parts += [Text(), _invariants(report.history), *_breaches(report.history)]
    return Group(*parts, conclusion(report.findings))


def _invariants(report: HistoryReport) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, verdict in report.verdicts.items():
        word = verdict.status.value.replace("_", " ")
        table.add_row(
            name, Text(word, style=_STYLES.get(verdict.status, "dim")), plain(verdict.why or verdict.statement)
        )
    return table


def _breaches(report: HistoryReport) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(plain(finding.text())) for finding in report.findings[:_FINDINGS_MAX]]
    if len(report.findings) > _FINDINGS_MAX:
        lines.append(Text(f"and {len(report.findings) - _FINDINGS_MAX} more"))
    return [Text(), *lines] if lines else []
