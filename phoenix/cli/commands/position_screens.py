"""What `phoenix positions` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from phoenix.cli.desks import desk_at

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from phoenix.domain.position import Position
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.positions import PositionReading


def show_positions(home: Path | None, *, ended: bool, as_json: bool) -> None:
    """The table of positions and what waits for adoption."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.positions import positions_document
    from phoenix.runtime.readings.adoptable import waiting_for_adoption

    with desk_at(home) as desk:
        readings = [reading_of(desk, position) for position in desk.read.positions(ended=ended)]
        adoptables = waiting_for_adoption(desk.store)
        currency, now = desk.home.settings.account.currency, SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.positions import positions_view

        return positions_view(readings, adoptables, currency, now)

    show(positions_document(readings, adoptables, currency, now), view, as_json=as_json)


def show_whole(home: Path | None, position: str | None, *, as_json: bool) -> None:
    """Everything about one position."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.positions import whole_position_document
    from phoenix.runtime.readings.orders import last_words_of

    with desk_at(home) as desk:
        reading = reading_of(desk, desk.read.position(position))
        words = last_words_of(desk.store, [reading.position.position_id])
        currency, now = desk.home.settings.account.currency, SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.position import position_view

        return position_view(reading, words, currency, now)

    show(whole_position_document(reading, words, now), view, as_json=as_json)


def show_history(home: Path | None, position: str | None, *, as_json: bool) -> None:
    """One position's story."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.history import history_document
    from phoenix.runtime.readings.stories import whole_story

    with desk_at(home) as desk:
        found = desk.read.position(position)
        story = whole_story(desk.store, found)

    def view() -> RenderableType:
        from phoenix.cli.views.history import history_view

        return history_view(story, SystemClock().now())

    show(history_document(found.position_id, story), view, as_json=as_json)


def settle_position(
    home: Path | None, position: str | None, permanent_id: str | None, reason: str, *, as_json: bool
) -> None:
    """Show what the broker's books last said of an order in question, then put the human's word on record."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.outcomes import exit_code_of, show_outcome
    from phoenix.cli.person import person
    from phoenix.cli.printing import print_json
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.documents.outcomes import outcome_document
    from phoenix.runtime.documents.settling import question_document, question_lines
    from phoenix.runtime.readings.orders import last_words_of

    with desk_at(home) as desk:
        found, session = desk.read.position(position), desk.read.session()
        words, now = last_words_of(desk.store, [found.position_id]), SystemClock().now()
        if not as_json:
            from phoenix.cli.views.figures import inert

            print(inert("\n".join(question_lines(found, session, words, now))))
        kind = DecisionKind.ATTEST_ABSENT if permanent_id is None else DecisionKind.BIND
        detail = {} if permanent_id is None else {"permanent_id": permanent_id}
        outcome = desk.decide(kind, found.position_id, signer=person(), reason=reason, detail=detail)
        if not as_json:
            raise typer.Exit(show_outcome(outcome, as_json))
        print_json({**outcome_document(outcome), "question": question_document(found, session, words)})
        raise typer.Exit(exit_code_of(outcome))


def reading_of(desk: Desk, position: Position) -> PositionReading:
    """A position, marked to the last quote that an executor has shown; nothing is asked of the broker."""
    from phoenix.runtime.readings.positions import read_position

    pair = position.terms.pair
    return read_position(position, desk.home.settings.policy().instruments.get(pair), desk.shown_quote(pair))
