"""`phoenix positions`: what is held and ordered, and what a human does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.commands.position_screens import show_history, show_positions, show_whole
from phoenix.cli.completion import positions as known_positions
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption, RequiredReason
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from pathlib import Path

    from phoenix.domain.encoding import Json
    from phoenix.domain.vocabulary import DecisionKind

app = typer.Typer(
    cls=PlainGroup, invoke_without_command=True, rich_markup_mode=None,
    help="Show positions, and cancel, close, protect, settle or adopt them.",
)  # fmt: skip

PositionArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="Position, or a unique beginning of its id; without it, the only one that lives.",
        autocompletion=known_positions, show_default=False,
    ),
]  # fmt: skip
AllFlag = Annotated[bool, typer.Option("--all", "-a", help="Ended ones too.")]


@app.callback()
def positions(context: typer.Context, home: HomeOption = None, ended: AllFlag = False, json: JsonFlag = False) -> None:
    """Show positions, and cancel, close, protect, settle or adopt them. Without a command: list them."""
    if context.invoked_subcommand is None:
        show_positions(home, ended=ended, as_json=json)


@app.command("list")
def list_positions(home: HomeOption = None, ended: AllFlag = False, json: JsonFlag = False) -> None:
    """List positions, what is wrong with any, and what waits for adoption."""
    show_positions(home, ended=ended, as_json=json)


@app.command()
def show(position: PositionArgument = None, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show everything about a position on one screen, and what can be done."""
    show_whole(home, position, as_json=json)


@app.command()
def history(position: PositionArgument = None, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Tell a position's whole story, bead by bead."""
    show_history(home, position, as_json=json)


@app.command()
def cancel(
    position: PositionArgument = None, home: HomeOption = None, reason: ReasonOption = None, json: JsonFlag = False
) -> None:
    """Ask the broker to cancel what still rests: an entry, an exit, or what an ended position left working."""
    from phoenix.domain.vocabulary import DecisionKind

    _decide(home, DecisionKind.CANCEL, position, reason, {}, as_json=json)


@app.command()
def close(
    position: PositionArgument = None,
    home: HomeOption = None,
    quantity: Annotated[str | None, typer.Option(help="Units to close; all that is open unless given.")] = None,
    reason: ReasonOption = None,
    json: JsonFlag = False,
) -> None:
    """Propose to close a position at the market; the exit then waits for its approval."""
    from phoenix.domain.vocabulary import DecisionKind

    detail: Json = {} if quantity is None else {"quantity": quantity}
    _decide(home, DecisionKind.CLOSE, position, reason, detail, as_json=json)


@app.command()
def protect(
    *,
    position: PositionArgument = None,
    stop: Annotated[str, typer.Option(metavar="PRICE", help="The new stop.")],
    home: HomeOption = None,
    target: Annotated[
        str | None, typer.Option(metavar="PRICE", help="The new target; without it there is none.")
    ] = None,
    reason: ReasonOption = None,
    json: JsonFlag = False,
) -> None:
    """Propose a new stop, and a target, in place of what protects a position; it then waits for its approval."""
    from phoenix.domain.vocabulary import DecisionKind

    detail: Json = {"stop_price": stop, "target_price": target} if target is not None else {"stop_price": stop}
    _decide(home, DecisionKind.PROTECT, position, reason, detail, as_json=json)


@app.command()
def settle(
    *,
    position: PositionArgument = None,
    reason: RequiredReason,
    home: HomeOption = None,
    absent: Annotated[bool, typer.Option("--absent", help="The broker does not have the order, or the fill.")] = False,
    permanent_id: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The permanent id under which the broker has the order.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Say what became of an order that Phoenix cannot tell, after looking at the broker's own terminal."""
    from phoenix.cli.commands.position_screens import settle_position

    if absent == (permanent_id is not None):
        raise typer.BadParameter("give either --absent or --permanent-id NUMBER")
    settle_position(home, position, permanent_id, reason, as_json=json)


@app.command()
def adopt(
    subject: Annotated[str | None, typer.Argument(help="What to adopt; without it, what there is is listed.")] = None,
    home: HomeOption = None,
    stop: Annotated[str | None, typer.Option(metavar="PRICE", help="The planned stop.")] = None,
    target: Annotated[str | None, typer.Option(metavar="PRICE", help="The planned target.")] = None,
    strategy: Annotated[str | None, typer.Option(help="Whose it is: for an execution or an order.")] = None,
    pair: Annotated[str | None, typer.Option(help="Instrument; only as the broker has it.")] = None,
    side: Annotated[str | None, typer.Option(metavar="SIDE", help="LONG or SHORT; only as the broker has it.")] = None,
    quantity: Annotated[str | None, typer.Option(metavar="UNITS", help="Units; only as the broker has them.")] = None,
    entry: Annotated[
        str | None, typer.Option(metavar="PRICE", help="Its price: for an order that the broker states none of.")
    ] = None,
    reason: ReasonOption = None,
    json: JsonFlag = False,
) -> None:
    """Make a position of something at the broker that belongs to none: a stray, an execution, an order.

    What it is, the broker's books say: whatever is said of instrument, side, quantity and price has to agree with them.
    """
    from phoenix.cli.commands.adopting import adopt_subject, show_adoptables

    if subject is None:
        show_adoptables(home, as_json=json)
        return
    given = {
        "stop_price": stop, "target_price": target, "strategy_id": strategy, "pair": pair,
        "side": None if side is None else side.upper(), "quantity": quantity, "entry_price": entry,
    }  # fmt: skip
    adopt_subject(home, subject, {name: value for name, value in given.items() if value is not None}, reason, json)


def _decide(
    home: Path | None, kind: DecisionKind, position: str | None, reason: str | None, detail: Json, *, as_json: bool
) -> None:
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    with desk_at(home) as desk:
        found = desk.read.position(position)
        outcome = desk.decide(kind, found.position_id, signer=person(), reason=reason, detail=detail)
        raise typer.Exit(show_outcome(outcome, as_json))
