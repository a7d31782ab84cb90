"""`phoenix doctor`: looks at everything from the configuration to the alerts, and asks the broker if it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from phoenix.runtime.checkup import Finding


ConnectFlag = Annotated[
    bool,
    typer.Option(
        "--connect",
        help="Open a session with the broker where no executor has one, and ask what a start asks. Sends no order.",
    ),
]


def doctor(home: HomeOption = None, connect: ConnectFlag = False, json: JsonFlag = False) -> None:
    """Check the home from its configuration to its alerts, and say what to do about what is wrong.

    Changes nothing, and connects to nothing without --connect. Leaves with 1 where a check failed, else with the code
    of `status`.
    """
    from datetime import UTC, datetime

    from phoenix.cli.printing import print_json
    from phoenix.runtime.checkup import examine
    from phoenix.runtime.documents.checkup import checkup_document

    directory, now = home_directory(home), datetime.now(UTC)
    findings = examine(directory, now, connects=connect)
    told = list(findings) if json else _tell(findings)
    code = verdict(told, directory, now)
    if json:
        print_json(checkup_document(told, code))
    raise typer.Exit(code)


def verdict(findings: Iterable[Finding], directory: Path, now: datetime) -> ExitCode:
    """The exit code that findings come to."""
    from phoenix.cli.show_status import exit_code_of
    from phoenix.runtime.checkup import Verdict
    from phoenix.runtime.status.glance import glance

    if any(finding.verdict is Verdict.FAILED for finding in findings):
        return ExitCode.ERROR
    return exit_code_of(glance(directory), now)


def _tell(findings: Iterable[Finding]) -> list[Finding]:
    """Print each finding as soon as it is known."""
    from phoenix.cli.printing import console
    from phoenix.cli.views.checkup import conclusion, finding_line

    screen = console()
    told: list[Finding] = []
    for number, finding in enumerate(findings, 1):
        screen.print(finding_line(number, finding))
        told.append(finding)
    screen.print(conclusion(told))
    return told
