"""`phoenix alerts`: what was told, who took care of it, and whether it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import open_alerts
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.runtime.desk import Desk
    from phoenix.runtime.desk.alerts import TrialReading

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="List alerts, acknowledge them, and try the channels they go out through.",
)  # fmt: skip


@app.command("list")
def list_alerts(
    only_open: Annotated[bool, typer.Option("--open", "-o", help="Only those that nobody has acknowledged.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many, the newest.")] = 20,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """List the newest alerts, what became of each, and how alerts get out."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.documents.alerts import alerts_document
    from phoenix.runtime.home import Home

    with Desk(Home.open(home_directory(home))) as desk:
        found, delivery = desk.alerts.told(limit, only_open=only_open), desk.alerts.delivery()
    now = SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.alerts import alerts_view

        return alerts_view(found, delivery, now)

    show(alerts_document(found, delivery, now), view, as_json=json)


@app.command("ack")
def acknowledge(
    alerts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Alerts, or unique beginnings of their ids; without any, the only open one.",
            autocompletion=open_alerts, show_default=False,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are open.")] = False,
    reason: ReasonOption = None,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:  # fmt: skip
    """Say that you take care of CRITICAL alerts: they are not told again, and the record names you."""
    from phoenix.cli.commands.several import decided, draft, worst_of
    from phoenix.cli.printing import print_json
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.documents.outcomes import outcome_document
    from phoenix.runtime.home import Home

    if alerts and every:
        raise typer.BadParameter("either name alerts or say --all")
    with Desk(Home.open(home_directory(home))) as desk:
        drafts = [draft(DecisionKind.ACKNOWLEDGE, alert_id, reason=reason) for alert_id in _ids(desk, alerts, every)]
        outcomes = decided(desk, drafts, as_json=json)
    if json:
        print_json({"outcomes": [outcome_document(outcome) for outcome in outcomes]})
    elif not outcomes:
        print("No CRITICAL alert waits to be acknowledged.")
    raise typer.Exit(worst_of(outcomes))


def _ids(desk: Desk, named: list[str] | None, every: bool) -> list[str]:
    """The full ids, in the order of their raising where all are meant. Raises Refused."""
    read = desk.read
    if every:
        return [found.alert.alert_id for found in read.open_alerts()]
    if not named:
        return [read.open_alert().alert.alert_id]
    return [read.open_alert(name).alert.alert_id for name in named]


@app.command("test")
def try_channels(
    channel: Annotated[
        str | None, typer.Argument(metavar="[CHANNEL]", help="One channel; without it, all.", show_default=False)
    ] = None,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Send an alert that means nothing through the channels, and say of each whether it took it."""
    from phoenix.cli.person import person
    from phoenix.cli.printing import print_json, say
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.documents.alerts import trial_document
    from phoenix.runtime.home import Home

    with Desk(Home.open(home_directory(home)), say) as desk:
        trial = desk.alerts.test(channel, signer=person())
    if json:
        print_json(trial_document(trial))
    else:
        _tell_trial(trial)
    raise typer.Exit(_code_of(trial))


def _tell_trial(trial: TrialReading) -> None:
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.plain import plain
    from phoenix.cli.views.alerts import trial_lines

    if trial.alert is None:
        show_outcome(trial.outcome, as_json=False)
    for line in trial_lines(trial):
        print(plain(line))


def _code_of(trial: TrialReading) -> ExitCode:
    from phoenix.cli.outcomes import exit_code_of

    if trial.alert is None:
        return exit_code_of(trial.outcome)
    if trial.alert.failed:
        return ExitCode.ERROR
    return ExitCode.NOT_YET_KNOWN if trial.alert.waits_for else ExitCode.OK
