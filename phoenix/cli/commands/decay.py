"""`phoenix decay`: how far strategies have worn out, as whoever watches for it says."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import strategies
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag, RequiredReason
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="Say how far strategies have decayed, and list what was said.",
)  # fmt: skip


@app.command()
def tell(
    strategy: Annotated[
        str | None,
        typer.Argument(metavar="[STRATEGY]", help="One strategy.", autocompletion=strategies, show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All strategies.")] = False,
    *,
    score: Annotated[str, typer.Option("--score", "-s", help="From 0, which is sound, to 1, which is worn out.")],
    reason: RequiredReason,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Put on record how far a strategy has decayed: it may warn, or set a kill flag, which only a human lifts."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    if (strategy is None) is not every:
        raise typer.BadParameter("name one strategy, or say --all")
    number = _number(score)
    with desk_at(home) as desk:
        outcome = desk.promotions.tell_decay(strategy, number, reason, signer=person())
        raise typer.Exit(show_outcome(outcome, json))


@app.command("list")
def list_decays(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the last word on each strategy, and what the configured scores make of it."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.promotion import decays_document

    with desk_at(home) as desk:
        found, policy = desk.promotions.read.decays(), desk.home.settings.policy().decay
    now = SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.decay import decays_view

        return decays_view(found, policy, now)

    show(decays_document(found, policy, now), view, as_json=json)


def _number(text: str) -> Decimal:
    """Raises InvalidValue for what is no plain decimal number; its bounds are the core's."""
    from phoenix.domain.errors import InvalidValue
    from phoenix.domain.numbers import parse_decimal

    try:
        return parse_decimal(text)
    except InvalidValue as error:
        raise InvalidValue("score", f"{text!r} is not a decimal number", "Give a number from 0 to 1") from error
