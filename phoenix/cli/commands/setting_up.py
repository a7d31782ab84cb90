"""`phoenix init` and `phoenix serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.homes import DEFAULT, home_directory
from phoenix.cli.options import HomeOption
from phoenix.cli.printing import say


def init(
    directory: Annotated[Path, typer.Argument(help="Where the home is made.", file_okay=False)] = DEFAULT,
) -> None:
    """Make a home for the simulator: configuration, store, checkpoint key, inbox. Overwrites nothing."""
    from datetime import UTC, datetime

    from phoenix.runtime.home import init as make_home

    home = make_home(directory, datetime.now(UTC))
    say(f"Made {home.directory}: a simulated account, {home.settings.account.id}. Next: phoenix serve")


def serve(home: HomeOption = None) -> None:
    """Be the executor until interrupted: act on decisions, follow orders, watch over positions."""
    import asyncio

    from phoenix.runtime.home import Home
    from phoenix.runtime.serve import serve as run

    asyncio.run(run(Home.open(home_directory(home)), say))
