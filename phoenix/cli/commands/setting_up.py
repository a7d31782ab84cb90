"""`phoenix init` and `phoenix serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.homes import DEFAULT, home_directory
from phoenix.cli.options import HomeOption, JsonFlag

_FIRST_STEPS = """\
Next:
  {enter}phoenix serve              be the executor, in a terminal of its own
  phoenix simulate-signal    make up a signal to decide on
  phoenix pending            see what waits for a decision"""


def init(
    directory: Annotated[Path, typer.Argument(help="Where the home is made.", file_okay=False)] = DEFAULT,
    json: JsonFlag = False,
) -> None:
    """Make a home for the simulator: configuration, store, checkpoint key, inbox. Overwrites nothing."""
    from datetime import UTC, datetime

    from phoenix.cli.printing import print_json
    from phoenix.runtime.documents.homes import home_document, made_lines
    from phoenix.runtime.home.making import init as make_home

    home = make_home(directory, datetime.now(UTC))
    if json:
        print_json(home_document(home))
        return
    print("\n".join(made_lines(home)))
    enter = "" if directory == DEFAULT else f"cd {directory}\n  "
    print(_FIRST_STEPS.format(enter=enter))


def serve(
    home: HomeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only alerts, the beginning and the end.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document to a line.")] = False,
) -> None:
    """Be the executor until interrupted: act on decisions, follow orders, watch over positions.

    Leaves with 0 when told to stop (Ctrl-C or SIGTERM), 3 where the configuration, the account or another executor
    forbids the start, 1 where the store or its chain is not sound. What works at the broker goes on working.
    """
    import asyncio

    from phoenix.cli.serving_lines import PeopleLines, ProgramLines
    from phoenix.runtime.home import Home
    from phoenix.runtime.process.serve import serve as run

    lines = (ProgramLines if json else PeopleLines)(is_quiet=quiet)
    asyncio.run(run(Home.open(home_directory(home)), lines.say, lines.tell))
