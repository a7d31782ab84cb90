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
_FIRST_STEPS_ON_PAPER = """\
Next, as docs/first-day-on-paper.md has it:
  {enter}phoenix config check       everything that a start would refuse
  phoenix drill              connect, and see what works"""


def init(
    directory: Annotated[Path, typer.Argument(help="Where the home is made.", file_okay=False)] = DEFAULT,
    account: Annotated[
        str, typer.Option(metavar="ID", help="The account, for good: SIM... is simulated, DU... on paper.")
    ] = "SIM0001",
    currency: Annotated[str, typer.Option(help="The currency that the account is kept in, for good.")] = "USD",
    json: JsonFlag = False,
) -> None:
    """Make a home: configuration, store, checkpoint key, inbox. For the simulator unless told otherwise.

    Overwrites nothing.
    """
    from datetime import UTC, datetime

    from phoenix.cli.printing import print_json
    from phoenix.domain.vocabulary import AccountMode
    from phoenix.runtime.documents.homes import home_document, made_lines
    from phoenix.runtime.home.making import account_named
    from phoenix.runtime.home.making import init as make_home

    home = make_home(directory, datetime.now(UTC), account_named(account, currency))
    if json:
        print_json(home_document(home))
        return
    print("\n".join(made_lines(home)))
    enter = "" if directory == DEFAULT else f"cd {directory}\n  "
    is_simulated = home.settings.account.mode is AccountMode.SIMULATOR
    print((_FIRST_STEPS if is_simulated else _FIRST_STEPS_ON_PAPER).format(enter=enter))


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
