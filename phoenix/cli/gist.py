"""A bead on one line, wherever beads of many positions stand below each other."""

from __future__ import annotations

from phoenix.cli.plain import plain
from phoenix.domain.beads.catalogue import story_of
from phoenix.domain.beads.envelope import Payload
from phoenix.runtime.words.beads import told_by
from phoenix.runtime.words.ids import short

_GIST_MAX = 200


def gist(payload: Payload) -> str:
    """What the payload tells, in so many characters at the most, and of which position."""
    told, position = plain(told_by(payload)), story_of(payload)
    shown = told if len(told) <= _GIST_MAX else f"{told[: _GIST_MAX - 1]}…"
    return shown if position is None else f"{shown} [{plain(short(position))}]"
