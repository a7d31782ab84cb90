"""What a running executor says: lines for people, or one JSON document to a line for programs."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime

from phoenix.cli.gist import gist
from phoenix.cli.plain import json_safe, plain
from phoenix.domain.beads.envelope import BeadType, SealedBead
from phoenix.domain.instants import instant_text

_TOLD_OTHERWISE = frozenset({BeadType.ALERT})
"""Alerts come by themselves, with their runbooks."""
_DETAILS = frozenset(
    {BeadType.EVIDENCE, BeadType.ACCOUNT, BeadType.STATE_ANCHOR, BeadType.CHECKPOINT, BeadType.HEARTBEAT}
)


class PeopleLines:
    """An instant, and what happened, on one line. When quiet: alerts, the beginning and the end only."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet

    def say(self, line: str) -> None:
        print_line(f"{clock_text(datetime.now(UTC))} {plain(line)}")

    def tell(self, item: SealedBead) -> None:
        kind = item.bead.payload.bead_type
        if not self._is_quiet and kind not in _TOLD_OTHERWISE | _DETAILS:
            print_line(f"{clock_text(item.bead.timestamp)} bead {item.seq} {kind.value} {gist(item.bead.payload)}")


class ProgramLines:
    """Every line is a JSON document: `said` with its text, or `bead` with all of it. When quiet: no beads."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet

    def say(self, line: str) -> None:
        print_document({"at": instant_text(datetime.now(UTC)), "said": line})

    def tell(self, item: SealedBead) -> None:
        from phoenix.runtime.documents.beads import bead_document

        if not self._is_quiet:
            print_document({"at": instant_text(item.bead.timestamp), "bead": bead_document(item)})


def print_document(document: object) -> None:
    """A JSON document on a line of its own."""
    print_line(json_safe(json.dumps(document, ensure_ascii=False)))


def print_line(line: str) -> None:
    """A full disk behind the output, or a reader that has gone, ends no executor; alerts are in their file, too."""
    with suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def clock_text(instant: datetime) -> str:
    """An instant as people read it in a log."""
    return f"{instant:%Y-%m-%d %H:%M:%S}Z"
