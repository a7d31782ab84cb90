"""Reading the cells of a row that a hand may have changed: what does not read is named, with the remedy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from phoenix.adapters.simulation.keeping import BookRefused
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.domain.numbers import parse_decimal

V = TypeVar("V")

Row = Mapping[str, Any]


class Cells:
    """One row of a table; `key` tells it from the others. Getters raise BookRefused, naming the cell."""

    def __init__(self, table: str, key: str, row: Row) -> None:
        self._where = f"{table} ({key} {row[key]!r})"
        self._row = row

    def get(self, column: str) -> Any:
        return self._row[column]

    def read(self, column: str, reader: Callable[[Any], V]) -> V:
        """A cell that must hold something."""
        value = self._row[column]
        try:
            return reader(value)
        except (InvalidValue, ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise BookRefused(
                f"the simulated broker's book, {self._where}, {column}: {value!r} does not read ({error}). Correct it "
                f"there; nothing was changed"
            ) from error

    def optional(self, column: str, reader: Callable[[Any], V]) -> V | None:
        return None if self._row[column] is None else self.read(column, reader)

    def decimal(self, column: str) -> Decimal:
        return self.read(column, parse_decimal)

    def instant(self, column: str) -> datetime:
        return self.read(column, parse_instant)

    def instant_or(self, column: str, default: datetime) -> datetime:
        """An instant that a hand may have left out."""
        found = self.optional(column, parse_instant)
        return default if found is None else found


def parse_object(text: str) -> dict[str, Any]:
    """The JSON object of a text. Raises ValueError or TypeError."""
    value = json.loads(text)
    if not isinstance(value, dict):
        raise TypeError("no JSON object")
    return value


def decimal_cell(number: Decimal | None) -> str | None:
    """Plain notation, with the trailing zeros it came with."""
    return None if number is None else format(number, "f")


def instant_cell(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def json_cell(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
