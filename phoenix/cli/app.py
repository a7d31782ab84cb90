"""All the commands. A command's module imports what it works with only when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from phoenix import __version__
from phoenix.cli.commands.alerts import app as alerts
from phoenix.cli.commands.beads import app as beads
from phoenix.cli.commands.broker import app as broker
from phoenix.cli.commands.checkpoint import checkpoint
from phoenix.cli.commands.configuration import app as config
from phoenix.cli.commands.deciding import approve, pass_on, withdraw
from phoenix.cli.commands.doctor import doctor
from phoenix.cli.commands.drift import app as drift
from phoenix.cli.commands.halting import halt
from phoenix.cli.commands.kill import app as kill
from phoenix.cli.commands.orders import account, fills, orders, quote
from phoenix.cli.commands.positions import app as positions
from phoenix.cli.commands.refreshing import refresh, repropose
from phoenix.cli.commands.replay import demo, replay
from phoenix.cli.commands.reviewing import pending, review
from phoenix.cli.commands.setting_up import init, serve
from phoenix.cli.commands.signals import ingest, simulate_signal
from phoenix.cli.commands.status import status
from phoenix.cli.commands.strategies import app as strategy
from phoenix.cli.plain_help import PlainGroup
from phoenix.cli.quick import HELP_WIDTH

app = typer.Typer(
    name="phoenix",
    cls=PlainGroup,
    help="Carries human-approved trading signals to a broker exactly once, and proves every step.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
)
_START, _DECIDE, _TRADE, _WATCH, _SAFETY = "Start", "Decide", "Trade", "Watch", "Safety"
_RECORD, _REPLAY = "Record", "Replay"
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
app.add_typer(positions, name="positions", rich_help_panel=_TRADE)
app.command(rich_help_panel=_TRADE)(orders)
app.command(rich_help_panel=_TRADE)(fills)
app.command(rich_help_panel=_TRADE)(account)
app.command(rich_help_panel=_TRADE)(quote)
app.command(rich_help_panel=_WATCH)(status)
app.command(rich_help_panel=_WATCH)(doctor)
app.add_typer(alerts, name="alerts", rich_help_panel=_WATCH)
app.command(rich_help_panel=_SAFETY)(halt)
app.add_typer(kill, name="kill", rich_help_panel=_SAFETY)
app.add_typer(drift, name="drift", rich_help_panel=_SAFETY)
app.add_typer(strategy, name="strategy", rich_help_panel=_SAFETY)
app.add_typer(broker, name="broker", rich_help_panel=_SAFETY)
app.add_typer(beads, name="beads", rich_help_panel=_RECORD)
app.command(rich_help_panel=_RECORD)(checkpoint)
app.add_typer(config, name="config", rich_help_panel=_START)
app.command(rich_help_panel=_REPLAY)(demo)
app.command(rich_help_panel=_REPLAY)(replay)


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
