"""`phoenix`: the entry point. What is asked often is answered the quick way, all else by the typer application."""

from __future__ import annotations

import gc
import os
import sys

from phoenix.cli.failures import leave_interrupted, leave_with, leave_with_system_error, leave_with_usage_error
from phoenix.cli.quick import answered
from phoenix.domain.errors import PhoenixError

_ALLOCATIONS = 100_000
"""Before rubbish is looked for: nearly all that a start allocates stays, and to look through it takes time."""


def main() -> None:
    """Run the command line. Exits with one of the documented codes."""
    try:
        code = answered(sys.argv[1:])
        sys.exit(_run() if code is None else code)
    except PhoenixError as error:
        leave_with(error)
    except OSError as error:
        leave_with_system_error(error)
    except KeyboardInterrupt:
        leave_interrupted()


def _run() -> int | None:
    """Run the application; importing it takes several times as long as the interpreter."""
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # no other package has a say in what is valid, nor costs time
    gc.set_threshold(_ALLOCATIONS)
    import typer
    from typer.exceptions import TyperException

    from phoenix.cli.app import application

    try:
        code: int | None = application(*sys.argv[1:2])(standalone_mode=False)
    except TyperException as error:
        leave_with_usage_error(error)
    except typer.Abort:
        leave_interrupted()
    return code
