"""A performance file: one strategy's sessions, and the autopsies of its shadow trades where it has any.

JSON is an object `{"sessions": [...], "autopsies": [...]}`, or a plain list of sessions. A CSV file holds one of the
two; its header says which. What is wrong is named by row and field; a file is taken whole or not at all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from phoenix.adapters.performance_files.cells import AUTOPSY, SESSION, Cell, read_row
from phoenix.application.signals.strict_json import Tree, read_json
from phoenix.domain.autopsy import outcome_of
from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.promotion.checks import check_session, check_shadow_autopsy, shadow_position_id
from phoenix.domain.refusals import Refused

BYTES_MAX = 1_000_000
VALUES_MAX = 50_000
_LISTS = frozenset({"sessions", "autopsies"})


@dataclass(frozen=True, slots=True)
class PerformanceFile:
    """What a file holds for one strategy."""

    name: str
    sessions: tuple[PerformancePayload, ...]
    autopsies: tuple[AutopsyPayload, ...]

    def as_import(self) -> dict[str, Json]:
        """The file as an import of performance takes it."""
        return {
            "origin": f"IMPORT {self.name}",
            "sessions": [encode_payload(session) for session in self.sessions],
            "autopsies": [encode_payload(autopsy) for autopsy in self.autopsies],
        }


def read_performance(file: Path, strategy_id: str, today: date) -> PerformanceFile:
    """The sessions and autopsies of a strategy in a file. Raises InvalidValue naming file, row, field and remedy."""
    raw = _bytes(file)
    if file.suffix.lower() == ".json":
        rows = list(_json_rows(file.name, raw))
    elif file.suffix.lower() == ".csv":
        rows = list(_csv_rows(file.name, raw))
    else:
        raise InvalidValue(file.name, "neither .csv nor .json", "Name the file after what it holds")
    sessions = tuple(_session(place, row, strategy_id, today) for kind, place, row in rows if kind == "sessions")
    autopsies = tuple(_autopsy(place, row, strategy_id) for kind, place, row in rows if kind == "autopsies")
    _require_distinct(file.name, "session_date", [one.session_date.isoformat() for one in sessions])
    _require_distinct(file.name, "signal_id", [one.position_id for one in autopsies])
    if not sessions and not autopsies:
        raise InvalidValue(file.name, "holds no session at all", "Give at least one")
    return PerformanceFile(file.name, sessions, autopsies)


def _bytes(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InvalidValue(str(file), f"cannot be read ({error.strerror})", "Give a readable file") from error
    if len(raw) > BYTES_MAX:
        raise InvalidValue(file.name, f"{len(raw)} bytes are too many", f"Import parts of at most {BYTES_MAX} bytes")
    return raw


_Row = tuple[str, str, Mapping[str, Cell]]
"""Which list a row belongs to, where it stands, and its cells."""


def _json_rows(name: str, raw: bytes) -> Iterator[_Row]:
    try:
        tree = read_json(raw, bytes_max=BYTES_MAX, values_max=VALUES_MAX)
    except Refused as refusal:
        raise InvalidValue(f"{name} {refusal.field}", refusal.detail, refusal.remedy) from refusal
    document = {"sessions": tree} if isinstance(tree, list) else tree
    if not isinstance(document, dict):
        raise InvalidValue(name, "neither an object nor a list", 'Write {"sessions": [...], "autopsies": [...]}')
    for key, rows in document.items():
        if key not in _LISTS:
            raise InvalidValue(f"{name} {key}", "there is no such field", "Use sessions and autopsies")
        yield from _list_rows(name, key, rows)


def _list_rows(name: str, key: str, rows: Tree) -> Iterator[_Row]:
    if not isinstance(rows, list):
        raise InvalidValue(f"{name} {key}", "not a list", "Write one object for each")
    for index, row in enumerate(rows):
        place = f"{name} {key}[{index}]"
        if not isinstance(row, dict):
            raise InvalidValue(place, "not an object", "Give the named fields")
        yield key, place, row


def _csv_rows(name: str, raw: bytes) -> Iterator[_Row]:
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidValue(name, "not UTF-8 text", "Save the file as UTF-8") from error
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        kind = _kind_of(name, header)
        for number, cells in enumerate(reader, start=2):
            place = f"{name} line {number}"
            if len(cells) != len(header):
                raise InvalidValue(place, f"{len(cells)} fields instead of {len(header)}", "Give one for each column")
            yield kind, place, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise InvalidValue(name, f"not CSV: {error}", "Write one row a line, fields apart by commas") from error


def _kind_of(name: str, header: list[str]) -> str:
    """Autopsies name signals, sessions have a date."""
    if len(set(header)) != len(header):
        raise InvalidValue(f"{name} line 1, header", "a column appears twice", "Keep one of them")
    if "session_date" not in header and "signal_id" not in header:
        raise InvalidValue(f"{name} line 1, header", "neither session_date nor signal_id", f"Use {', '.join(SESSION)}")
    return "sessions" if "session_date" in header else "autopsies"


def _session(place: str, row: Mapping[str, Cell], strategy_id: str, today: date) -> PerformancePayload:
    values = read_row(place, row, SESSION)
    session = PerformancePayload(**{**values, "strategy_id": _strategy(place, values, strategy_id)})
    try:
        check_session(session, today)
    except InvalidValue as error:
        raise InvalidValue(f"{place}.{error.field}", error.refused, error.remedy) from error
    return session


def _autopsy(place: str, row: Mapping[str, Cell], strategy_id: str) -> AutopsyPayload:
    values = read_row(place, row, AUTOPSY)
    autopsy = AutopsyPayload(
        position_id=shadow_position_id(values["signal_id"]), signal_id=values["signal_id"],
        strategy_id=_strategy(place, values, strategy_id),
        outcome=(values["outcome"] or outcome_of(values["pnl"])).value, pnl=values["pnl"],
        pnl_percent=values["pnl_percent"], r_multiple=values["r_multiple"], duration_s=values["duration_s"],
        exit_reason=values["exit_reason"], entry_slippage=values["entry_slippage"],
        exit_slippage=values["exit_slippage"], evidence_hash=None, thesis=values["thesis"] or "not stated",
        happened=values["happened"] or "not stated", shadow=True, setup_type=values["setup_type"],
    )  # fmt: skip
    try:
        check_shadow_autopsy(autopsy)
    except InvalidValue as error:
        raise InvalidValue(f"{place}.{error.field}", error.refused, error.remedy) from error
    return autopsy


def _strategy(place: str, values: Mapping[str, Any], strategy_id: str) -> str:
    named = values["strategy_id"]
    if named not in (None, strategy_id):
        raise InvalidValue(f"{place}.strategy_id", f"{named!r} is not {strategy_id!r}", "Import each strategy apart")
    return strategy_id


def _require_distinct(name: str, field: str, keys: list[str]) -> None:
    twice = next((key for index, key in enumerate(keys) if key in keys[:index]), None)
    if twice is not None:
        raise InvalidValue(f"{name} {field}", f"{twice} is given twice", "Keep each once")
