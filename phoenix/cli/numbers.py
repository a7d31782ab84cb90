"""Numbers as a person types them."""

from __future__ import annotations

from decimal import Decimal

from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import parse_decimal


def number_of(name: str, text: str) -> Decimal:
    """The number that an option was given. Raises InvalidValue, naming the option."""
    try:
        return parse_decimal(text)
    except InvalidValue as error:
        raise InvalidValue(name, error.refused, error.remedy) from error
