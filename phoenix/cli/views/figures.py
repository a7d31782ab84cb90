"""Numbers and tables as people read them: thousands apart, money with cents, figures under each other."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.cli.views.times import span
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text

UNKNOWN = "unknown"
NONE = "-"
RIGHT = ">"
"""What the heading of a column begins with whose cells are aligned to the right."""


def units(quantity: Decimal | None) -> str:
    """A quantity with its thousands apart."""
    return NONE if quantity is None else f"{Decimal(decimal_text(quantity)):,f}"


def price(value: Decimal | None, instrument: Instrument | None) -> str:
    """A price with the decimals of its tick; an average that lies between two ticks has two more."""
    if value is None:
        return NONE
    if instrument is None:
        return decimal_text(value)
    if instrument.on_tick_grid(value):
        return instrument.price_text(value)
    return str(value.quantize(instrument.tick / 100))


def money(amount: Decimal | None, when_none: str = NONE) -> str:
    """An amount with two decimals."""
    return when_none if amount is None else f"{amount:,.2f}"


def gain(amount: Decimal | None, when_none: str = NONE) -> str:
    """Profit with its sign."""
    if amount is None:
        return when_none
    return f"{amount:+,.2f}" if abs(amount) >= Decimal("0.005") else "0.00"


def percent(ratio: Decimal) -> str:
    return f"{ratio * 100:.0f} %" if ratio in (ZERO, Decimal(1)) else f"{ratio * 100:.1f} %"


def age(then: datetime | None, now: datetime) -> str:
    return NONE if then is None else span(now - then)


def day_clock(instant: datetime, now: datetime) -> str:
    """The time of day with milliseconds, and the date where that is not today's."""
    clock = f"{instant:%H:%M:%S}.{instant.microsecond // 1000:03d}"
    return clock if instant.date() == now.date() else f"{instant:%Y-%m-%d} {clock}"


def table(*headings: str, apart: int = 2) -> Table:
    """An empty table without rules. A heading that begins with > has its figures aligned to the right.

    Neither figures nor the first column are ever broken; where it is narrow, the others are.
    """
    made = Table(box=None, padding=(0, apart, 0, 0), show_edge=False, pad_edge=False)
    for place, heading in enumerate(headings):
        is_right = heading.startswith(RIGHT)
        made.add_column(Text(heading.removeprefix(RIGHT), "bold"), justify="right" if is_right else "left",
                        no_wrap=is_right or place == 0, overflow="fold")  # fmt: skip
    return made


def add(to: Table, *cells: str) -> None:
    """A row of harmless text; a cell may have several lines."""
    to.add_row(*(Text(inert(cell)) for cell in cells))


def inert(text: str) -> str:
    """Outside text made harmless, line by line."""
    return "\n".join(plain(line) for line in text.split("\n"))
