"""What prices a trading session had, as far as its market regime needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from phoenix.adapters.simulation.prices import PriceBar
from phoenix.domain.change import replace
from phoenix.domain.promotion.regimes import RegimeRule, efficiency_ratio


@dataclass(frozen=True, slots=True)
class Hour:
    """The last mid price of one hour of a session."""

    starts_at: datetime
    mid: Decimal


@dataclass(frozen=True, slots=True)
class PairSession:
    """One instrument's session so far: the mid price it began with, and the last one of every hour with prices."""

    pair: str
    session_date: date
    ends_at: datetime
    first: Decimal | None = None
    hours: tuple[Hour, ...] = ()

    def joined_by(self, bar: PriceBar) -> PairSession:
        """The session with one more price event."""
        hour = Hour(bar.start.replace(minute=0, second=0, microsecond=0), (bar.bid_close + bar.ask_close) / 2)
        earlier = self.hours[:-1] if self.hours and self.hours[-1].starts_at == hour.starts_at else self.hours
        first = (bar.bid_open + bar.ask_open) / 2 if self.first is None else self.first
        return replace(self, first=first, hours=(*earlier, hour))

    def efficiency(self, rule: RegimeRule) -> Decimal | None:
        """The efficiency ratio; None where too few hours had prices, or none of them moved."""
        if self.first is None or len(self.hours) < rule.hours_min:
            return None
        return efficiency_ratio(self.first, [hour.mid for hour in self.hours])
