"""The signal inbox: a folder into which any program drops signals, each answered once (see the inbox documentation).

A document is written under another name and then renamed to NAME.json; whatever does not end in .json, or begins with
a dot, is left alone as unfinished. A document is picked up by a rename into processing/, taken in like any other
signal, answered in NAME.answer.json, and put away into accepted/ or refused/. After a crash whatever lies in
processing/ is taken in again; the signal's id makes sure that this changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import orjson

from phoenix.application.signals.intake import SignalOutcome
from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.runtime.documents.outcomes import signal_outcome_document
from phoenix.runtime.fault_points import FaultPoints

Ingest: TypeAlias = Callable[[bytes], Awaitable[SignalOutcome]]

SUFFIX = ".json"
ANSWER_SUFFIX = ".answer.json"
PICKED_UP_MAX = 50
"""How many documents are taken in at one go, so that a full folder does not keep decisions waiting."""


class Inbox:
    """Takes in what lies in a folder. Documents go through `ingest`, oldest name first."""

    def __init__(self, folder: Path, ingest: Ingest, faults: FaultPoints) -> None:
        self._folder = folder
        self._ingest = ingest
        self._faults = faults
        for name in ("processing", "accepted", "refused"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def pick_up(self) -> None:
        """Take in what was dropped, and first what a crash left half done."""
        for path in self._documents(self._folder / "processing"):
            await self._take_in(path)
        for path in self._documents(self._folder)[:PICKED_UP_MAX]:
            taken = self._free(self._folder / "processing", path.name)
            self._faults.reach("inbox.pick_up.before")
            os.rename(path, taken)
            self._faults.reach("inbox.pick_up.after")
            await self._take_in(taken)

    def _documents(self, folder: Path) -> list[Path]:
        with os.scandir(folder) as entries:
            found = [
                Path(entry.path)
                for entry in entries
                if entry.name.endswith(SUFFIX) and not entry.name.startswith(".") and entry.is_file()
            ]
        return sorted(found)

    async def _take_in(self, path: Path) -> None:
        document = _read(path)
        self._faults.reach("inbox.ingest.before")
        outcome = await self._outcome(document)
        self._faults.reach("inbox.ingest.after")
        folder = self._folder / ("accepted" if outcome.refusal is None else "refused")
        place = folder / path.name
        if place.exists():
            place = folder / f"{path.stem}-{sha256(document).hexdigest()[:12]}{SUFFIX}"
        self._answer(place, outcome)
        self._faults.reach("inbox.put_away.before")
        os.replace(path, place)
        self._faults.reach("inbox.put_away.after")

    async def _outcome(self, document: bytes) -> SignalOutcome:
        if len(document) > DOCUMENT_BYTES_MAX:
            return SignalOutcome("", refusal=_too_long())
        return await self._ingest(document)

    def _answer(self, place: Path, outcome: SignalOutcome) -> None:
        """Write the answer beside the document's last place, whole or not at all."""
        self._faults.reach("inbox.answer.before")
        answer = place.with_name(place.name.removesuffix(SUFFIX) + ANSWER_SUFFIX)
        unfinished = answer.with_name(f".{answer.name}")
        unfinished.write_bytes(orjson.dumps(signal_outcome_document(outcome), option=orjson.OPT_INDENT_2) + b"\n")
        os.replace(unfinished, answer)
        self._faults.reach("inbox.answer.after")

    def _free(self, folder: Path, name: str) -> Path:
        """A name in a folder that nothing has yet."""
        place, number = folder / name, 1
        while place.exists():
            number += 1
            place = folder / f"{Path(name).stem}-{number}{SUFFIX}"
        return place


def _read(path: Path) -> bytes:
    """At most one byte more than a document may have: enough to see that it is too long."""
    with path.open("rb") as file:
        return file.read(DOCUMENT_BYTES_MAX + 1)


def _too_long() -> Refused:
    return Refused(
        RefusalReason.MALFORMED, "document", f"it has more than {DOCUMENT_BYTES_MAX} bytes",
        f"Send at most {DOCUMENT_BYTES_MAX} bytes",
    )  # fmt: skip
