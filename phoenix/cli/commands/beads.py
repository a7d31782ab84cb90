"""`phoenix beads`: the record itself, to be read, verified and taken elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.homes import home_directory
from phoenix.cli.options import NUMBER_MAX, HomeOption, JsonFlag
from phoenix.domain.beads.envelope import BeadType

STANDARD = Path("-")
"""Standard output."""

app = typer.Typer(help="Read, verify and export the chain of beads.", no_args_is_help=True)

TypesOption = Annotated[
    list[BeadType] | None,
    typer.Option("--type", "-t", case_sensitive=False, help="Only beads of this type; may be given several times."),
]
AfterOption = Annotated[
    int | None, typer.Option("--after", min=0, max=NUMBER_MAX, metavar="SEQ", help="Only beads behind this one.")
]
LimitOption = Annotated[
    int,
    typer.Option(
        "--limit",
        "-n",
        min=1,
        max=NUMBER_MAX,
        metavar="N",
        help="At most so many: the last, or with --after the first.",
    ),
]
PositionOption = Annotated[str | None, typer.Option("--position", metavar="ID", help="Only this position's story.")]
BeadArgument = Annotated[str, typer.Argument(metavar="SEQ|ID", help="Its place, or the beginning of its id.")]
QuickFlag = Annotated[bool, typer.Option("--quick", help="Hashes and links only; no bead is decoded.")]
HistoryFlag = Annotated[
    bool, typer.Option("--history", help="Judge every invariant from the beads and the simulated broker's ledger too.")
]
TargetArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A new file; - is standard output.")]


@app.command("list")
def list_beads(
    types: TypesOption = None,
    after: AfterOption = None,
    limit: LimitOption = 20,
    position: PositionOption = None,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """List beads, the newest last: the last 20 unless told otherwise."""
    from phoenix.cli.printing import show
    from phoenix.cli.views.beads import beads_table
    from phoenix.runtime.documents.beads import bead_document
    from phoenix.runtime.readings.beads import BeadFilter, some_beads

    with desk_at(home) as desk:
        position_id = None if position is None else desk.read.position(position).position_id
        which = BeadFilter(tuple(types or ()), position_id, after)
        beads = some_beads(desk.store, which, limit)
        show({"beads": list(map(bead_document, beads))}, lambda: beads_table(beads), as_json=json)


@app.command("show")
def show_bead(bead: BeadArgument, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show everything of one bead: envelope, place, hashes and payload."""
    from phoenix.cli.printing import show
    from phoenix.cli.views.beads import bead_view
    from phoenix.runtime.documents.beads import bead_document
    from phoenix.runtime.readings.beads import the_bead

    with desk_at(home) as desk:
        found = the_bead(desk.store, bead)
    show(bead_document(found), lambda: bead_view(found), as_json=json)


@app.command()
def verify(
    quick: QuickFlag = False, history: HistoryFlag = False, home: HomeOption = None, json: JsonFlag = False
) -> None:
    """Verify the chain, its checkpoint and its snapshot. Leaves with 1 where anything is wrong."""
    from phoenix.cli.printing import show
    from phoenix.cli.progress import progress_bar
    from phoenix.cli.views.record import record_view
    from phoenix.runtime.checkup.record import try_record
    from phoenix.runtime.documents.record import record_document
    from phoenix.runtime.home import Home

    opened = Home.open(home_directory(home))
    with progress_bar("Verifying", is_quiet=json) as on_walk:
        report = try_record(opened, thorough=not quick, with_history=history, on_walk=on_walk)
    code = ExitCode.OK if report.ok else ExitCode.ERROR
    show({**record_document(report), "exit_code": int(code)}, lambda: record_view(report), as_json=json)
    raise typer.Exit(code)


@app.command()
def export(
    file: TargetArgument, types: TypesOption = None, after: AfterOption = None, home: HomeOption = None,
) -> None:  # fmt: skip
    """Write beads as JSON lines that anyone can verify without Phoenix. Overwrites nothing."""
    import sys

    from phoenix.cli.printing import say
    from phoenix.runtime.documents.bead_export import export_to, require_free, write_lines
    from phoenix.runtime.readings.beads import BeadFilter

    if file != STANDARD:
        require_free(file)
    with desk_at(home) as desk:
        beads = BeadFilter(tuple(types or ()), None, after).read(desk.store)
        if file == STANDARD:
            write_lines(beads, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            say(f"Written: {export_to(file, beads)} beads to {file}")
