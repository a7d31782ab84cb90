"""Showing the status once, by either way into the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phoenix.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from phoenix.runtime.status.glance import Glance


def exit_code_of(glance: Glance, now: datetime) -> ExitCode:
    """What a glance comes to, the worst first."""
    from phoenix.runtime.status.glance import Health

    if glance.head_seq is None:
        return ExitCode.ERROR
    health, _ = glance.health(now)
    if health is Health.HALTED:
        return ExitCode.HALTED
    if glance.is_served and health is Health.ENTRIES_CLOSED:
        return ExitCode.BROKER_UNREACHABLE
    return ExitCode.DRIFT if glance.differs() else ExitCode.OK


def show_status(directory: Path, *, as_json: bool) -> ExitCode:
    """Print one glance, and answer the exit code that it comes to. Raises ConfigurationError or StoreUnavailable."""
    from datetime import UTC, datetime

    from phoenix.runtime.status.glance import glance

    seen, now = glance(directory), datetime.now(UTC)
    code = exit_code_of(seen, now)
    if as_json:
        from phoenix.cli.printing import print_json
        from phoenix.runtime.documents.status import status_document

        print_json({**status_document(seen, now), "exit_code": int(code)})
    else:
        from phoenix.cli.views.status import status_lines

        print("\n".join(status_lines(seen, now)))
    return code
