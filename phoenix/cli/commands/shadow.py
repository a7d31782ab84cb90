"""`phoenix shadow`: what strategies in SHADOW came to, and evidence that is brought in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.commands.promoting import PageOption, StrategyArgument, write_page
from phoenix.cli.commands.replay import AskOption, BidOption, SignalsOption
from phoenix.cli.completion import strategies
from phoenix.cli.desks import desk_at
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="What strategies in SHADOW came to, and evidence that is brought in.",
)  # fmt: skip
FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV or JSON; all of them, or nothing.")]
PairOption = Annotated[str, typer.Option("--pair", help="The instrument of the bars.")]
DryRunFlag = Annotated[bool, typer.Option("--dry-run", help="Show what would be recorded, and record nothing.")]
SoleArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="STRATEGY", help="Its name, in full; without it, the only one.", autocompletion=strategies,
        show_default=False,
    ),
]  # fmt: skip


@app.command()
def report(
    strategy: SoleArgument = None, home: HomeOption = None, page: PageOption = None, json: JsonFlag = False
) -> None:
    """Show a strategy's record: figures, checklist, sessions with their regimes; with --page, with pictures."""
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.promotion import strategy_document
    from phoenix.runtime.readings import sole

    with desk_at(home) as desk:
        known = [found.strategy_id for found in desk.read.strategies()]
        if strategy is None:
            strategy = sole(known, "strategy_id", "strategy is registered", "strategies are registered", "Name one")
        reading = desk.promotions.strategy(strategy)
    write_page(page, reading)

    def view() -> RenderableType:
        from phoenix.cli.views.promotions import record_view

        return record_view(reading)

    show(strategy_document(reading), view, as_json=json)


@app.command("import")
def import_files(
    strategy: StrategyArgument, files: FilesArgument, home: HomeOption = None, json: JsonFlag = False
) -> None:
    """Put performance of elsewhere on record, from CSV or JSON files: all of it, or nothing."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    with desk_at(home) as desk:
        outcome = desk.promotions.import_file(strategy, *files, signer=person())
        raise typer.Exit(show_outcome(outcome, json))


@app.command()
def follow(
    strategy: StrategyArgument,
    signals: SignalsOption,
    bid: BidOption,
    ask: AskOption,
    pair: PairOption,
    home: HomeOption = None,
    dry_run: DryRunFlag = False,
    json: JsonFlag = False,
) -> None:
    """Follow recorded signals over recorded bars as shadow, and put what that comes to on record."""
    from phoenix.cli.outcomes import exit_code_of
    from phoenix.cli.person import person
    from phoenix.cli.printing import console, print_json
    from phoenix.runtime.documents.outcomes import outcome_document, outcome_text
    from phoenix.runtime.documents.promotion import shadow_run_document

    with desk_at(home) as desk:
        desk.promotions.strategy(strategy)
        run = desk.promotions.follow(strategy, signals, bid, ask, pair)
        outcome = None if dry_run else desk.promotions.import_run(run, signer=person())
    if json:
        told = None if outcome is None else outcome_document(outcome)
        print_json({**shadow_run_document(run), "recorded": told})
    else:
        from phoenix.cli.views.promotions import run_view

        console().print(run_view(run))
        print("Nothing was recorded." if outcome is None else outcome_text(outcome))
    raise typer.Exit(ExitCode.OK if outcome is None else exit_code_of(outcome))


@app.command()
def trades(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the shadow trades that are followed at present."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.domain.instants import instant_text
    from phoenix.runtime.documents.promotion import shadow_trade_document

    with desk_at(home) as desk:
        found, now = desk.promotions.open_trades(), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.promotions import trades_view

        return trades_view(found, now)

    document = {"as_of": instant_text(now), "trades": [shadow_trade_document(trade) for trade in found]}
    show(document, view, as_json=json)
