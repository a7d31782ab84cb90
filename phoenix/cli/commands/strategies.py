"""`phoenix strategy`: which strategies signals may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None, help="List and register strategies."
)  # fmt: skip


@app.command("list")
def list_strategies(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the registered strategies: their modes, how far each is on its way to LIVE, what blocks its entries."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.safety import strategies_document

    with desk_at(home) as desk:
        found, standings = desk.read.strategies(), desk.promotions.read.standings()

    def view() -> RenderableType:
        from phoenix.cli.views.safety import strategies_view

        return strategies_view(found, standings)

    show(strategies_document(found, standings, SystemClock().now()), view, as_json=json)


@app.command()
def register(
    strategy: Annotated[str, typer.Argument(metavar="NAME", help="What signals will call it.")],
    description: Annotated[str, typer.Option("--description", "-d", help="What it does, for people.")],
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Register a strategy; its signals are proposed from then on."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person
    from phoenix.domain.vocabulary import DecisionKind

    with desk_at(home) as desk:
        outcome = desk.decide(DecisionKind.REGISTER_STRATEGY, strategy, signer=person(), reason=description)
        raise typer.Exit(show_outcome(outcome, json))
