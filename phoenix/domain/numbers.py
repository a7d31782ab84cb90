"""Decimals as text: equal numbers have equal text, whatever their trailing zeros."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from functools import lru_cache

from phoenix.domain.errors import InvalidValue

ZERO = Decimal(0)
MAGNITUDE_MAX = 60
"""Powers of ten beyond which no quantity or price lies; written out, more would fill the memory."""


def decimal_text(number: Decimal) -> str:
    """Plain notation without exponent, trailing zeros or negative zero. Raises InvalidValue for NaN and infinities."""
    if not number.is_finite():
        raise InvalidValue("number", f"{number} is not a finite number", "Give a finite decimal")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@lru_cache(maxsize=4096)
def parse_decimal(text: str) -> Decimal:
    """The finite decimal of a text. Raises InvalidValue otherwise."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidValue("number", f"{text!r} is not a decimal number", "Write digits, such as 1.25") from error
    if not number.is_finite():
        raise InvalidValue("number", f"{text!r} is not finite", "Give a finite decimal")
    if abs(number.adjusted()) > MAGNITUDE_MAX:
        raise InvalidValue("number", f"{text!r} is out of all proportion", "Give a number that something could cost")
    return number


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def is_multiple(number: Decimal, step: Decimal) -> bool:
    """Whether `number` lies on the grid of `step`, exactly."""
    return number % step == ZERO


def floor_to_step(number: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not above `number`."""
    return (number / step).to_integral_value(rounding=ROUND_FLOOR) * step
