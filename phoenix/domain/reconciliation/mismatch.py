"""A difference between the books as it goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from phoenix.domain.encoding import Json
from phoenix.domain.numbers import decimal_text, parse_decimal
from phoenix.domain.vocabulary import DriftOrigin, DriftType, Severity


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference, by a key that stays while it lasts. `since` is the first complete read that showed exactly it.

    `restless_since` is the first of the complete reads in a row that each showed another difference of this key.
    """

    key: str
    drift_type: DriftType
    pair: str
    phoenix_state: Json
    broker_state: Json
    origin: DriftOrigin
    severity: Severity
    since: datetime
    position_id: str | None = None
    restless_since: datetime | None = None

    def is_same_as(self, other: Mismatch, pnl_tolerance: Decimal) -> bool:
        """Whether it is exactly that difference, whatever of it was heard of meanwhile.

        Profit moves with every price: there the gap counts, roughly.
        """
        if self.key != other.key:
            return False
        if self.drift_type is DriftType.PNL:
            return abs(_gap(self) - _gap(other)) <= pnl_tolerance
        return (_known(self.phoenix_state), self.broker_state) == (_known(other.phoenix_state), other.broker_state)

    def describes(self, net: Decimal) -> bool:
        """Whether this net of Phoenix's is the one that was compared, before or after the unheard was heard of."""
        compared = number_stated(self.phoenix_state, NET)
        return net in (compared, compared - number_stated(self.phoenix_state, UNHEARD))

    @property
    def surplus(self) -> Decimal:
        """How much more the broker's net is than Phoenix's, signed."""
        return number_stated(self.broker_state, NET) - number_stated(self.phoenix_state, NET)


@dataclass(frozen=True, slots=True)
class ProfitBaseline:
    """What both sides called their profit at one moment of a trading session; changes count from there."""

    ours: Decimal
    theirs: Decimal
    session_date: date


NET, UNHEARD = "net", "unheard"


def with_unheard(phoenix_state: Json, quantity: Decimal) -> Json:
    """A state whose net counts in a quantity that Phoenix knows only from the broker's count of its orders' fills."""
    return {**phoenix_state, UNHEARD: decimal_text(quantity)} if isinstance(phoenix_state, Mapping) else phoenix_state


def stated(state: Json, name: str) -> str:
    """A text out of one side's state; empty where it is not stated."""
    value = state.get(name) if isinstance(state, Mapping) else None
    return value if isinstance(value, str) else ""


def number_stated(state: Json, name: str) -> Decimal:
    """A number out of one side's state; zero where it is not stated."""
    return parse_decimal(stated(state, name) or "0")


def _known(state: Json) -> Json:
    return {name: value for name, value in state.items() if name != UNHEARD} if isinstance(state, Mapping) else state


def _gap(mismatch: Mismatch) -> Decimal:
    return number_stated(mismatch.broker_state, "change") - number_stated(mismatch.phoenix_state, "change")
