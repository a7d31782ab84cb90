"""Whether the configuration can be used, and what the environment changes about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from phoenix.config.names import is_setting
from phoenix.config.reading import problems_with
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.checkup.finding import Finding, failed, ok, warning
from phoenix.runtime.faults.points import VARIABLE, FaultPoints
from phoenix.runtime.home import configuration_of

CHECK, ENVIRONMENT = "configuration", "environment"
_REMEDY = "Correct it, then phoenix config check"


def configuration(directory: Path) -> Iterator[Finding]:
    """One finding, or one for each thing that is wrong."""
    file = configuration_of(directory)
    if not file.is_file():
        yield failed(CHECK, f"{file}: there is no configuration here", "phoenix init, or name the home with --home")
        return
    problems = problems_with(file)
    yield from (failed(CHECK, problem, _REMEDY) for problem in problems)
    if not problems:
        yield ok(CHECK, f"{file} is sound")


def environment() -> Finding:
    """Which variables override the file, and whether one makes the process die on purpose."""
    names = sorted(filter(is_setting, os.environ))
    if os.environ.get(VARIABLE):
        return _fault_point()
    if not names:
        return ok(ENVIRONMENT, "nothing overrides the file")
    return warning(
        ENVIRONMENT, f"{', '.join(names)} {'overrides' if len(names) == 1 else 'override'} the file",
        "phoenix config show --origin shows what counts; unset what is not meant",
    )  # fmt: skip


def _fault_point() -> Finding:
    try:
        FaultPoints.from_environment()
    except ConfigurationError as error:
        return failed(ENVIRONMENT, str(error), f"unset {VARIABLE}")
    return warning(
        ENVIRONMENT, f"{VARIABLE}={os.environ[VARIABLE]} lets an executor die on purpose", f"unset {VARIABLE}"
    )  # fmt: skip
