"""`phoenix drift`: differences between Phoenix's book and the broker's, until a human has resolved them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import drifts as open_drifts
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.cli.plain_help import PlainGroup
from phoenix.domain.vocabulary import Resolution

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="List and resolve differences between the books; entries in the pair wait until then.",
)  # fmt: skip


@app.command("list")
def list_drifts(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the differences that nobody has resolved yet."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.safety import drifts_document

    with desk_at(home) as desk:
        found = desk.read.drifts()

    def view() -> RenderableType:
        from phoenix.cli.views.safety import drifts_view

        return drifts_view(found)

    show(drifts_document(found, SystemClock().now()), view, as_json=json)


@app.command()
def resolve(
    drift: Annotated[
        str, typer.Argument(metavar="ID", help="Drift, or a unique beginning of its id.", autocompletion=open_drifts)
    ],
    how: Annotated[
        Resolution,
        typer.Option("--as", case_sensitive=False, help="PHOENIX_CORRECTED, BROKER_CORRECTED or ACKNOWLEDGED."),
    ],
    reason: Annotated[str, typer.Option("--reason", "-r", help="What was found and done; it stays on record.")],
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Record how a difference was settled. Only PHOENIX_CORRECTED changes Phoenix's book: to what the broker has."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person
    from phoenix.domain.vocabulary import DecisionKind

    with desk_at(home) as desk:
        bead_id = desk.read.drift(drift).drift_bead_id
        outcome = desk.decide(
            DecisionKind.RESOLVE, bead_id, signer=person(), reason=reason, detail={"resolution": how.value}
        )
        raise typer.Exit(show_outcome(outcome, json))
