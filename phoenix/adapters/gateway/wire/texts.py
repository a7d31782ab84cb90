"""Text and sizes in the form that depends on the version alone."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.gateway.wire.numbers import decimal_text

_PLAIN_ASCII_SINCE = 153
_FRACTIONAL_SIZES_SINCE = 163


def escaped(text: str, version: int) -> str:
    """Free text, of which clients since version 153 expect everything beyond ASCII, and backslashes, escaped."""
    return text.encode("unicode_escape").decode("ascii") if version >= _PLAIN_ASCII_SINCE else text


def size_text(size: Decimal, version: int) -> str:
    """A size, cut to a whole number for the versions before 163, which cannot read another."""
    return decimal_text(size if version >= _FRACTIONAL_SIZES_SINCE else Decimal(int(size)))
