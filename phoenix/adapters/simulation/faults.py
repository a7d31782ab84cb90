"""Scripted faults: what a test or an operator makes go wrong on purpose, in place of chance.

Order faults name the orders they befall and are made by the functions below; the others concern the line, the answers
to queries, the market data, the clock or the book itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from phoenix.adapters.simulation.orders import OrderRequest
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import LegRole

CANCEL_REFUSED = 161


@dataclass(frozen=True, slots=True)
class Which:
    """The orders a fault befalls. `nth` counts, from 1, those that fit the rest; None means each of them."""

    reference: str | None = None
    role: LegRole | None = None
    pair: str | None = None
    nth: int | None = None

    def fits(self, request: OrderRequest) -> bool:
        """Whether an order fits, apart from its count."""
        return (
            (self.reference is None or self.reference == request.reference)
            and (self.role is None or self.role is request.role)
            and (self.pair is None or self.pair == request.pair)
        )


EVERY_ORDER = Which()


@dataclass(frozen=True, slots=True)
class OrderFault:
    """A change of fate for some orders; `changes` are fields of `Fate`."""

    which: Which
    changes: Mapping[str, Any]


class Query(StrEnum):
    ACCOUNT = "ACCOUNT"
    QUOTE = "QUOTE"
    CONTRACT = "CONTRACT"
    OPEN_ORDERS = "OPEN_ORDERS"
    COMPLETED_ORDERS = "COMPLETED_ORDERS"
    EXECUTIONS = "EXECUTIONS"
    HOLDINGS = "HOLDINGS"
    PROFIT_AND_LOSS = "PROFIT_AND_LOSS"
    SERVER_TIME = "SERVER_TIME"


@dataclass(frozen=True, slots=True)
class _Spell:
    """A stretch of time, `until` not included, and how often at most. What is None has no bound."""

    begins_at: datetime | None = None
    until: datetime | None = None
    times: int | None = None

    def holds(self, now: datetime, used: int) -> bool:
        begun = self.begins_at is None or now >= self.begins_at
        return begun and (self.until is None or now < self.until) and (self.times is None or used < self.times)


@dataclass(frozen=True, slots=True)
class QueryUnanswered(_Spell):
    """A query gets no complete answer."""

    query: Query = Query.EXECUTIONS


@dataclass(frozen=True, slots=True)
class ExecutionsWithheld(_Spell):
    """The executions query answers, completely as it says, with nothing."""


@dataclass(frozen=True, slots=True)
class HoldingClaimed(_Spell):
    """The broker states a net quantity that its own executions do not bear out."""

    pair: str = ""
    quantity: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class HoldingsLag(_Spell):
    """Holdings are answered as they stood `lag_s` before."""

    lag_s: float = 30.0


@dataclass(frozen=True, slots=True)
class PricesFreeze:
    """Quotes of a pair stand still, growing old. Orders go on executing on what the market really does."""

    pair: str
    begins_at: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return now >= self.begins_at and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class ClockSkew(_Spell):
    """The server's clock is off by so many seconds, ahead when positive."""

    skew_s: float = 0.0


@dataclass(frozen=True, slots=True)
class OrderIdRollback(_Spell):
    """The next session order id that the broker names at connect is too low by so many."""

    by: int = 1


@dataclass(frozen=True, slots=True)
class SocketDrop:
    """The client's connection breaks and cannot be had again for so long; None means for ever. What is sent
    meanwhile is lost, and so is what the broker says."""

    at: datetime
    for_s: float | None


@dataclass(frozen=True, slots=True)
class LineOutage:
    """The broker's own line behind the gateway breaks and comes back by itself; None means never."""

    at: datetime
    for_s: float | None
    data_kept: bool = True


@dataclass(frozen=True, slots=True)
class ForeignOrder:
    """An order entered by hand at the broker's own terminal. It carries no reference and no session order id."""

    at: datetime
    request: OrderRequest


@dataclass(frozen=True, slots=True)
class ForeignHolding:
    """A change of the net quantity that no order of ours explains, at a price."""

    at: datetime
    pair: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """A coded message, about the order of a reference or about none."""

    at: datetime
    code: int
    text: str
    reference: str | None = None


