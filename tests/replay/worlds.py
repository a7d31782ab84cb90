"""Small made-up markets for replay tests: one line a minute, from 08:00 UTC on Monday 4 March 2024."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from tests.replay.oracle import Bar, Prices, Signal

OPENING = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)


def minute(number: int) -> datetime:
    """The instant `number` minutes after the first bar."""
    return OPENING + timedelta(minutes=number)


def market(*lines: str, spread: str = "0.0002") -> list[Bar]:
    """Consecutive minutes from bid prices "open high low close", the ask always one spread above."""
    return [_bar(minute(number), line, Fraction(spread)) for number, line in enumerate(lines)]


def flat(price: str, minutes: int) -> list[str]:
    """Lines of a bid that does not move."""
    return [f"{price} {price} {price} {price}"] * minutes


def signal(
    entry: str, stop: str, target: str, at_minute: int = 0, *, risk_percent: str = "1", is_limit: bool = False,
    name: str = "s",
) -> Signal:  # fmt: skip
    return Signal(
        name, minute(at_minute), Fraction(entry), Fraction(stop), Fraction(target), Fraction(risk_percent), is_limit
    )


def _bar(start: datetime, line: str, spread: Fraction) -> Bar:
    bid = Prices(*map(Fraction, line.split()))
    return Bar(start, bid, Prices(*(price + spread for price in bid)))
