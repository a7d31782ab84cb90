"""Numbers and flags as the protocol writes them, and the strict reading of what a client wrote."""

from __future__ import annotations

import re
from decimal import Decimal

from phoenix.adapters.gateway.wire.requests import Undecodable

UNSET_DOUBLE_TEXT = "1.7976931348623157E308"
UNSET_INTEGER_TEXT = "2147483647"
READING_FAILED = 320

_UNSET_INTEGER = int(UNSET_INTEGER_TEXT)
_SMALLEST_INTEGER = -_UNSET_INTEGER - 1
_UNSET_DECIMALS = (
    Decimal(UNSET_DOUBLE_TEXT),
    Decimal(2**63 - 1),  # the unset long and the unset decimal of later clients
    Decimal(2**127 - 1),
)
_INFINITE = "Infinite"
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LONGEST_DECIMAL = 64
_FLAGS = {"1": True, "0": False, "": False}
_PLAIN_FROM, _PLAIN_BELOW = -3, 7


def double_text(value: Decimal) -> str:
    """A double as Java writes it: 1.26, 100000.0, 1.0E7, 5.0E-5. Raises ValueError for what is no finite double."""
    number = Decimal(repr(float(value)))
    if not number.is_finite():
        raise ValueError(f"{value} is no number that the wire can carry")
    if not number:
        return "0.0"
    sign = "-" if number < 0 else ""
    digits = "".join(str(digit) for digit in number.as_tuple().digits).rstrip("0")
    return sign + _java_digits(digits, number.adjusted())


def _java_digits(digits: str, power: int) -> str:
    if not _PLAIN_FROM <= power < _PLAIN_BELOW:
        return f"{digits[0]}.{digits[1:] or '0'}E{power}"
    if power < 0:
        return f"0.{'0' * (-power - 1)}{digits}"
    padded = digits.ljust(power + 1, "0")
    return f"{padded[: power + 1]}.{padded[power + 1 :] or '0'}"


def optional_double_text(value: Decimal | None) -> str:
    """A double, or the wire's unset number for None."""
    return UNSET_DOUBLE_TEXT if value is None else double_text(value)


def decimal_text(value: Decimal) -> str:
    """A plain decimal without an exponent or idle zeros: 20000, 0.5. Raises ValueError for what is not finite."""
    if not value.is_finite():
        raise ValueError(f"{value} is no number that the wire can carry")
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if not value else text


def unreadable(field: str, text: str, wanted: str, request_id: int = -1) -> Undecodable:
    """What is raised for a field that holds something else than is wanted there."""
    shown = text if len(text) <= _LONGEST_DECIMAL else text[:_LONGEST_DECIMAL] + "..."
    return Undecodable(READING_FAILED, f"Error reading request: {field} is {shown!r}, not {wanted}", request_id)


def read_optional_integer(field: str, text: str, request_id: int = -1) -> int | None:
    """The integer in `text`, None where it is blank or unset. Raises Undecodable for anything else."""
    if text in ("", UNSET_INTEGER_TEXT):
        return None
    if _INTEGER.fullmatch(text) and _SMALLEST_INTEGER <= (number := int(text)) <= _UNSET_INTEGER:
        return number
    raise unreadable(field, text, "an integer", request_id)


def read_integer(field: str, text: str, request_id: int = -1) -> int:
    """The integer in `text`, 0 where it is blank. Raises Undecodable for anything else, the unset one included."""
    if not text:
        return 0
    number = read_optional_integer(field, text, request_id)
    if number is None:
        raise unreadable(field, text, "an integer", request_id)
    return number


def read_decimal(field: str, text: str, request_id: int = -1, *, may_be_infinite: bool = False) -> Decimal | None:
    """The number in `text`, None where it is blank or unset. Raises Undecodable for NaN and anything else."""
    if not text:
        return None
    if may_be_infinite and text == _INFINITE:
        return Decimal("Infinity")
    if len(text) > _LONGEST_DECIMAL or not _DECIMAL.fullmatch(text):
        raise unreadable(field, text, "a number", request_id)
    number = Decimal(text)
    if number in _UNSET_DECIMALS:
        return None
    if number and abs(number.adjusted()) > Decimal(UNSET_DOUBLE_TEXT).adjusted():
        raise unreadable(field, text, "a number within the range of a double", request_id)
    return number


def read_flag(field: str, text: str, request_id: int = -1) -> bool:
    """1 or 0; blank is 0. Raises Undecodable for anything else."""
    if text not in _FLAGS:
        raise unreadable(field, text, "1 or 0", request_id)
    return _FLAGS[text]
