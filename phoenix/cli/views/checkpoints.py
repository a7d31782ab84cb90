"""The signed checkpoints as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.ports.checkpoints import Checkpoint


def checkpoints_table(taken: Sequence[Checkpoint]) -> RenderableType:
    """Oldest first: up to which bead, its hash, and when."""
    if not taken:
        return Text("No checkpoint was taken yet. phoenix checkpoint takes one.")
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("Bead", justify="right", no_wrap=True)
    table.add_column("Taken (UTC)", no_wrap=True)
    table.add_column("Hash of the bead", no_wrap=True)
    for checkpoint in taken:
        table.add_row(str(checkpoint.seq), f"{checkpoint.taken_at:%Y-%m-%d %H:%M:%S}", checkpoint.bead_hash)
    return table
