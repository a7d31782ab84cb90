"""Values that may be missing, as they stand in a JSON document."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text


def optional_number(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)


def optional_instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)
