"""A small picture of prices in text: a line from the lowest to the highest, with names above and the quote below."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

WIDTH = 76


class Mark(NamedTuple):
    """A price with its name, such as `stop`; `text` is how the price is written."""

    name: str
    price: Decimal
    text: str


def price_picture(marks: Sequence[Mark], quote: Mark | None) -> list[str]:
    """Names, prices, and the line they stand on; below it the quote. Low prices are on the left, whatever the side."""
    prices = [mark.price for mark in marks] + ([quote.price] if quote is not None else [])
    low, high = min(prices), max(prices)
    columns = [_column(mark.price, low, high) for mark in marks]
    lines = [
        _placed(columns, [mark.name for mark in marks]),
        _placed(columns, [mark.text for mark in marks]),
        _axis(columns),
    ]
    if quote is None:
        return lines
    column = _column(quote.price, low, high)
    return [*lines, _placed([column], ["▲"]), _placed([column], [f"{quote.name} {quote.text}"])]


def _column(price: Decimal, low: Decimal, high: Decimal) -> int:
    return 0 if high == low else int((price - low) / (high - low) * (WIDTH - 1))


def _axis(columns: Sequence[int]) -> str:
    return "".join("┼" if column in columns else "─" for column in range(WIDTH))


def _placed(columns: Sequence[int], texts: Sequence[str]) -> str:
    """Each text centred on its column as far as there is room; none touches its neighbour."""
    pairs = sorted(zip(columns, texts, strict=True))
    starts: list[int] = []
    free = 0
    for column, text in pairs:
        start = max(free, column - len(text) // 2)
        starts.append(start)
        free = start + len(text) + 2
    limit = WIDTH
    for index in range(len(pairs) - 1, -1, -1):
        starts[index] = max(0, min(starts[index], limit - len(pairs[index][1])))
        limit = starts[index] - 2
    line = ""
    for start, (_, text) in zip(starts, pairs, strict=True):
        line = line.ljust(start) + text
    return line
