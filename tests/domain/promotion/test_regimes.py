"""A session's market regime follows from its prices by the documented rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from phoenix.domain.promotion.regimes import RegimeRule, efficiency_ratio, market_regime
from phoenix.domain.vocabulary import MarketRegime

RULE = RegimeRule()


def ratio(*prices: str) -> Decimal | None:
    first, *hourly = map(Decimal, prices)
    return efficiency_ratio(first, hourly)


def test_a_market_that_goes_one_way_is_fully_efficient() -> None:
    assert ratio("1.0", "1.1", "1.2", "1.5") == 1


def test_a_market_that_comes_back_is_not_efficient_at_all() -> None:
    assert ratio("1.0", "1.2", "0.9", "1.0") == 0


def test_the_ratio_is_how_far_it_got_over_how_far_it_went() -> None:
    assert ratio("1.00", "1.04", "1.02", "1.06") == Decimal("0.6")


def test_a_market_that_never_moved_has_no_ratio() -> None:
    assert ratio("1.0", "1.0", "1.0") is None


@pytest.mark.parametrize(
    ("ratios", "regime"),
    [
        (["0.30"], MarketRegime.TREND),
        (["0.29999999"], MarketRegime.RANGE),
        (["0.1", "0.5"], MarketRegime.TREND),
        (["0.1", "0.4"], MarketRegime.RANGE),
        ([], MarketRegime.UNKNOWN),
        ([None], MarketRegime.UNKNOWN),
        (["0.9", None], MarketRegime.TREND),
    ],
)
def test_the_mean_ratio_decides_and_what_is_not_known_is_left_out(
    ratios: list[str | None], regime: MarketRegime
) -> None:
    assert market_regime([None if one is None else Decimal(one) for one in ratios], RULE) is regime
