"""A position's whole story, bead by bead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import RenderableType

from phoenix.cli.views.figures import add, day_clock, table
from phoenix.domain.beads.envelope import SealedBead
from phoenix.runtime.words.beads import words_of


def history_view(story: Sequence[SealedBead], now: datetime) -> RenderableType:
    """A row for each bead, oldest first, at the instant it was recorded."""
    made = table(">Bead", "Recorded (UTC)", "Type", "What it tells")
    for item in story:
        bead = item.bead
        add(made, str(item.seq), day_clock(bead.timestamp, now), bead.payload.bead_type.value, words_of(bead))
    return made
