"""Reading what a running executor shows of itself, without opening the store; quick to import, for quick commands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from phoenix.adapters.files import read_file
from phoenix.domain.errors import DomainError
from phoenix.domain.instants import parse_instant


@dataclass(frozen=True, slots=True)
class Status:
    """The status as of a bead. `document` is all of it; `quotes` are the last quotes, prices as text."""

    document: dict[str, Any]

    @property
    def head_seq(self) -> int:
        return int(self.document["head_seq"])

    @property
    def as_of(self) -> str:
        return str(self.document["as_of"])

    @property
    def quotes(self) -> dict[str, dict[str, str]]:
        shown = self.document.get("quotes")
        return {pair: quote for pair, quote in _mapping(shown).items() if isinstance(quote, dict)}

    @property
    def positions(self) -> dict[str, int]:
        """How many positions there are in each state that has any."""
        return {state: count for state, count in _mapping(self.document.get("positions")).items() if count}

    @property
    def kill_flags(self) -> list[dict[str, Any]]:
        shown = self.document.get("kill_flags")
        return [flag for flag in shown if isinstance(flag, dict)] if isinstance(shown, list) else []

    def instant(self, name: str) -> datetime | None:
        """One of the document's instants, or None where it has none that can be read."""
        try:
            return parse_instant(str(self.document[name]))
        except (KeyError, DomainError):
            return None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def read_status(path: Path) -> Status | None:
    """What was last shown, or None where nothing is, or nothing that can be read."""
    try:
        document = json.loads(read_file(path))
    except (OSError, ValueError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("head_seq"), int):
        return None
    status = Status(document)
    return None if status.instant("as_of") is None else status
