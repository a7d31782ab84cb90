"""`phoenix drift`: differences between Phoenix's book and the broker's, until a human has resolved them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import drifts as open_drifts
from phoenix.cli.completion import positions
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.cli.plain_help import PlainGroup
from phoenix.domain.vocabulary import Resolution

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.corrections import Correction

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="List and resolve differences between the books; entries in the pair wait until then.",
)  # fmt: skip

_NOBODY = "NONE"


@app.command("list")
def list_drifts(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the differences that nobody has resolved yet, and what is at the broker and nobody's."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.reconciliation import drifts_document

    with desk_at(home) as desk:
        found, unclaimed, now = desk.read.drifts(), desk.books.unclaimed(), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.books import drifts_view

        return drifts_view(found, unclaimed, now)

    show(drifts_document(found, unclaimed, now), view, as_json=json)


@app.command("show")
def show_drift(
    drift: Annotated[
        str, typer.Argument(metavar="ID", help="Drift, or a unique beginning of its id.", autocompletion=open_drifts)
    ],
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Show both sides of a difference, and what each way to resolve it would change in Phoenix's book."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.person import person
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.reconciliation import drift_reading_document

    with desk_at(home) as desk:
        reading, now = desk.books.drift(drift, signer=person()), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.books import drift_view

        return drift_view(reading, now)

    show(drift_reading_document(reading, now), view, as_json=json)


@app.command()
def resolve(
    drift: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Drift, or an execution or order that is nobody's; a unique beginning will do.",
            autocompletion=open_drifts,
        ),
    ],
    how: Annotated[
        Resolution,
        typer.Option("--as", case_sensitive=False, help="PHOENIX_CORRECTED, BROKER_CORRECTED or ACKNOWLEDGED."),
    ],
    reason: Annotated[str, typer.Option("--reason", "-r", help="What was found and done; it stays on record.")],
    position: Annotated[
        str | None,
        typer.Option(
            "--position", "-p", help="The position that bears a corrected net, or NONE.", autocompletion=positions
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only show what it would change.")] = False,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Record how a difference was settled. Only PHOENIX_CORRECTED changes Phoenix's book: to what the broker has.

    What it changes is shown before it is done. An execution or an order that is nobody's can be ACKNOWLEDGED: it is
    then none of Phoenix's, and waits for adoption no longer. Leaves with 0, 3 where it is refused, 7 where no executor
    has answered in time.
    """
    from phoenix.cli.outcomes import exit_code_of, show_outcome
    from phoenix.cli.person import person
    from phoenix.cli.printing import print_json
    from phoenix.runtime.documents.outcomes import outcome_document
    from phoenix.runtime.documents.reconciliation import correction_document

    with desk_at(home) as desk:
        subject, bearer = desk.books.subject(drift), _bearer(desk, position)
        correction = desk.books.correction(subject, how, bearer, signer=person(), notes=reason)
        if dry_run:
            raise typer.Exit(_show_correction(correction, as_json=json))
        if not json and correction.refusal is None:
            _print_lines(correction)
        outcome = desk.books.resolve(subject, how, bearer, signer=person(), notes=reason)
        if json:
            print_json({**outcome_document(outcome), "correction": correction_document(correction)})
            raise typer.Exit(exit_code_of(outcome))
        raise typer.Exit(show_outcome(outcome, json))


def _bearer(desk: Desk, named: str | None) -> str | None:
    """The id of the position that was named. Raises Refused."""
    if named is None or named.upper() == _NOBODY:
        return None if named is None else _NOBODY
    return desk.read.position(named).position_id


def _show_correction(correction: Correction, *, as_json: bool) -> int:
    from phoenix.cli.exit_codes import ExitCode
    from phoenix.cli.printing import print_json
    from phoenix.runtime.documents.reconciliation import correction_document

    if as_json:
        print_json({"dry_run": True, "correction": correction_document(correction)})
    else:
        _print_lines(correction)
    return ExitCode.OK if correction.refusal is None else ExitCode.REFUSED


def _print_lines(correction: Correction) -> None:
    from phoenix.cli.plain import plain
    from phoenix.cli.views.books import correction_lines

    print("\n".join(plain(line) for line in correction_lines(correction)))
