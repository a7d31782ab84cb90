"""Numbers as the client libraries hold them, made exact; and ours as they are sent, digit by digit."""

from __future__ import annotations

import math
import sys
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from phoenix.domain.numbers import decimal_text

UNSET_INTEGERS = frozenset({2**31 - 1, 2**63 - 1})
_LARGEST = Decimal(repr(sys.float_info.max))


def exact(value: float | str | Decimal | None) -> Decimal | None:
    """The decimal that was on the wire, without trailing zeros; None for what is blank, unset, infinite or no number.

    A library's float stands for the shortest decimal that reads back as it, which is what the wire said.
    """
    if value is None or (isinstance(value, float) and _is_unset(value)):
        return None
    if isinstance(value, int) and value in UNSET_INTEGERS:
        return None
    return _read(repr(value) if isinstance(value, float) else str(value).strip())


@lru_cache(maxsize=4096)
def _read(text: str) -> Decimal | None:
    """The same prices and quantities are said again and again."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _LARGEST:
        return None
    return Decimal(decimal_text(number))


def _is_unset(value: float) -> bool:
    return not math.isfinite(value) or abs(value) == sys.float_info.max


def identifier(value: int | None) -> int | None:
    """A number that names something; None where the wire left it blank, zero or unset."""
    return None if not value or value in UNSET_INTEGERS else value


def text(value: str | None) -> str | None:
    """What stands in a field; None for a blank one."""
    return value or None


def sent(number: Decimal | None, blank: float | str = "") -> str | float:
    """A number as text without an exponent; `blank` where there is none."""
    return blank if number is None else decimal_text(number)
