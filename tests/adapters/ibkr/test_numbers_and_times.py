"""Numbers come out exact or not at all, and times in their own zone or not at all."""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.ibkr.numbers import exact, identifier, sent
from phoenix.adapters.ibkr.times import instant_of

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "value", [None, "", " ", "n/a", sys.float_info.max, -sys.float_info.max, "1.7976931348623157E308", math.inf,
              -math.inf, math.nan, 2**31 - 1, 2**63 - 1, "NaN", "Infinity"],
)  # fmt: skip
def test_what_is_unset_is_none(value: float | str | None) -> None:
    assert exact(value) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
def test_a_float_is_the_decimal_that_was_on_the_wire(number: Decimal) -> None:
    assert exact(float(str(number))) == number


@pytest.mark.parametrize(
    ("value", "digits"), [(5e-05, "0.00005"), ("5.0E-5", "0.00005"), (20000.0, "20000"), (-0.0, "0"), (0, "0")]
)
def test_trailing_zeros_and_exponents_are_gone(value: float | str, digits: str) -> None:
    assert str(exact(value)) == digits


@pytest.mark.parametrize("value", [0, None, 2**31 - 1, 2**63 - 1])
def test_zero_names_nothing(value: int | None) -> None:
    assert identifier(value) is None


def test_a_number_is_sent_without_an_exponent() -> None:
    assert sent(Decimal("5E-5")) == "0.00005"
    assert sent(Decimal("2E4")) == "20000"
    assert sent(None) == ""


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("20260302  10:00:00", NEW_YORK, datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("20260302  10:00:00", timezone(timedelta(hours=2)), datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("20260302 10:00:00 Europe/London", NEW_YORK, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("20260302-10:00:00", None, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("20260302  10:00:00", None, None),
        ("20260302 10:00:00 Middle/Earth", NEW_YORK, None),
        ("20260302 10:00:00 ../../etc/passwd", NEW_YORK, None),
        ("20261301  10:00:00", NEW_YORK, None),
        ("20261101  01:30:00", NEW_YORK, None),  # the clock showed it twice
        ("20260308  02:30:00", NEW_YORK, None),  # the clock never showed it
        ("", NEW_YORK, None),
        ("yesterday", NEW_YORK, None),
    ],
)
def test_a_time_is_an_instant_only_when_its_zone_makes_one_of_it(
    text: str, zone: tzinfo | None, instant: datetime | None
) -> None:
    assert instant_of(text, zone) == instant
