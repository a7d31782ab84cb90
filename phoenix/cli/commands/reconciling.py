"""`phoenix reconcile`: how Phoenix's book and the broker's compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.cli.exit_codes import ExitCode
    from phoenix.runtime.desk.books import Comparison


def reconcile(
    now: Annotated[bool, typer.Option("--now", help="Have the books compared now.")] = False,
    reason: ReasonOption = None,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Show how Phoenix's book and the broker's last compared; what is unknown of them comes first.

    Leaves with 0 where they agree, 5 where they differ or that is not settled, 4 where it is not known, 7 where a
    comparison was asked for and no executor has answered in time.
    """
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.person import person
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.reconciliation import comparison_document

    with desk_at(home) as desk:
        comparison = desk.books.compare(signer=person(), reason=reason) if now else desk.books.compared()
    at, code = SystemClock().now(), exit_code_of(comparison)

    def view() -> RenderableType:
        from phoenix.cli.views.books import comparison_view

        return comparison_view(comparison, at)

    show({**comparison_document(comparison, at), "exit_code": int(code)}, view, as_json=json)
    raise typer.Exit(code)


def exit_code_of(comparison: Comparison) -> ExitCode:
    """What a comparison comes to: not answered, not known, not the same, or the same."""
    from phoenix.cli.exit_codes import ExitCode
    from phoenix.domain.vocabulary import ReconciliationVerdict

    books, outcome = comparison.books, comparison.outcome
    if outcome is not None and outcome.refusal is not None:
        return ExitCode.REFUSED
    if outcome is not None and comparison.run is None:
        return ExitCode.NOT_YET_KNOWN
    if books.verdict is None or books.verdict is ReconciliationVerdict.UNKNOWN:
        return ExitCode.BROKER_UNREACHABLE
    is_same = books.verdict is ReconciliationVerdict.HEALTHY and not (books.drifts or books.stalled)
    return ExitCode.OK if is_same else ExitCode.DRIFT
