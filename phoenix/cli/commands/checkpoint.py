"""`phoenix checkpoint`: sign where the chain ends, outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag

if TYPE_CHECKING:
    from phoenix.runtime.home import Home

ListFlag = Annotated[bool, typer.Option("--list", "-l", help="List those that were taken, instead of taking one.")]


def checkpoint(list_them: ListFlag = False, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Sign the chain's end into the checkpoint file, beside a running executor too. Keep a copy of it elsewhere."""
    from phoenix.runtime.home import Home

    opened = Home.open(home_directory(home))
    if list_them:
        _list(opened, as_json=json)
    else:
        _take(opened, as_json=json)


def _take(home: Home, *, as_json: bool) -> None:
    from phoenix.cli.printing import print_json
    from phoenix.domain.instants import instant_text
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.documents.checkpoints import checkpoint_document

    with Desk(home) as desk:
        taken = desk.checkpoint()
    if as_json:
        print_json(checkpoint_document(taken))
    else:
        print(f"Signed: the chain ends at bead {taken.seq}, {instant_text(taken.taken_at)}, in {home.checkpoints}")


def _list(home: Home, *, as_json: bool) -> None:
    from phoenix.adapters.checkpoints import FileCheckpoints
    from phoenix.cli.printing import show
    from phoenix.cli.views.checkpoints import checkpoints_table
    from phoenix.runtime.documents.checkpoints import checkpoint_document

    taken = FileCheckpoints(home.checkpoints, None, home.settings.checkpoints.public_key).every()
    document = {"file": str(home.checkpoints), "checkpoints": list(map(checkpoint_document, taken))}
    show(document, lambda: checkpoints_table(taken), as_json=as_json)
