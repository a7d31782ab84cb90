"""Numbers go out as Java writes them, and come in only as numbers."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire.numbers import (
    UNSET_DOUBLE_TEXT,
    decimal_text,
    double_text,
    optional_double_text,
    read_decimal,
    read_flag,
    read_integer,
    read_optional_integer,
)
from phoenix.adapters.gateway.wire.requests import Undecodable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.26", "1.26"), ("0", "0.0"), ("-0.0", "0.0"), ("1", "1.0"), ("100000", "100000.0"), ("0.001", "0.001"),
        ("0.00099", "9.9E-4"), ("0.00005", "5.0E-5"), ("9999999", "9999999.0"), ("1e7", "1.0E7"),
        ("12345678.9", "1.23456789E7"), ("-1.5", "-1.5"), ("-0.00005", "-5.0E-5"), ("1234567.125", "1234567.125"),
        ("1e22", "1.0E22"), ("1.7976931348623157e308", UNSET_DOUBLE_TEXT), ("0.1000", "0.1"),
    ],
)  # fmt: skip
def test_a_double_is_written_as_java_writes_it(value: str, text: str) -> None:
    assert double_text(Decimal(value)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_double_is_the_same_double_when_read(value: float) -> None:
    text = double_text(Decimal(value))
    assert float(text) == value
    assert re.fullmatch(r"-?\d+\.\d+(E-?\d+)?", text)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_what_no_double_can_hold_is_not_written(value: str) -> None:
    with pytest.raises(ValueError, match="the wire can carry"):
        double_text(Decimal(value))


def test_a_missing_double_is_the_unset_one() -> None:
    assert optional_double_text(None) == "1.7976931348623157E308"
    assert optional_double_text(Decimal(0)) == "0.0"


@pytest.mark.parametrize(
    ("value", "text"),
    [("20000", "20000"), ("2E+4", "20000"), ("0.50", "0.5"), ("100.00", "100"), ("-0.0", "0"), ("1E-8", "0.00000001")],
)
def test_a_size_is_written_plainly(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_a_written_size_loses_nothing(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert "E" not in text


@pytest.mark.parametrize("text", ["1.26", "5e-05", "5.0E-5", "20000", "-1", "+1", ".5", "1."])
def test_a_number_is_read_exactly(text: str) -> None:
    assert read_decimal("lmtPrice", text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "1.7976931348623157E308", "1.7976931348623157e+308", "9223372036854775807",
        "170141183460469231731687303715884105727",
    ],
)  # fmt: skip
def test_blank_and_unset_are_no_number(text: str) -> None:
    assert read_decimal("lmtPrice", text) is None


@pytest.mark.parametrize("text", ["NaN", "nan", "inf", "Infinity", "Infinite", "1,26", " 1", "1_0", "٣", "1e999", "x"])
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(Undecodable, match="lmtPrice") as refused:
        read_decimal("lmtPrice", text, 17)
    assert (refused.value.code, refused.value.request_id) == (320, 17)
    assert refused.value.text.startswith("Error reading request: ")


def test_an_infinite_offset_is_read_where_it_may_stand() -> None:
    assert read_decimal("competeAgainstBestOffset", "Infinite", may_be_infinite=True) == Decimal("Infinity")


@pytest.mark.parametrize(("text", "number"), [("17", 17), ("-1", -1), ("", 0), ("-2147483648", -(2**31))])
def test_an_integer_is_read(text: str, number: int) -> None:
    assert read_integer("orderId", text) == number


@pytest.mark.parametrize("text", ["1.0", "2147483648", "1e3", "x", "٣", "2147483647", "-2147483649", "9" * 5000])
def test_what_is_no_integer_is_refused(text: str) -> None:
    with pytest.raises(Undecodable, match="orderId is ") as refused:
        read_integer("orderId", text)
    assert len(refused.value.text) < 200


def test_an_unset_integer_is_none_where_it_may_be_missing() -> None:
    assert read_optional_integer("minQty", "2147483647") is None
    assert read_optional_integer("minQty", "7") == 7


@pytest.mark.parametrize(("text", "value"), [("1", True), ("0", False), ("", False)])
def test_a_flag_is_read(text: str, value: bool) -> None:
    assert read_flag("transmit", text) is value


@pytest.mark.parametrize("text", ["true", "2", "-1", "yes"])
def test_what_is_no_flag_is_refused(text: str) -> None:
    with pytest.raises(Undecodable, match="transmit"):
        read_flag("transmit", text)
