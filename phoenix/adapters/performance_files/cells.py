"""The fields of a session and of a shadow autopsy in a file, each with the one way in which it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import decimal_text, parse_decimal
from phoenix.domain.vocabulary import ExitReason, MarketRegime, TradeOutcome

Cell: TypeAlias = "str | bool | None | Decimal | object"
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_TEXT_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """How one field reads; one that is not required may be left out or empty."""

    read: Callable[[str], Any]
    required: bool = True


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise InvalidValue("", f"{text!r} is not a date", "Write 2012-02-01")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue("", f"{text!r} is not a date", "Write 2012-02-01") from error


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise InvalidValue("", f"{text!r} is not a count", "Write digits, such as 3")
    return int(text)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise InvalidValue("", f"{text!r} is not a decimal number", "Write digits, such as -12.50")
    return parse_decimal(text)


def _text(text: str) -> str:
    if len(text) > _TEXT_MAX or not text.isprintable():
        raise InvalidValue("", "not printable text of at most 2000 characters", "Say it in fewer words")
    return text


def _word(words: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        try:
            return words(text)
        except ValueError as error:
            raise InvalidValue("", f"{text!r} is none of {', '.join(words)}", "Write one of these words") from error

    return read


SESSION: Mapping[str, Column] = {
    "strategy_id": Column(_text, required=False),
    "session_date": Column(_date),
    "market_regime": Column(_word(MarketRegime)),
    "trades": Column(_count),
    "pnl": Column(_number),
    "equity": Column(_number),
    "would_have_killed": Column(_count),
    "overrides": Column(_count),
}
AUTOPSY: Mapping[str, Column] = {
    "strategy_id": Column(_text, required=False),
    "signal_id": Column(_text),
    "pnl": Column(_number),
    "r_multiple": Column(_number, required=False),
    "duration_s": Column(_number),
    "exit_reason": Column(_word(ExitReason), required=False),
    "setup_type": Column(_text, required=False),
    "outcome": Column(_word(TradeOutcome), required=False),
    "pnl_percent": Column(_number, required=False),
    "entry_slippage": Column(_number, required=False),
    "exit_slippage": Column(_number, required=False),
    "thesis": Column(_text, required=False),
    "happened": Column(_text, required=False),
}


def read_row(place: str, row: Mapping[str, Cell], columns: Mapping[str, Column]) -> dict[str, Any]:
    """The typed values of a row. Raises InvalidValue naming the place and the field."""
    unknown = sorted(set(row) - set(columns))
    if unknown:
        raise InvalidValue(f"{place}.{unknown[0]}", "there is no such field", f"Use {', '.join(columns)}")
    return {name: _cell(f"{place}.{name}", row.get(name), column) for name, column in columns.items()}


def _cell(place: str, cell: Cell, column: Column) -> Any:
    text = decimal_text(cell) if isinstance(cell, Decimal) else cell
    if text is None or text == "":
        if column.required:
            raise InvalidValue(place, "absent", "Give it; absent is not zero")
        return None
    if not isinstance(text, str):
        raise InvalidValue(place, "not text and not a number", "Write one value")
    try:
        return column.read(text)
    except InvalidValue as error:
        raise InvalidValue(place, error.refused, error.remedy) from error