TimedFault: TypeAlias = SocketDrop | LineOutage | ForeignOrder | ForeignHolding | PricesFreeze | NoticeSent
AnswerFault: TypeAlias = (
    QueryUnanswered | ExecutionsWithheld | HoldingClaimed | HoldingsLag | ClockSkew | OrderIdRollback
)
Fault: TypeAlias = OrderFault | TimedFault | AnswerFault


# --- order faults ------------------------------------------------------------------------------------------------


def reject(
    which: Which, code: int = 201, reason: str = "insufficient margin", on_activation: bool = False
) -> OrderFault:
    """Refused at once, or, for a child, when it should begin to work."""
    return _fault(which, reject_code=code, reject_reason=reason, rejects_on_activation=on_activation)


def lose(which: Which) -> OrderFault:
    """The client hands the order over, the broker never has it."""
    return _fault(which, is_lost=True)


def unheard(which: Which) -> OrderFault:
    """The broker has the order and says nothing of it, ever."""
    return _fault(which, is_unheard=True)


def delay(which: Which, for_s: float) -> OrderFault:
    """Everything said of the order is held for so long."""
    return _fault(which, hold_s=for_s)


def slow(which: Which, latency_s: float) -> OrderFault:
    """The broker takes so long to take the order in, and to act on a cancel."""
    return _fault(which, latency_s=latency_s)


def partial(which: Which, ratio: Decimal, remainder_after_s: float | None = None) -> OrderFault:
    """Only a share executes; the rest stays resting, or may execute after a while."""
    return _fault(which, fill_ratio=ratio, remainder_after_s=remainder_after_s)


def never_fill(which: Which) -> OrderFault:
    return partial(which, ZERO)


def fill_at(which: Which, price: Decimal) -> OrderFault:
    """Executes when it would, but at this price."""
    return _fault(which, fill_price=price)


def repeat(which: Which, executions: int = 1, statuses: int = 1) -> OrderFault:
    """Every execution or status is said so many times."""
    return _fault(which, execution_copies=executions, status_copies=statuses)


def execution_first(which: Which) -> OrderFault:
    """The first execution comes before the acknowledgement."""
    return _fault(which, execution_first=True)


def commission_first(which: Which) -> OrderFault:
    """Commissions come before their executions."""
    return _fault(which, commission_first=True)


def fill_after_cancel(which: Which, after_s: float, quantity: Decimal | None = None) -> OrderFault:
    """Once cancelled, the order executes all the same: so much of it, or all that was left."""
    return _fault(which, late_fill_after_s=after_s, late_fill_quantity=quantity)


def correct(which: Which, after_s: float, quantity: Decimal | None = None, price: Decimal | None = None) -> OrderFault:
    """The first execution is corrected: its id's stem again with revision 02."""
    return _fault(which, correct_after_s=after_s, correct_quantity=quantity, correct_price=price)


def bust(which: Which, after_s: float) -> OrderFault:
    """The first execution is undone."""
    return _fault(which, bust_after_s=after_s)


def overfill(which: Which, extra: Decimal) -> OrderFault:
    """After the last execution comes one more, beyond what was ordered."""
    return _fault(which, overfill=extra)


def second_permanent_id(which: Which) -> OrderFault:
    """The broker shows the order twice, under one reference and two permanent ids; the second never executes."""
    return _fault(which, second_permanent_id=True)


def blank_reference(which: Which, on_orders: bool = True, on_executions: bool = False) -> OrderFault:
    """The reference is missing where completed orders, or executions, are told."""
    return _fault(which, blank_on_orders=on_orders, blank_on_executions=on_executions)


def refuse_cancel(which: Which, code: int = CANCEL_REFUSED) -> OrderFault:
    return _fault(which, cancel_refused_code=code)


def ignore_cancel(which: Which) -> OrderFault:
    return _fault(which, cancel_ignored=True)


def claim_fill(which: Which, ratio: Decimal) -> OrderFault:
    """Statuses and open orders state this share as filled, whatever was executed."""
    return _fault(which, claimed_fill_ratio=ratio)


def notice(which: Which, code: int, text: str) -> OrderFault:
    """A coded message comes with the acknowledgement; the order lives on."""
    return _fault(which, notice_code=code, notice_text=text)


def _fault(which: Which, **changes: Any) -> OrderFault:
    return OrderFault(which, changes)
