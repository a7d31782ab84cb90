"""`phoenix kill`: flags that stop entries at once, and are lifted by a human with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import kill_flags
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag, RequiredReason
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import RenderableType

MINUTES_MAX = 60 * 24 * 366
"""A year; whatever is to stand for longer is to be lifted by a human."""

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None,
    help="Set, lift and list kill flags: they stop entries, never exits.",
)  # fmt: skip


@app.command("set")
def set_flag(
    reason: RequiredReason,
    home: HomeOption = None,
    strategy: Annotated[str | None, typer.Option(help="One strategy only; without it, all of them.")] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, max=MINUTES_MAX, help="End by itself after so long; otherwise never.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Stop entries at once, with or without an executor. Needs no confirmation."""
    from phoenix.cli.person import person
    from phoenix.cli.plain import plain
    from phoenix.cli.printing import print_json
    from phoenix.runtime.words.ids import short

    with desk_at(home) as desk:
        flag_id = desk.set_kill(strategy, reason, signer=person(), expires_at=_in(minutes))
        is_known = strategy is None or strategy in {known.strategy_id for known in desk.read.strategies()}
    if json:
        print_json(
            {"flag_id": flag_id, "strategy_id": strategy, "reason": reason, "strategy_is_registered": is_known}
        )  # fmt: skip
        return
    scope = "all strategies" if strategy is None else f"strategy {plain(strategy)}"
    print(f"Entries of {scope} are blocked from now on: kill flag {short(flag_id)}")
    if not is_known:
        print(
            "  WARNING: no such strategy is registered; the flag waits for it. Registered ones: phoenix strategy list"
        )
    print(f"  When the reason is gone: phoenix kill lift {short(flag_id)} --reason WHY")


@app.command()
def lift(
    flag: Annotated[
        str | None,
        typer.Argument(
            metavar="FLAG",
            help="Flag, or a unique beginning of its id; without it, the only one.",
            autocompletion=kill_flags,
            show_default=False,
        ),
    ] = None,
    *,
    reason: RequiredReason,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Lift a kill flag, so that entries pass again."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person
    from phoenix.domain.vocabulary import DecisionKind

    with desk_at(home) as desk:
        flag_id = _active(flag, [found.flag_id for found in desk.read.kill_flags()])
        outcome = desk.decide(DecisionKind.KILL_LIFT, flag_id, signer=person(), reason=reason)
        raise typer.Exit(show_outcome(outcome, json))


@app.command("list")
def list_flags(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List the active kill flags."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.safety import flags_document

    with desk_at(home) as desk:
        flags, now = desk.read.kill_flags(), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.safety import flags_view

        return flags_view(flags, now)

    show(flags_document(flags, now), view, as_json=json)


def _in(minutes: int | None) -> datetime | None:
    from datetime import timedelta

    from phoenix.adapters.clock import SystemClock

    return None if minutes is None else SystemClock().now() + timedelta(minutes=minutes)


def _active(named: str | None, flag_ids: list[str]) -> str:
    """The active flag whose id begins so and no other's does. Raises Refused."""
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import RefusalReason
    from phoenix.runtime.readings import sole

    if named is None:
        return sole(flag_ids, "flag_id", "kill flag is active", "kill flags are active", "phoenix kill list shows them")
    found = [flag_id for flag_id in flag_ids if named and flag_id.startswith(named)]
    if len(found) == 1:
        return found[0]
    detail = f"no active kill flag is {named}" if not found else f"{named} names {len(found)} kill flags"
    raise Refused(RefusalReason.NOT_FOUND, "flag_id", detail, "List the active ones with phoenix kill list")
