"""`phoenix`: the entry point, and the process edge at which errors become one line and an exit code.

Only what every command needs is imported here; a command imports the rest when it runs.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.replay import demo, replay
from phoenix.domain.errors import InvalidValue, PhoenixError

DISTRIBUTION = "phoenix-execution-core"

app = typer.Typer(
    name="phoenix",
    help="Carries human-approved trading signals to a broker exactly once, and proves every step.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(replay)


def main() -> None:
    """Run the command line. Exits with one of the documented codes."""
    try:
        app()
    except PhoenixError as error:
        _leave(str(error), exit_code_of(error))
    except OSError as error:
        _leave(f"{error.filename or 'system'}: {error.strerror or error}. Nothing more was done", ExitCode.ERROR)


def exit_code_of(error: PhoenixError) -> ExitCode:
    """The code for an error: refused input, an unreachable broker, or anything else."""
    from phoenix.domain.refusals import Refused
    from phoenix.ports.errors import BrokerRefused, BrokerUnavailable, ClaimRefused, ConfigurationError

    if isinstance(error, Refused | InvalidValue | BrokerRefused | ClaimRefused | ConfigurationError):
        return ExitCode.REFUSED
    return ExitCode.BROKER_UNREACHABLE if isinstance(error, BrokerUnavailable) else ExitCode.ERROR


def _leave(message: str, code: ExitCode) -> None:
    print(f"phoenix: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"phoenix {_version()}")
        raise typer.Exit


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "(run from its sources, not installed)"


@app.callback()
def _phoenix(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass
