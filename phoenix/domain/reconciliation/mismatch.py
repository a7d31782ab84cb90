"""A difference between the books as it goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from phoenix.domain.encoding import Json
from phoenix.domain.numbers import parse_decimal
from phoenix.domain.vocabulary import DriftOrigin, DriftType, Severity


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference, by a key that stays while it lasts. `since` is the first complete read that showed exactly it."""

    key: str
    drift_type: DriftType
    pair: str
    phoenix_state: Json
    broker_state: Json
    origin: DriftOrigin
    severity: Severity
    since: datetime
    position_id: str | None = None

    def is_same_as(self, other: Mismatch, pnl_tolerance: Decimal) -> bool:
        """Whether it is exactly that difference. Profit moves with every price: there the gap counts, roughly."""
        if self.key != other.key:
            return False
        if self.drift_type is DriftType.PNL:
            return abs(_gap(self) - _gap(other)) <= pnl_tolerance
        return (self.phoenix_state, self.broker_state) == (other.phoenix_state, other.broker_state)


@dataclass(frozen=True, slots=True)
class ProfitBaseline:
    """What both sides called their profit at one moment of a trading session; changes count from there."""

    ours: Decimal
    theirs: Decimal
    session_date: date


def stated(state: Json, name: str) -> str:
    """A text out of one side's state; empty where it is not stated."""
    value = state.get(name) if isinstance(state, Mapping) else None
    return value if isinstance(value, str) else ""


def _gap(mismatch: Mismatch) -> Decimal:
    ours, theirs = (stated(state, "change") for state in (mismatch.phoenix_state, mismatch.broker_state))
    return parse_decimal(theirs or "0") - parse_decimal(ours or "0")
