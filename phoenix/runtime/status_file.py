"""Reading what a running executor shows of itself, without opening the store; quick to import, for quick commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


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
        return dict(self.document.get("quotes", {}))


def read_status(path: Path) -> Status | None:
    """What was last shown, or None where nothing is, or nothing that can be read."""
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return Status(document) if isinstance(document, dict) and {"head_seq", "as_of"} <= document.keys() else None
