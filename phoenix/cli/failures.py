"""The process edge: what went wrong in one line, or one JSON document, and an exit code; never a traceback."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.errors import InvalidValue, PhoenixError

if TYPE_CHECKING:
    from typer.exceptions import TyperException

_JSON_FLAG = "--json"
_MESSAGE_MAX = 2_000
"""Characters of a message."""


def leave_with(error: PhoenixError) -> NoReturn:
    """Tell the error and leave with its code."""
    from phoenix.cli.ways_out import command_for

    command = command_for(error)
    message = str(error) if command is None else f"{error} ({command})"
    _leave(message, exit_code_of(error), _details(error))


def leave_with_system_error(error: OSError) -> NoReturn:
    message = f"{error.filename or 'system'}: {error.strerror or error}. Nothing more was done"
    _leave(message, ExitCode.ERROR, {"reason": "SYSTEM"})


def leave_unread() -> NoReturn:
    """Leave without a word where whoever read the output has gone, as `head` does."""
    _let_go_of_output()
    sys.exit(ExitCode.ERROR)


def leave_with_unreadable_argument(argument: str) -> NoReturn:
    """An argument of bytes that are no text can name nothing, and could not be put on record."""
    message = f"{argument!r} is not UTF-8 text; nothing was done. Write it in UTF-8, or give the file another name"
    _leave(message, ExitCode.USAGE, {"reason": "USAGE"})


def leave_with_usage_error(error: TyperException) -> NoReturn:
    """Show how the command is used and what was wrong; help that was asked for by giving nothing is no error."""
    error.message = shortened(error.message.removeprefix("Value error, "))
    show = getattr(error, "show", None)
    if _JSON_FLAG in sys.argv[1:] or show is None:
        command = getattr(getattr(error, "ctx", None), "command_path", "phoenix")
        message = f"{error.format_message().rstrip('.')}. Try {command} --help"
        _leave(message, ExitCode.USAGE, {"reason": "USAGE"})
    show()
    sys.exit(ExitCode.USAGE)


def leave_interrupted() -> NoReturn:
    message = "interrupted. What was put on record before stands: see phoenix status and phoenix pending"
    _leave(message, ExitCode.ERROR, {"reason": "INTERRUPTED"})


def shortened(message: str) -> str:
    """A message without the middle of what is endless: its beginning names the field, its end the remedy."""
    return (
        message if len(message) <= _MESSAGE_MAX else f"{message[: _MESSAGE_MAX // 2]}...{message[-_MESSAGE_MAX // 2 :]}"
    )


def exit_code_of(error: PhoenixError) -> ExitCode:
    """The code for an error: refused input, an unreachable broker, no answer in time, or anything else."""
    from phoenix.domain.refusals import Refused
    from phoenix.ports.errors import (
        BrokerRefused,
        BrokerUnavailable,
        ClaimRefused,
        ConfigurationError,
        ExecutorRunning,
        NotYetKnown,
    )

    if isinstance(error, NotYetKnown):
        return ExitCode.NOT_YET_KNOWN
    if isinstance(error, Refused | InvalidValue | BrokerRefused | ClaimRefused | ConfigurationError | ExecutorRunning):
        return ExitCode.REFUSED
    return ExitCode.BROKER_UNREACHABLE if isinstance(error, BrokerUnavailable) else ExitCode.ERROR


def _details(error: PhoenixError) -> dict[str, str]:
    from phoenix.domain.refusals import Refused

    if isinstance(error, Refused):
        return {
            "reason": error.reason.value, "field": error.field, "detail": error.detail, "remedy": error.remedy
        }  # fmt: skip
    if isinstance(error, InvalidValue):
        return {"reason": "INVALID_VALUE", "field": error.field, "detail": error.refused, "remedy": error.remedy}
    return {"reason": type(error).__name__}


def _leave(message: str, code: ExitCode, details: dict[str, str]) -> NoReturn:
    from phoenix.cli.plain import plain

    line = shortened(" ".join(message.split()))
    try:
        if _JSON_FLAG in sys.argv[1:]:
            from phoenix.cli.printing import print_json

            print_json({"error": {**details, "message": line}, "exit_code": int(code)})
        sys.stdout.flush()
    except OSError:
        _let_go_of_output()
    with suppress(OSError):
        print(f"phoenix: {plain(line)}", file=sys.stderr, flush=True)
    sys.exit(code)


def _let_go_of_output() -> None:
    """What could not be written is not tried again when the process ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
