"""Which market regime a trading session had, by a rule that anybody can work out again.

The efficiency ratio of a session is how far the price got, over how far it went: |last - first| over the sum of the
moves from one hour's last mid price to the next, from the session's first mid price on. Near 1 the market went one
way, near 0 it came back to where it began. At 0.30 and above a session is TREND, below it RANGE; with prices in fewer
than 12 of its hours, or none that moved, it is UNKNOWN and does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import MarketRegime

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
_SHOWN = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class RegimeRule:
    """From which efficiency ratio a session is a trend, and in how many hours it must have had prices."""

    trend_efficiency_min: Decimal = Decimal("0.30")
    hours_min: int = 12


def efficiency_ratio(first: Decimal, hourly: Sequence[Decimal]) -> Decimal | None:
    """The ratio of one session, 0..1, at eight decimals; None where the price never moved."""
    steps = [first, *hourly]
    path = sum((abs(later - earlier) for earlier, later in zip(steps, hourly, strict=False)), ZERO)
    if path == ZERO:
        return None
    return _WIDE.quantize(_WIDE.divide(abs(steps[-1] - first), path), _SHOWN)


def market_regime(ratios: Iterable[Decimal | None], rule: RegimeRule) -> MarketRegime:
    """The regime by the mean of the ratios of the instruments that a strategy trades; one that is None is left out."""
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return MarketRegime.UNKNOWN
    is_trend = sum(known, ZERO) >= rule.trend_efficiency_min * len(known)
    return MarketRegime.TREND if is_trend else MarketRegime.RANGE
