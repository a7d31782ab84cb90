"""`phoenix`: the entry point.

Only what every command needs is imported here; a command imports the rest when it runs.
"""

from __future__ import annotations

from typing import Annotated

import typer

from phoenix.cli.commands.replay import demo, replay
from phoenix.cli.commands.setting_up import init, serve
from phoenix.cli.failures import leave_with, leave_with_system_error
from phoenix.domain.errors import PhoenixError

DISTRIBUTION = "phoenix-execution-core"

app = typer.Typer(
    name="phoenix",
    help="Carries human-approved trading signals to a broker exactly once, and proves every step.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_START, _REPLAY = "Start", "Replay"
app.command(rich_help_panel=_START)(init)
app.command(rich_help_panel=_START)(serve)
app.command(rich_help_panel=_REPLAY)(demo)
app.command(rich_help_panel=_REPLAY)(replay)


def main() -> None:
    """Run the command line. Exits with one of the documented codes."""
    try:
        app()
    except PhoenixError as error:
        leave_with(error)
    except OSError as error:
        leave_with_system_error(error)


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
