"""All the commands. A panel's modules are imported, and its commands made, only when one of them is asked for.

A command's module in turn imports what it works with only when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple, TypeAlias

import typer

from phoenix import __version__
from phoenix.cli.plain_help import PlainGroup
from phoenix.cli.quick import HELP_WIDTH

Command: TypeAlias = Callable[..., None] | typer.Typer


def application(first: str | None = None) -> typer.Typer:
    """The command line; where its first word is known to be a command, only the panel which that is on."""
    app = typer.Typer(
        name="phoenix",
        cls=PlainGroup,
        help="Carries human-approved trading signals to a broker exactly once, and proves every step.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
    )
    app.callback()(_phoenix)
    asked_for = {title: panel for title, panel in PANELS.items() if first in panel.names}
    for title, panel in (asked_for or PANELS).items():
        for name, command in panel.commands().items():
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name, rich_help_panel=title)
            else:
                app.command(name, rich_help_panel=title)(command)
    return app


def _start() -> Mapping[str, Command]:
    from phoenix.cli.commands.configuration import app as config
    from phoenix.cli.commands.setting_up import init, serve

    return {"init": init, "serve": serve, "config": config}


def _decide() -> Mapping[str, Command]:
    from phoenix.cli.commands.deciding import approve, pass_on, withdraw
    from phoenix.cli.commands.refreshing import refresh, repropose
    from phoenix.cli.commands.reviewing import pending, review
    from phoenix.cli.commands.signals import ingest, simulate_signal

    return {
        "ingest": ingest, "simulate-signal": simulate_signal, "pending": pending, "review": review,
        "approve": approve, "pass": pass_on, "withdraw": withdraw, "refresh": refresh, "repropose": repropose,
    }  # fmt: skip


def _trade() -> Mapping[str, Command]:
    from phoenix.cli.commands.orders import account, fills, orders, quote
    from phoenix.cli.commands.positions import app as positions

    return {"positions": positions, "orders": orders, "fills": fills, "account": account, "quote": quote}


def _watch() -> Mapping[str, Command]:
    from phoenix.cli.commands.alerts import app as alerts
    from phoenix.cli.commands.doctor import doctor
    from phoenix.cli.commands.drilling import drill
    from phoenix.cli.commands.reconciling import reconcile
    from phoenix.cli.commands.status import status

    return {"status": status, "doctor": doctor, "drill": drill, "reconcile": reconcile, "alerts": alerts}


def _safety() -> Mapping[str, Command]:
    from phoenix.cli.commands.broker import app as broker
    from phoenix.cli.commands.drift import app as drift
    from phoenix.cli.commands.halting import halt
    from phoenix.cli.commands.kill import app as kill

    return {"halt": halt, "kill": kill, "drift": drift, "broker": broker}


def _strategies() -> Mapping[str, Command]:
    from phoenix.cli.commands.decay import app as decay
    from phoenix.cli.commands.promoting import promote
    from phoenix.cli.commands.shadow import app as shadow
    from phoenix.cli.commands.strategies import app as strategy

    return {"strategy": strategy, "shadow": shadow, "promote": promote, "decay": decay}


def _record() -> Mapping[str, Command]:
    from phoenix.cli.commands.beads import app as beads
    from phoenix.cli.commands.checkpoint import checkpoint

    return {"beads": beads, "checkpoint": checkpoint}


def _replay() -> Mapping[str, Command]:
    from phoenix.cli.commands.bunny import bunny
    from phoenix.cli.commands.gateway import app as gateway
    from phoenix.cli.commands.replay import demo, replay

    return {"demo": demo, "replay": replay, "bunny": bunny, "gateway": gateway}


class Panel(NamedTuple):
    """Commands that stand together in the help: their names, known before they are made."""

    names: tuple[str, ...]
    commands: Callable[[], Mapping[str, Command]]


PANELS: Mapping[str, Panel] = {
    "Start": Panel(("init", "serve", "config"), _start),
    "Decide": Panel(
        ("ingest", "simulate-signal", "pending", "review", "approve", "pass", "withdraw", "refresh", "repropose"),
        _decide,
    ),
    "Trade": Panel(("positions", "orders", "fills", "account", "quote"), _trade),
    "Watch": Panel(("status", "doctor", "drill", "reconcile", "alerts"), _watch),
    "Safety": Panel(("halt", "kill", "drift", "broker"), _safety),
    "Strategies": Panel(("strategy", "shadow", "promote", "decay"), _strategies),
    "Record": Panel(("beads", "checkpoint"), _record),
    "Replay": Panel(("demo", "replay", "bunny", "gateway"), _replay),
}


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"phoenix {__version__}")
        raise typer.Exit


def _phoenix(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass
