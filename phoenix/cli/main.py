"""`phoenix`: the entry point. What is asked often is answered the quick way, all else by the typer application."""

from __future__ import annotations

import gc
import os
import sys

from phoenix.cli.failures import (
    leave_interrupted,
    leave_unread,
    leave_with,
    leave_with_system_error,
    leave_with_unreadable_argument,
    leave_with_usage_error,
)
from phoenix.cli.quick import answered
from phoenix.domain.errors import PhoenixError

_ALLOCATIONS = 100_000
"""Before rubbish is looked for: nearly all that a start allocates stays, and to look through it takes time."""


def main() -> None:
    """Run the command line. Exits with one of the documented codes."""
    _stand_in_for_closed_streams()
    for argument in sys.argv[1:]:
        if not _is_text(argument):
            leave_with_unreadable_argument(argument)
    try:
        code = answered(sys.argv[1:])
        code = _run() if code is None else code
        sys.stdout.flush()
        sys.exit(code)
    except PhoenixError as error:
        leave_with(error)
    except BrokenPipeError:
        leave_unread()
    except OSError as error:
        leave_with_system_error(error)
    except KeyboardInterrupt:
        leave_interrupted()


def _stand_in_for_closed_streams() -> None:
    """A standard stream that was closed is opened on nothing, lest the store be opened under its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8"))


def _is_text(argument: str) -> bool:
    """Whether it came in UTF-8: other bytes arrive as halves of pairs, which nothing can write down."""
    return not any("\ud800" <= character <= "\udfff" for character in argument)


def _run() -> int | None:
    """Run the application; importing it takes several times as long as the interpreter."""
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # no other package has a say in what is valid, nor costs time
    gc.set_threshold(_ALLOCATIONS)
    import typer
    from typer.exceptions import TyperException

    from phoenix.cli.app import application
    from phoenix.cli.guarding import guard

    try:
        command = guard(typer.main.get_command(application(*sys.argv[1:2])))
        code: int | None = command(standalone_mode=False)
    except TyperException as error:
        leave_with_usage_error(error)
    except typer.Abort:
        leave_interrupted()
    return code
