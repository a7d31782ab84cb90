"""`phoenix shadow`: the evidence of strategies in SHADOW: import it, follow a recorded market, look at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.commands.promoting import StrategyArgument
from phoenix.cli.commands.replay import AskOption, BidOption, PairOption, SignalsOption
from phoenix.cli.completion import strategies
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.cli.pages import OverwriteFlag, PageOption
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="Report, import and follow what strategies in SHADOW come to.",
)  # fmt: skip
OneOrAllArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[STRATEGY]", help="One of them; without it, all.", autocompletion=strategies, show_default=False
    ),
]
FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sessions and autopsies, CSV or JSON.")]
DryRunFlag = Annotated[bool, typer.Option("--dry-run", help="Only show what would be recorded.")]


@app.command()
def report(
    strategy: OneOrAllArgument = None,
    page: PageOption = None,
    overwrite: OverwriteFlag = False,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Show sessions, regimes, equity, drawdown and checklist of one strategy; of all of them, a line each."""
    from phoenix.cli.commands.shadow_screens import show_report, show_standings

    if strategy is None and page is not None:
        raise typer.BadParameter("a page is about one strategy: name it", param_hint="STRATEGY")
    with desk_at(home) as desk:
        if strategy is None:
            show_standings(desk, as_json=json)
        else:
            show_report(desk, strategy, page, overwrite=overwrite, as_json=json)


@app.command("import")
def import_files(
    strategy: StrategyArgument,
    files: FilesArgument,
    dry_run: DryRunFlag = False,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Put performance on record that was followed elsewhere: all of the files, or nothing.

    What is on record already with the same content is passed over, and said; with other content, all is refused.
    """
    from phoenix.cli.commands.shadow_screens import show_import, show_read
    from phoenix.cli.person import person

    with desk_at(home) as desk:
        read = [desk.promotions.read_file(strategy, file) for file in files]
        if dry_run:
            show_read(read, as_json=json)
            return
        outcome = desk.promotions.import_read(strategy, *read, signer=person())
        given = sum(len(one.sessions) for one in read), sum(len(one.autopsies) for one in read)
        raise typer.Exit(show_import(outcome, given, as_json=json))


@app.command()
def follow(
    strategy: StrategyArgument,
    signals: SignalsOption,
    bid: BidOption,
    ask: AskOption,
    pair: PairOption = None,
    dry_run: DryRunFlag = False,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Follow recorded signals over recorded bars as the shadow tracker does, and put what they came to on record."""
    from phoenix.cli.commands.shadow_screens import show_import, show_unrecorded
    from phoenix.cli.person import person
    from phoenix.cli.printing import console
    from phoenix.cli.views.shadow import run_view
    from phoenix.runtime.documents.promotion import shadow_run_document

    with desk_at(home) as desk:
        desk.promotions.strategy(strategy)
        run = desk.promotions.follow(strategy, signals, bid, ask, pair)
        document = shadow_run_document(run)
        if not json:
            console().print(run_view(run, desk.home.settings.account.currency))
        if dry_run:
            show_unrecorded({"run": document}, as_json=json)
            return
        outcome = desk.promotions.import_run(run, signer=person())
        given = len(run.sessions), len(run.closes)
        raise typer.Exit(show_import(outcome, given, as_json=json, about={"run": document}))


@app.command()
def trades(strategy: OneOrAllArgument = None, home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the shadow trades that the tracker follows at present; no order of theirs exists anywhere."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.domain.instants import instant_text
    from phoenix.runtime.documents.promotion import shadow_trade_document

    with desk_at(home) as desk:
        if strategy is not None:
            desk.promotions.strategy(strategy)
        found = [one for one in desk.promotions.open_trades() if strategy in (None, one.strategy_id)]
        instruments = desk.home.settings.policy().instruments
    now = SystemClock().now()
    document = {"as_of": instant_text(now), "trades": [shadow_trade_document(one) for one in found]}

    def view() -> RenderableType:
        from phoenix.cli.views.shadow import trades_view

        return trades_view(found, instruments, now)

    show(document, view, as_json=json)
