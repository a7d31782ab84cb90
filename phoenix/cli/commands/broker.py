"""`phoenix broker`: the session with the broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption
from phoenix.cli.plain_help import PlainGroup

if TYPE_CHECKING:
    from rich.console import RenderableType

    from phoenix.ports.lock import Holder

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, rich_markup_mode=None, help="Show the broker session, and open it anew."
)  # fmt: skip


@app.command()
def status(home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show the broker session as the beads tell it. Connects to nothing."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.safety import session_document

    with desk_at(home) as desk:
        session, adapter = desk.read.session(), desk.home.settings.broker.adapter
        executor, now = _executor(desk.executor()), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.safety import session_view

        return session_view(session, adapter, executor, now)

    show({**session_document(session), "adapter": adapter, "executor": executor}, view, as_json=json)


@app.command()
def reconnect(home: HomeOption = None, reason: ReasonOption = None, json: JsonFlag = False) -> None:
    """Have the executor open the session anew, once it has given up by itself or the line stays down."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    with desk_at(home) as desk:
        outcome = desk.reconnect(signer=person(), reason=reason)
        raise typer.Exit(show_outcome(outcome, json))


def _executor(holder: Holder | None) -> str | None:
    if holder is None:
        return None
    return f"{holder.command}, process {holder.pid} of {holder.user} on {holder.host}"
