"""The signal inbox: a folder into which any program drops signals, each answered once (see the inbox documentation).

A document is written under another name and then renamed to NAME.json, NAME.yaml or NAME.yml; whatever ends otherwise,
or begins with a dot, is left alone as unfinished. A document is picked up by a rename into processing/, taken in like
any other signal, answered in NAME.answer.json, and put away into accepted/ or refused/. After a crash whatever lies in
processing/ is taken in again; the signal's id makes sure that this changes nothing.

A folder or a document that cannot be worked with is told of and left alone: whoever watches over positions has more to
do than to take in signals.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import orjson

from phoenix.adapters.files import read_file
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX, Reader, too_long
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.runtime.documents.outcomes import signal_outcome_document
from phoenix.runtime.faults.points import FaultPoints
from phoenix.runtime.saying import Say, Trouble
from phoenix.runtime.signals.notations import SUFFIXES, Notation

ANSWER_SUFFIX = ".answer.json"
PICKED_UP_MAX = 50
"""How many documents are taken in at one go, so that a full folder does not keep decisions waiting."""
NAME_BYTES_MAX = 200
"""A longer name is shortened, so that the answer can bear it too."""


class Ingest(Protocol):
    """Takes in a document that `read` reads."""

    def __call__(self, document: bytes, *, read: Reader) -> Awaitable[SignalOutcome]: ...


class Inbox:
    """Takes in what lies in a folder. Documents go through `ingest`, lowest name first."""

    def __init__(self, folder: Path, ingest: Ingest, faults: FaultPoints, say: Say) -> None:
        self._folder = folder
        self._ingest = ingest
        self._faults = faults
        self._say = say
        self._trouble = Trouble(say)
        self._left_alone: set[Path] = set()

    async def pick_up(self) -> None:
        """Take in what was dropped, and first what a crash left half done."""
        for path in self._half_done():
            await self._take_in(path)
        for path in self._dropped():
            taken = self._picked_up(path)
            if taken is not None:
                await self._take_in(taken)

    def _half_done(self) -> list[Path]:
        """What lies in processing/, but for what could not be put away before. The folders are made where need be."""
        try:
            for name in ("processing", "accepted", "refused"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
            found = self._documents(self._folder / "processing")
        except OSError as error:
            self._trouble.say_once(f"{error.filename}: no signals are picked up ({error.strerror})")
            return []
        return [path for path in found if path not in self._left_alone]

    def _dropped(self) -> list[Path]:
        try:
            found = self._documents(self._folder)[:PICKED_UP_MAX]
        except OSError:  # told of already
            return []
        return found

    def _picked_up(self, path: Path) -> Path | None:
        """Where a document lies once it was moved into processing/; None where it could not be."""
        self._faults.reach("inbox.pick_up.before")
        try:
            taken = self._free(self._folder / "processing", _short(path.name))
            os.rename(path, taken)
        except FileNotFoundError:  # whoever dropped it has taken it back
            return None
        except OSError as error:
            self._trouble.say_once(f"{path}: it cannot be picked up ({error.strerror})")
            return None
        self._faults.reach("inbox.pick_up.after")
        self._trouble.is_over()
        return taken

    def _documents(self, folder: Path) -> list[Path]:
        with os.scandir(folder) as entries:
            found = [
                Path(entry.path)
                for entry in entries
                if Notation.of_name(entry.name) and not entry.name.startswith(".") and entry.is_file()
            ]
        return sorted(found)

    async def _take_in(self, path: Path) -> None:
        document = _read(path)
        self._faults.reach("inbox.ingest.before")
        outcome = await self._outcome(document, Notation.of_name(path.name) or Notation.JSON)
        self._faults.reach("inbox.ingest.after")
        try:
            self._put_away(path, document, outcome)
        except OSError as error:
            self._left_alone.add(path)
            self._say(
                f"{path}: it was taken in, but its answer could not be left ({error.strerror}). It lies there until "
                "the next start"
            )

    def _put_away(self, path: Path, document: bytes | Refused, outcome: SignalOutcome) -> None:
        folder = self._folder / ("accepted" if outcome.refusal is None else "refused")
        place = folder / path.name
        if _bears_name(folder, path.stem):
            place = folder / f"{path.stem}-{_tail_for(document)}{path.suffix}"
        self._answer(place, outcome)
        self._faults.reach("inbox.put_away.before")
        os.replace(path, place)
        self._faults.reach("inbox.put_away.after")

    async def _outcome(self, document: bytes | Refused, notation: Notation) -> SignalOutcome:
        if isinstance(document, Refused):
            return SignalOutcome("", refusal=document)
        if len(document) > DOCUMENT_BYTES_MAX:
            return SignalOutcome("", refusal=too_long())
        return await self._ingest(document, read=notation.reader)

    def _answer(self, place: Path, outcome: SignalOutcome) -> None:
        """Write the answer beside the document's last place, whole or not at all."""
        self._faults.reach("inbox.answer.before")
        answer = place.with_name(place.stem + ANSWER_SUFFIX)
        unfinished = answer.with_name(f".{answer.name}")
        unfinished.write_bytes(orjson.dumps(signal_outcome_document(outcome), option=orjson.OPT_INDENT_2) + b"\n")
        os.replace(unfinished, answer)
        self._faults.reach("inbox.answer.after")

    def _free(self, folder: Path, name: str) -> Path:
        """A name in a folder that nothing has yet."""
        place, number = folder / name, 1
        while place.exists():
            number += 1
            place = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        return place


def _short(name: str) -> str:
    """A name, or what is left of it and a part of its hash where it is too long for an answer beside it."""
    encoded = os.fsencode(name)
    if len(encoded) <= NAME_BYTES_MAX:
        return name
    tail = f"-{sha256(encoded).hexdigest()[:12]}{Path(name).suffix}"
    return os.fsdecode(encoded[: NAME_BYTES_MAX - len(tail)]) + tail


def _bears_name(folder: Path, stem: str) -> bool:
    """Whether a document of this name lies there, in whatever notation: each has an answer of its own."""
    return any((folder / f"{stem}{suffix}").exists() for suffix in SUFFIXES)


def _tail_for(document: bytes | Refused) -> str:
    """What tells a document from another of its name; the same again for the same."""
    return sha256(b"" if isinstance(document, Refused) else document).hexdigest()[:12]


def _read(path: Path) -> bytes | Refused:
    """At most one byte more than a document may have: enough to see that it is too long."""
    try:
        return read_file(path, DOCUMENT_BYTES_MAX + 1)
    except OSError as error:
        return Refused(
            RefusalReason.MALFORMED, "document", f"it cannot be read ({error.strerror})",
            "Let the executor's user read what is dropped",
        )  # fmt: skip
