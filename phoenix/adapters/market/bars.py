"""Reads one-minute bars from a pair of CSV files, bid and ask.

Columns: timestamp (start of the minute, with an offset), open, high, low, close. A file is taken whole or refused: a
gap in the minutes is the market's, but a line that is not what it should be, or a minute that only one of the two
files has, says that the file is damaged, and a replay over damaged prices proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple

from phoenix.adapters.market.minute_bar import Bars, MinuteBar
from phoenix.domain.errors import InvalidValue

HEADER = "timestamp,open,high,low,close"
LINE_LENGTH_MAX = 200
_PRICE_FIELDS = ("open", "high", "low", "close")

_TIMESTAMP = r"[12]\d{3}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?"
_PRICE = r"\d{1,9}(?:\.\d{1,10})?"
_ROW = re.compile(",".join(f"({pattern})" for pattern in (_TIMESTAMP, *[_PRICE] * 4)), re.ASCII)


class SideRow(NamedTuple):
    """One line of one file."""

    line: int
    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


def load_bars(pair: str, bid_file: Path, ask_file: Path) -> Bars:
    """The minutes that the two files hold together. Raises InvalidValue naming file, line and field."""
    bids, asks = read_side(bid_file), read_side(ask_file)
    _require_same_minutes(bid_file, bids, ask_file, asks)
    return Bars(pair, tuple(MinuteBar(*bid[1:], *ask[2:]) for bid, ask in zip(bids, asks, strict=True)))


def read_side(file: Path) -> list[SideRow]:
    """The rows of one file, oldest first. Raises InvalidValue naming file, line and field."""
    try:
        with file.open("rb") as stream:
            rows = list(_rows(file.name, stream))
    except OSError as error:
        raise InvalidValue(str(file), f"cannot be read ({error.strerror})", "Give a readable CSV file") from error
    if not rows:
        raise InvalidValue(file.name, "holds no minute at all", "Give a file with at least one bar")
    return rows


def _rows(name: str, stream: BinaryIO) -> Iterator[SideRow]:
    lines = _lines(name, stream)
    _, header = next(lines, (1, ""))
    if header != HEADER:
        raise _refusal(name, 1, "header", f"{header!r} is not {HEADER!r}", "Write the header exactly so")
    previous = datetime.min.replace(tzinfo=UTC)
    for number, line in lines:
        row = _row(name, number, line)
        if row.start <= previous:
            detail = f"{row.start.isoformat()} does not come after {previous.isoformat()}"
            raise _refusal(name, number, "timestamp", detail, "Sort the minutes and keep each once")
        previous = row.start
        yield row


def _lines(name: str, stream: BinaryIO) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := stream.readline(LINE_LENGTH_MAX + 1):
        number += 1
        if len(raw) > LINE_LENGTH_MAX:
            detail = f"longer than {LINE_LENGTH_MAX} bytes"
            raise _refusal(name, number, "line", detail, "Give one bar per line")
        try:
            yield number, raw.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise _refusal(name, number, "line", "not UTF-8 text", "Save the file as UTF-8") from error


def _row(name: str, number: int, line: str) -> SideRow:
    found = _ROW.fullmatch(line)
    if found is None:
        raise _malformed(name, number, line)
    timestamp, *prices = found.groups()
    open_, high, low, close = map(Decimal, prices)
    if not (0 < low <= open_ <= high and low <= close <= high):
        raise _impossible(name, number, open_, high, low, close)
    return SideRow(number, _start(name, number, timestamp), open_, high, low, close)


def _start(name: str, number: int, text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        detail = f"{text!r} is not a date and time"
        raise _refusal(name, number, "timestamp", detail, "Write 2012-02-01 00:00:00+00:00") from error
    if start.tzinfo is None:
        raise _refusal(name, number, "timestamp", f"{text!r} has no offset", "Add +00:00 for UTC")
    if start.second or start.microsecond:
        detail = f"{text!r} is not the start of a minute"
        raise _refusal(name, number, "timestamp", detail, "Give one-minute bars")
    return start.astimezone(UTC)


def _malformed(name: str, number: int, line: str) -> InvalidValue:
    """Names the first field of a line that does not read as what it should be."""
    fields = line.split(",")
    if len(fields) != 1 + len(_PRICE_FIELDS):
        detail = f"{len(fields)} fields instead of {1 + len(_PRICE_FIELDS)}"
        return _refusal(name, number, "line", detail, f"Write {HEADER}")
    if not re.fullmatch(_TIMESTAMP, fields[0], re.ASCII):
        detail = f"{fields[0]!r} is not a date and time"
        return _refusal(name, number, "timestamp", detail, "Write 2012-02-01 00:00:00+00:00")
    field, text = next(
        (field, text)
        for field, text in zip(_PRICE_FIELDS, fields[1:], strict=True)
        if not re.fullmatch(_PRICE, text, re.ASCII)
    )
    detail = f"{text!r} is not a positive decimal price"
    return _refusal(name, number, field, detail, "Write digits, such as 1.57608")


def _impossible(name: str, number: int, open_: Decimal, high: Decimal, low: Decimal, close: Decimal) -> InvalidValue:
    """Names what contradicts what within one minute."""
    for field, price in zip(_PRICE_FIELDS, (open_, high, low, close), strict=True):
        if price <= 0:
            return _refusal(name, number, field, f"{price} is not above zero", "Give a price above zero")
    if high < max(open_, low, close):
        detail = f"{high} is below the minute's own {max(open_, low, close)}"
        return _refusal(name, number, "high", detail, "Give the highest price of the minute")
    detail = f"{low} is above the minute's own {min(open_, close)}"
    return _refusal(name, number, "low", detail, "Give the lowest price of the minute")


def _require_same_minutes(bid_file: Path, bids: list[SideRow], ask_file: Path, asks: list[SideRow]) -> None:
    bid_starts, ask_starts = {row.start for row in bids}, {row.start for row in asks}
    if bid_starts == ask_starts:
        return
    row, has, lacks = min(
        [(row, bid_file, ask_file) for row in bids if row.start not in ask_starts]
        + [(row, ask_file, bid_file) for row in asks if row.start not in bid_starts],
        key=lambda odd: odd[0].start,
    )
    detail = f"the minute {row.start.isoformat()} is missing, {has.name} line {row.line} has it"
    raise _refusal(lacks.name, None, "timestamp", detail, "Give both files the same minutes")


def _refusal(name: str, number: int | None, field: str, detail: str, remedy: str) -> InvalidValue:
    place = name if number is None else f"{name} line {number}"
    return InvalidValue(f"{place}, {field}", detail, remedy)
