"""`phoenix status`: one glance at a home. Imports nothing that takes long, for it is asked often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.cli.show_status import show_status

if TYPE_CHECKING:
    from pathlib import Path

_EVERY_S = 1.0
_TO_THE_TOP, _CLEAR_LINE, _CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


def status(
    home: HomeOption = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Show it anew every second, until Ctrl-C.")] = False,
    json: JsonFlag = False,
) -> None:
    """Show whether entries pass, who is the executor, and what waits for a human.

    Leaves with 0 where nothing is wrong, 6 under a global kill flag, 4 when the executor at work has no broker session
    or has fallen silent, 5 while the books differ, 1 where the store is missing or damaged. Without an
    executor, with 0 or what was shown last.
    """
    if watch and json:
        raise typer.BadParameter("--watch is for people; ask for --json again and again instead")
    directory = home_directory(home)
    if watch:
        _keep_showing(directory)
        return
    raise typer.Exit(show_status(directory, as_json=json))


def _keep_showing(directory: Path) -> None:
    """Draw the status over itself; where nobody sees a screen, one after another."""
    import sys
    from datetime import UTC, datetime
    from threading import Event

    from phoenix.cli.views.status import status_lines
    from phoenix.runtime.status.glance import glance

    is_screen, pause = sys.stdout.isatty(), Event()
    try:
        sys.stdout.write(_TO_THE_TOP + _CLEAR_BELOW if is_screen else "")
        while True:
            now = datetime.now(UTC)
            sys.stdout.write(_drawn([f"{now:%H:%M:%S} UTC", *status_lines(glance(directory), now)], is_screen))
            sys.stdout.flush()
            pause.wait(_EVERY_S)
    except KeyboardInterrupt:
        return


def _drawn(lines: list[str], is_screen: bool) -> str:
    if not is_screen:
        return "\n".join([*lines, "", ""])
    return _TO_THE_TOP + "".join(f"{line}{_CLEAR_LINE}\n" for line in lines) + _CLEAR_BELOW
