"""What `phoenix shadow` shows: reports, what was read or followed, and what became of an import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.adapters.performance_files import PerformanceFile
    from phoenix.cli.exit_codes import ExitCode
    from phoenix.domain.encoding import Json
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.outcomes import Outcome


def show_standings(desk: Desk, *, as_json: bool) -> None:
    """A line for every strategy."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.domain.instants import instant_text
    from phoenix.runtime.documents.promotion import standing_document

    standings = list(desk.promotions.read.standings().values())
    currency = desk.home.settings.account.currency
    document = {
        "as_of": instant_text(SystemClock().now()),
        "currency": currency,
        "strategies": [standing_document(standing) for standing in standings],
    }

    def view() -> RenderableType:
        from phoenix.cli.views.shadow import standings_view

        return standings_view(standings, currency)

    show(document, view, as_json=as_json)


def show_report(desk: Desk, strategy: str, page: Path | None, *, overwrite: bool, as_json: bool) -> None:
    """Everything about one strategy, and its page where one was asked for."""
    from phoenix.cli.pages import write_page
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.promotion import strategy_document

    reading, rule = desk.promotions.strategy(strategy), desk.promotions.regime_rule()
    write_page(page, reading, rule, overwrite=overwrite, as_json=as_json)

    def view() -> RenderableType:
        from phoenix.cli.views.promotion import report_view

        return report_view(reading, rule)

    show(strategy_document(reading, rule), view, as_json=as_json)


def show_read(read: Sequence[PerformanceFile], *, as_json: bool) -> None:
    """What files hold that nothing was recorded of."""
    from phoenix.cli.plain import plain

    for one in () if as_json else read:
        print(f"{plain(one.name)}: {_counted(len(one.sessions), len(one.autopsies))}, all sound")
    files: list[Json] = [
        {"file": one.name, **_counts(len(one.sessions), len(one.autopsies))} for one in read
    ]  # fmt: skip
    show_unrecorded({"files": files}, as_json=as_json)


def show_unrecorded(document: dict[str, Json], *, as_json: bool) -> None:
    """That it was only looked at."""
    from phoenix.cli.printing import print_json

    if as_json:
        print_json({"outcome": "NOT_RECORDED", "said": "nothing was recorded", **document})
    else:
        print("Nothing was recorded.")


def show_import(
    outcome: Outcome, given: tuple[int, int], *, as_json: bool, about: dict[str, Json] | None = None
) -> ExitCode:
    """What became of an import: what is new on record, and what was there already. Answers the code to leave with."""
    from phoenix.cli.outcomes import exit_code_of, show_outcome
    from phoenix.cli.printing import print_json
    from phoenix.runtime.documents.outcomes import outcome_document
    from phoenix.runtime.readings.outcomes import OutcomeStatus

    is_done = outcome.status is OutcomeStatus.DONE
    known = (given[0] - outcome.imported[0], given[1] - outcome.imported[1]) if is_done else (0, 0)
    if as_json:
        counts = {"given": _counts(*given), "recorded": _counts(*outcome.imported), "passed_over": _counts(*known)}
        print_json({**outcome_document(outcome), **counts, **(about or {})})
        return exit_code_of(outcome)
    code = show_outcome(outcome, as_json=False)
    if any(known):
        print(f"  On record before, with the same content, and passed over: {_counted(*known)}")
    return code


def _counted(sessions: int, autopsies: int) -> str:
    from phoenix.runtime.documents.outcomes import counted

    return f"{counted(sessions, 'session')}, {counted(autopsies, 'autopsy', 'autopsies')}"


def _counts(sessions: int, autopsies: int) -> dict[str, Json]:
    return {"sessions": str(sessions), "autopsies": str(autopsies)}
