"""What counts against daily limits: the orders that were sent and the profit that was realised, by UTC day."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from immutables import Map

from phoenix.domain.change import replace
from phoenix.domain.numbers import ZERO

_CARRIED = timedelta(minutes=1)
"""Orders of the last minute count against the limit per minute over midnight too."""


@dataclass(frozen=True, slots=True)
class DayBook:
    """One trading day. `orders` are its entries, behind those of the minute before it.

    `stated` is what each position's last bead called realised, kept while the position lives and through the day of its
    end: what the next bead calls realised counts by its difference.
    """

    day: date | None = None
    realised_pnl: Decimal = ZERO
    orders: tuple[datetime, ...] = ()
    stated: Map[str, Decimal] = field(default_factory=Map)

    def covers(self, at: datetime) -> bool:
        """Whether an instant belongs to this day; a clock that goes back begins no other."""
        return self.day is not None and at.date() <= self.day

    def succeeded(self, at: datetime, living: Container[str]) -> DayBook:
        """The book of a later day, on which these positions still live."""
        stated = {position_id: pnl for position_id, pnl in self.stated.items() if position_id in living}
        return DayBook(at.date(), orders=tuple(o for o in self.orders if o > at - _CARRIED), stated=Map(stated))

    def with_order(self, at: datetime) -> DayBook:
        return replace(self, orders=(*self.orders, at))

    def with_realised(self, position_id: str, stated: Decimal | None, *, had_ended: bool) -> DayBook:
        """The book with what a bead changed in a position's realised profit.

        Of a position that had ended on an earlier day it is not known what was counted then: nothing is counted again.
        """
        known, now = self.stated.get(position_id), stated or ZERO
        if now == (known or ZERO):
            return self
        counted = now if known is None and had_ended else known or ZERO
        pnl = self.realised_pnl + now - counted
        return replace(self, realised_pnl=pnl, stated=self.stated.set(position_id, now))
