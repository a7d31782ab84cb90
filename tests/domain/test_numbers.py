"""Numbers are read from text that a hand could have written, and from nothing that takes a memory to write out."""

from __future__ import annotations

import pytest

from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import decimal_text, parse_decimal


@pytest.mark.parametrize("text", ["1e1000000000", "-1e1000000000", "1e-1000000000", "0e-1000000000", "0e1000000000"])
def test_a_number_that_is_short_only_as_long_as_it_is_not_written_out_is_none(text: str) -> None:
    with pytest.raises(InvalidValue, match="written out"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["1" * 5_000, "0." + "1" * 5_000])
def test_what_is_written_out_is_read_however_long(text: str) -> None:
    assert decimal_text(parse_decimal(text)) == text
