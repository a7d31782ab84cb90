"""`phoenix`: the entry point.

Only what every command needs is imported here; a command imports the rest when it runs.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from phoenix import __version__
from phoenix.cli.commands.beads import app as beads
from phoenix.cli.commands.checkpoint import checkpoint
from phoenix.cli.commands.configuration import app as config
from phoenix.cli.commands.deciding import approve, pass_on, withdraw
from phoenix.cli.commands.doctor import doctor
from phoenix.cli.commands.refreshing import refresh, repropose
from phoenix.cli.commands.replay import demo, replay
from phoenix.cli.commands.reviewing import pending, review
from phoenix.cli.commands.setting_up import init, serve
from phoenix.cli.commands.signals import ingest, simulate_signal
from phoenix.cli.commands.status import status
from phoenix.cli.failures import leave_interrupted, leave_with, leave_with_system_error, leave_with_usage_error
from phoenix.cli.plain_help import PlainGroup
from phoenix.domain.errors import PhoenixError

app = typer.Typer(
    name="phoenix",
    cls=PlainGroup,
    help="Carries human-approved trading signals to a broker exactly once, and proves every step.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
_START, _DECIDE, _WATCH, _RECORD, _REPLAY = "Start", "Decide", "Watch", "Record", "Replay"
app.command(rich_help_panel=_START)(init)
app.command(rich_help_panel=_START)(serve)
app.command(rich_help_panel=_DECIDE)(ingest)
app.command("simulate-signal", rich_help_panel=_DECIDE)(simulate_signal)
app.command(rich_help_panel=_DECIDE)(pending)
app.command(rich_help_panel=_DECIDE)(review)
app.command(rich_help_panel=_DECIDE)(approve)
app.command("pass", rich_help_panel=_DECIDE)(pass_on)
app.command(rich_help_panel=_DECIDE)(withdraw)
app.command(rich_help_panel=_DECIDE)(refresh)
app.command(rich_help_panel=_DECIDE)(repropose)
app.command(rich_help_panel=_WATCH)(status)
app.command(rich_help_panel=_WATCH)(doctor)
app.add_typer(beads, name="beads", rich_help_panel=_RECORD)
app.command(rich_help_panel=_RECORD)(checkpoint)
app.add_typer(config, name="config", rich_help_panel=_START)
app.command(rich_help_panel=_REPLAY)(demo)
app.command(rich_help_panel=_REPLAY)(replay)


def main() -> None:
    """Run the command line. Exits with one of the documented codes."""
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        leave_with_usage_error(error)
    except typer.Abort:
        leave_interrupted()
    except PhoenixError as error:
        leave_with(error)
    except OSError as error:
        leave_with_system_error(error)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"phoenix {__version__}")
        raise typer.Exit


@app.callback()
def _phoenix(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass
