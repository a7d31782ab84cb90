"""`phoenix promote`: what a strategy still lacks, or the ceremony that makes it LIVE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import strategies
from phoenix.cli.desks import desk_at
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption
from phoenix.cli.pages import OverwriteFlag, PageOption, write_page

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.domain.promotion.checklist import CheckItem
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.outcomes import Outcome
    from phoenix.runtime.readings.promotion_reviews import PromotionReview
    from phoenix.runtime.readings.promotions import StrategyRecord

StrategyArgument = Annotated[
    str, typer.Argument(metavar="STRATEGY", help="Its name, in full.", autocompletion=strategies, show_default=False)
]
CheckFlag = Annotated[bool, typer.Option("--check", help="Only look: nothing is asked for, nothing is recorded.")]
_BOOKS = "Nobody compares the books while no executor is at work; asking for the promotion has them compared first."


def promote(
    strategy: StrategyArgument,
    check: CheckFlag = False,
    page: PageOption = None,
    overwrite: OverwriteFlag = False,
    reason: ReasonOption = None,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Show what a promotion lacks, or have it typed out and let the strategy go LIVE. There is no way back.

    An attempt that is refused stays on record, with everything that is missing. Without a terminal, with --json, and on
    an account that is not simulated, a promotion that is asked for waits: phoenix pending, phoenix approve. Leaves with
    3 where something is missing, something forbids it, or it was not confirmed; with 7 where no executor has carried it
    out in time.
    """
    with desk_at(home) as desk:
        reading = desk.promotions.strategy(strategy)
        write_page(page, reading, desk.promotions.regime_rule(), overwrite=overwrite, as_json=json)
        if check or reading.checklist is None:
            raise typer.Exit(_show(desk, reading, as_json=json))
        raise typer.Exit(_attempt(desk, strategy, reason, as_json=json))


def _show(desk: Desk, reading: StrategyRecord, *, as_json: bool) -> ExitCode:
    """The record as it is. REFUSED while anything is missing that asking could not clear up."""
    from phoenix.cli.printing import show
    from phoenix.cli.ways_out import way_to_meet
    from phoenix.runtime.documents.promotion import strategy_document

    missing = _missing(desk, reading)
    ways = list(dict.fromkeys(way_to_meet(item.name.value, reading.strategy_id) for item in missing))
    is_unread = not reading.books_compared and desk.executor() is None and reading.checklist is not None

    def view() -> RenderableType:
        from phoenix.cli.views.promotion import strategy_view

        lines = [*([_BOOKS] if is_unread else []), *(f"Next: {way}" for way in ways)]
        return strategy_view(reading, hint="\n".join(lines))

    show(strategy_document(reading, desk.promotions.regime_rule()), view, as_json=as_json)
    return ExitCode.REFUSED if missing else ExitCode.OK


def _missing(desk: Desk, reading: StrategyRecord) -> list[CheckItem]:
    """What is missing; without an executor, not that the books are not compared, for asking compares them."""
    from phoenix.domain.promotion.checklist import CheckName

    is_compared_by_asking = not reading.books_compared and desk.executor() is None
    return [
        item
        for item in (() if reading.checklist is None else reading.checklist.missing)
        if not (item.name is CheckName.DRIFT and is_compared_by_asking)
    ]


def _attempt(desk: Desk, strategy: str, reason: str | None, *, as_json: bool) -> ExitCode:
    """Ask, unless that was done already; then have it typed out, where a person can."""
    from phoenix.cli.commands.deciding import confirmed
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    waiting = _waiting(desk, strategy)
    can_type = _is_for_typing(desk, as_json=as_json)
    if waiting is not None and not can_type:
        return _show_waiting(desk, waiting, as_json=as_json)
    intent_id = None if waiting is None else waiting.intent_id
    if intent_id is None:
        asked = desk.promotions.promote(strategy, signer=person(), reason=reason)
        intent_id = asked.intent_id
        if intent_id is None or asked.refusal is not None or not can_type:
            return _show_asked(asked, as_json=as_json)
    return show_outcome(confirmed(desk, intent_id, as_json=as_json), as_json)


def _is_for_typing(desk: Desk, *, as_json: bool) -> bool:
    """Whether a person sits here who can approve on this account."""
    import sys

    from phoenix.domain.vocabulary import AccountMode

    is_seen = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    return is_seen and desk.home.settings.account.mode is AccountMode.SIMULATOR


def _show_waiting(desk: Desk, waiting: PromotionReview, *, as_json: bool) -> ExitCode:
    """It was asked for before, and asking again would only make a second one of it."""
    from phoenix.cli.commands.reviewing import screens_of
    from phoenix.cli.printing import show

    document, view = screens_of(desk, waiting)
    show(document, lambda: view, as_json=as_json)
    return ExitCode.OK


def _show_asked(asked: Outcome, *, as_json: bool) -> ExitCode:
    """What asking came to; of a refusal, people see each item on a line of its own."""
    from phoenix.cli.outcomes import exit_code_of, show_outcome
    from phoenix.cli.plain import plain
    from phoenix.cli.ways_out import next_steps
    from phoenix.domain.promotion.checklist import items_in

    if as_json or asked.refusal is None:
        return show_outcome(asked, as_json)
    print(f"refused: {asked.refusal.reason.value} {asked.refusal.field}; this is on record")
    for line in (*items_in(asked.refusal.detail), *next_steps(asked)):
        print(f"  {plain(line)}")
    return exit_code_of(asked)


def _waiting(desk: Desk, strategy: str) -> PromotionReview | None:
    """What was asked for before and still covers the whole record, the newest of several."""
    from phoenix.runtime.readings.promotion_reviews import PromotionReview

    found = [
        review
        for review in desk.read.pending()
        if isinstance(review, PromotionReview) and review.strategy_id == strategy and not review.outdated
    ]
    return found[-1] if found else None
