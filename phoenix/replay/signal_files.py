"""Reads a folder of signal files, and puts them into the order of their times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from phoenix.application.signals.cse import read_signal
from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX, read_json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal

_UNREADABLE_COMES_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SignalFile:
    """One file as it stands, and the signal in it, or the refusal of what it holds instead."""

    name: str
    document: bytes
    reading: Signal | Refused

    @property
    def time(self) -> datetime | None:
        return self.reading.timestamp if isinstance(self.reading, Signal) else None

    @property
    def signal_id(self) -> str | None:
        """The signal's id; of a refused document the one it claims, if that much can be read."""
        if isinstance(self.reading, Signal):
            return self.reading.signal_id
        try:
            tree = read_json(self.document)
        except Refused:
            return None
        claimed = tree.get("signal_id") if isinstance(tree, dict) else None
        return claimed if isinstance(claimed, str) else None


def read_folder(folder: Path) -> tuple[SignalFile, ...]:
    """Every *.json of a folder, oldest signal first; what can't be read as a signal comes before them all.

    Raises InvalidValue for a folder without such files, or that can't be read.
    """
    try:
        files = [_read(file) for file in sorted(folder.glob("*.json"))]
    except OSError as error:
        raise InvalidValue(str(error.filename), f"cannot be read ({error.strerror})", "Make it readable") from error
    if not files:
        raise InvalidValue(str(folder), "holds no *.json file", "Give a folder of signals, one a file")
    return tuple(sorted(files, key=lambda file: (file.time or _UNREADABLE_COMES_FIRST, file.name)))


def common_pair(files: Sequence[SignalFile]) -> str:
    """The pair that most signals are for. Raises InvalidValue when not one file holds a signal."""
    pairs = Counter(file.reading.pair for file in files if isinstance(file.reading, Signal))
    if not pairs:
        raise InvalidValue("signals", "not one file holds a signal", "Mend the files, or name the pair with --pair")
    return pairs.most_common(1)[0][0]


def _read(file: Path) -> SignalFile:
    with file.open("rb") as stream:
        document = stream.read(DOCUMENT_BYTES_MAX + 1)
    return SignalFile(file.name, document, _reading(document))


def _reading(document: bytes) -> Signal | Refused:
    try:
        return read_signal(document)
    except Refused as refusal:
        return refusal
