"""A checkup for people: numbered, each check on a line of its own, with what to do under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.runtime.checkup import Finding, Verdict

_STYLES = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "bold red", Verdict.NOT_CHECKED: "dim"}
_WIDTHS = (2, 17, 11)


def finding_line(number: int, finding: Finding) -> Table:
    """One check: its number, name and verdict, what was found, and the way out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for width in _WIDTHS:
        table.add_column(width=width, justify="right" if width == _WIDTHS[0] else "left", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")  # a path is never cut short
    verdict = Text(finding.verdict.value.replace("_", " "), style=_STYLES[finding.verdict])
    found = Text(f"{plain(finding.found).rstrip('.')}.")
    if finding.remedy is not None:
        found.append(f"\n-> {plain(finding.remedy)}")
    table.add_row(str(number), finding.check, verdict, found)
    return table


def conclusion(findings: Sequence[Finding]) -> Text:
    """How many checks came to what."""
    counts = Counter(finding.verdict for finding in findings)
    words = [f"{counts[verdict]} {verdict.value.replace('_', ' ')}" for verdict in Verdict if counts[verdict]]
    return Text(f"\n{len(findings)} checks: {', '.join(words)}")


def findings_view(findings: Sequence[Finding]) -> Group:
    """All the checks at once, and how many came to what."""
    return Group(*(finding_line(number, finding) for number, finding in enumerate(findings, 1)), conclusion(findings))
