"""`phoenix halt`: stop entries everywhere, at once; then, where asked to, cancel what rests and close what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.failures import exit_code_of
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.domain.errors import PhoenixError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.outcomes import Outcome


def halt(
    home: HomeOption = None,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; it stays on record.")] = "halted by hand",
    cancel_entries: Annotated[
        bool, typer.Option("--cancel-entries", help="Also ask the broker to cancel every resting entry.")
    ] = False,
    flatten: Annotated[
        bool, typer.Option("--flatten", help="Also close every open position, after one typed confirmation.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Stop all entries at once, with or without an executor; then list what rests and what is open."""
    from phoenix.cli.person import person
    from phoenix.runtime.words.ids import short

    with desk_at(home) as desk:
        flag_id = desk.set_kill(None, reason, signer=person())
        if not json:
            _tell(f"HALTED: no entry passes from now on, by kill flag {short(flag_id)}.")
            _tell(f"When the reason is gone: phoenix kill lift {short(flag_id)} --reason WHY")
        document: dict[str, Any] = {"flag_id": flag_id, "reason": reason}
        try:
            code = _go_on(desk, document, cancel_entries=cancel_entries, flatten=flatten, as_json=json)
        except PhoenixError as error:
            if not json:
                raise
            code, document["error"] = exit_code_of(error), str(error)
    if json:
        from phoenix.cli.printing import print_json

        print_json({**document, "exit_code": int(code)})
    raise typer.Exit(code)


def _go_on(desk: Desk, document: dict[str, Any], *, cancel_entries: bool, flatten: bool, as_json: bool) -> ExitCode:
    """Everything behind the flag; `document` grows with what came of it, however far it gets."""
    document.update(_list(desk, as_json=as_json))
    codes = [ExitCode.OK]
    if cancel_entries:
        document["cancels"], code = _cancel(desk, as_json=as_json)
        codes.append(code)
    if flatten:
        from phoenix.cli.commands.flattening import flatten_all

        document["exits"], code = flatten_all(desk, as_json=as_json)
        codes.append(code)
    return next((code for code in codes if code in (ExitCode.REFUSED, ExitCode.ERROR)), max(codes))


def _list(desk: Desk, *, as_json: bool) -> dict[str, Any]:
    """What rests and what is open, as of the last bead."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.commands.position_screens import reading_of
    from phoenix.cli.printing import console
    from phoenix.domain.numbers import ZERO
    from phoenix.runtime.documents.positions import order_document, position_document

    now = SystemClock().now()
    resting = desk.read.resting_entries()
    opened = [reading_of(desk, found) for found in desk.read.positions() if found.open_quantity != ZERO]

    def view() -> RenderableType:
        from phoenix.cli.views.halting import halt_view

        return halt_view(resting, opened, desk.home.settings.account.currency, now)

    if not as_json:
        console().print(view())
    return {
        "resting_entries": [
            {"position_id": order.position_id, "pair": order.pair, **order_document(order.leg, None)}
            for order in resting
        ],
        "open_positions": [position_document(reading, now) for reading in opened],
    }


def _cancel(desk: Desk, *, as_json: bool) -> tuple[list[dict[str, Any]], ExitCode]:
    """Ask for the cancel of every resting entry, all at once, and tell what came of each."""
    from phoenix.cli.commands.several import decided, draft, worst_of
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.documents.outcomes import outcome_document

    names = dict.fromkeys(order.position_id for order in desk.read.resting_entries())
    drafts = [draft(DecisionKind.CANCEL, name, reason="halted") for name in names]
    outcomes: list[Outcome] = decided(desk, drafts, as_json=as_json)
    return [outcome_document(outcome) for outcome in outcomes], worst_of(outcomes)


def _tell(line: str) -> None:
    print(line, flush=True)
