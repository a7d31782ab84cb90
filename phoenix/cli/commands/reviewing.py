"""`phoenix pending` and `phoenix review`: what waits for a human."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import pending_intents
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.domain.encoding import Json
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings import Waiting

IntentArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="Intent, or a unique beginning of its id; without it, the only one that waits.",
        autocompletion=pending_intents, show_default=False,
    ),
]  # fmt: skip


def pending(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List every intent that waits for a decision, and what waits for an executor."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.reviews import pending_document

    with desk_at(home) as desk:
        read, now = desk.read, SystemClock().now()
        instruments = desk.home.settings.policy().instruments
        waiting = read.pending(), read.unanswered(), read.unread_signals()

    def view() -> RenderableType:
        from phoenix.cli.views.pending import pending_view

        return pending_view(*waiting, instruments, now)

    show(pending_document(*waiting, now), view, as_json=json)


def review(intent: IntentArgument = None, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show on one screen what an approval would send, the evidence for it, and how long it stands."""
    from phoenix.cli.printing import console, print_json

    with desk_at(home) as desk:
        document, view = screens_of(desk, desk.read.review(intent))
    if json:
        print_json(document)
    else:
        console().print(view)


def screens_of(desk: Desk, found: Waiting) -> tuple[dict[str, Json], RenderableType]:
    """A review for programs, and for people, as of now."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.views.reviews import review_view
    from phoenix.runtime.documents.reviews import review_document
    from phoenix.runtime.readings.reviews import Review

    now = SystemClock().now()
    if not isinstance(found, Review):
        from phoenix.cli.views.promotion import promotion_review_view

        return review_document(found, None, now), promotion_review_view(found, now)
    pair = found.position.terms.pair
    quote = desk.shown_quote(pair)
    instrument = desk.home.settings.policy().instruments.get(pair)
    return review_document(found, quote, now), review_view(found, quote, instrument, now)
