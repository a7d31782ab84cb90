"""Numbers of text: whatever is written, it is a number of a size that can be written out, or refused."""

from __future__ import annotations

import pytest

from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import decimal_text, parse_decimal


@pytest.mark.parametrize("text", ["1e999999999", "-1e-999999999", "0e999999999", "9" * 100, "NaN", "Infinity", "", "x"])
def test_what_is_no_number_or_out_of_all_proportion_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "told"), [("1.250", "1.25"), ("-0.0", "0"), ("1e9", "1000000000"), ("1e-9", "0.000000001")]
)
def test_what_is_one_is_written_out(text: str, told: str) -> None:
    assert decimal_text(parse_decimal(text)) == told
