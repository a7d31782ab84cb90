"""`phoenix promote`: a strategy's way from SHADOW to LIVE, by its checklist and a human's word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import strategies
from phoenix.cli.desks import desk_at
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.outcomes import Outcome
    from phoenix.runtime.readings.promotions import PromotionReview, StrategyRecord

StrategyArgument = Annotated[
    str, typer.Argument(metavar="STRATEGY", help="Its name, in full.", autocompletion=strategies, show_default=False)
]
PageOption = Annotated[
    Path | None,
    typer.Option("--page", dir_okay=False, help="Write the record as a page with pictures, for a browser."),
]
CheckFlag = Annotated[bool, typer.Option("--check", help="Only look: nothing is asked for, nothing is recorded.")]


def promote(
    strategy: StrategyArgument,
    home: HomeOption = None,
    check: CheckFlag = False,
    page: PageOption = None,
    reason: ReasonOption = None,
    json: JsonFlag = False,
) -> None:
    """Show what a promotion lacks, or have it typed out and let the strategy go LIVE. There is no way back.

    Leaves with 3 where something is missing or nothing was confirmed. Without a terminal, a promotion that is asked for
    waits: phoenix pending, phoenix approve.
    """
    with desk_at(home) as desk:
        reading = desk.promotions.strategy(strategy)
        write_page(page, reading)
        if check or reading.promoted is not None:
            raise typer.Exit(_show(reading, as_json=json))
        _go_through(desk, strategy, reason, as_json=json)


def write_page(page: Path | None, reading: StrategyRecord) -> None:
    """Write a strategy's page where one is wanted. Raises InvalidValue where there is no folder for it."""
    if page is None:
        return
    from phoenix.cli.outputs import require_folder
    from phoenix.cli.printing import say
    from phoenix.runtime.pages.promotion import promotion_page

    require_folder(page)
    page.write_text(promotion_page(reading), encoding="utf-8")
    say(f"Written: {page}")


def _show(reading: StrategyRecord, *, as_json: bool) -> ExitCode:
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.promotion import strategy_document

    def view() -> RenderableType:
        from phoenix.cli.views.promotions import record_view

        return record_view(reading)

    show(strategy_document(reading), view, as_json=as_json)
    is_met = reading.checklist is None or reading.checklist.is_complete
    return ExitCode.OK if is_met else ExitCode.REFUSED


def _go_through(desk: Desk, strategy_id: str, reason: str | None, *, as_json: bool) -> None:
    """Ask for the promotion, or take up one that waits, and have it approved where a person can."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    found = _waiting(desk, strategy_id)
    if found is None:
        asked = desk.promotions.promote(strategy_id, signer=person(), reason=reason)
        found = _waiting(desk, strategy_id)
        if found is None or asked.refusal is not None or not _is_for_typing(desk, as_json=as_json):
            _leave(asked, desk.promotions.strategy(strategy_id), as_json=as_json)
    elif not _is_for_typing(desk, as_json=as_json):
        from phoenix.cli.commands.reviewing import screens_of
        from phoenix.cli.printing import show

        document, view = screens_of(desk, found)
        show(document, lambda: view, as_json=as_json)
        raise typer.Exit(ExitCode.OK)
    assert found is not None
    from phoenix.cli.commands.deciding import confirmed

    raise typer.Exit(show_outcome(confirmed(desk, found, as_json=as_json), as_json))


def _waiting(desk: Desk, strategy_id: str) -> PromotionReview | None:
    """The promotion of a strategy that waits and can still be approved."""
    waiting = [one for one in desk.promotions.read.pending() if one.strategy_id == strategy_id and not one.outdated]
    return waiting[-1] if waiting else None


def _is_for_typing(desk: Desk, *, as_json: bool) -> bool:
    """Whether a person sits here who can approve on this account."""
    import sys

    from phoenix.domain.vocabulary import AccountMode

    is_seen = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    return is_seen and desk.home.settings.account.mode is AccountMode.SIMULATOR


def _leave(asked: Outcome, reading: StrategyRecord, *, as_json: bool) -> None:
    """Tell what asking came to: what is missing, or what waits for whom."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.printing import console

    if not as_json and asked.refusal is not None and reading.checklist is not None:
        from phoenix.cli.views.promotions import checklist_parts

        for part in checklist_parts(reading.checklist):
            console().print(part)
        print()
    raise typer.Exit(show_outcome(asked, as_json))
