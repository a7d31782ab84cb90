"""A script: the faults in force, and how often each has struck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from phoenix.adapters.simulation.fate import PLAIN_FATE, Fate
from phoenix.adapters.simulation.faults import (
    AnswerFault,
    ClockSkew,
    ExecutionsWithheld,
    Fault,
    HoldingClaimed,
    HoldingsLag,
    OrderFault,
    OrderIdRollback,
    PricesFreeze,
    Query,
    QueryUnanswered,
)
from phoenix.adapters.simulation.orders import OrderRequest

A = TypeVar("A", ExecutionsWithheld, HoldingClaimed, HoldingsLag, ClockSkew, OrderIdRollback)


class Script:
    """Faults by their number, in the order they were given; the number names a fault in a book that is kept."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._counts: dict[int, int] = {}

    @property
    def faults(self) -> Mapping[int, Fault]:
        return self._faults

    @property
    def strikes(self) -> Mapping[int, int]:
        """How often each fault has struck, by number; those that never did may be missing."""
        return self._counts

    def add(self, fault: Fault) -> int:
        """One more fault from now on; its number."""
        number = max(self._faults, default=0) + 1
        self._faults[number] = fault
        return number

    def fault(self, number: int) -> Fault:
        return self._faults[number]

    def restore(self, faults: Mapping[int, Fault], strikes: Mapping[int, int]) -> None:
        """Take these faults, and how often they have struck, in place of those there are."""
        self._faults, self._counts = dict(faults), dict(strikes)

    def fate(self, request: OrderRequest, drawn: Fate) -> Fate:
        """The fate of an order: a script that names it takes the place of chance, several scripts add up."""
        if not self._faults:
            return drawn
        scripted = PLAIN_FATE
        for number, fault in self._faults.items():
            if isinstance(fault, OrderFault) and self._strikes(number, fault, request):
                scripted = replace(scripted, **fault.changes)
        return drawn if scripted is PLAIN_FATE else scripted

    def is_unanswered(self, query: Query, now: datetime) -> bool:
        """Whether a query gets no answer; asking counts."""
        for number, fault in self._faults.items():
            if isinstance(fault, QueryUnanswered) and fault.query is query and self._uses(number, fault, now):
                return True
        return False

    def executions_withheld(self, now: datetime) -> bool:
        return any(True for _ in self._in_force(ExecutionsWithheld, now))

    def claimed_holdings(self, now: datetime) -> list[HoldingClaimed]:
        return list(self._in_force(HoldingClaimed, now))

    def holdings_lag(self, now: datetime) -> timedelta:
        return timedelta(seconds=sum(fault.lag_s for fault in self._in_force(HoldingsLag, now)))

    def clock_skew(self, now: datetime) -> timedelta:
        return timedelta(seconds=sum(fault.skew_s for fault in self._in_force(ClockSkew, now)))

    def order_id_rollback(self, now: datetime) -> int:
        return sum(fault.by for fault in self._in_force(OrderIdRollback, now))

    def frozen_since(self, pair: str, now: datetime) -> datetime | None:
        """The instant at which a pair's quotes stopped, if they are frozen."""
        for fault in self._faults.values():
            if isinstance(fault, PricesFreeze) and fault.pair == pair and fault.holds(now):
                return fault.begins_at
        return None

    def counts(self) -> dict[str, int]:
        """How often each fault has struck, by number; for a dumped book."""
        return {str(number): count for number, count in self._counts.items()}

    def resume(self, counts: dict[str, int]) -> None:
        self._counts = {int(number): count for number, count in counts.items()}

    def _strikes(self, number: int, fault: OrderFault, request: OrderRequest) -> bool:
        if not fault.which.fits(request):
            return False
        count = self._counts[number] = self._counts.get(number, 0) + 1
        return fault.which.nth in (None, count)

    def _in_force(self, kind: type[A], now: datetime) -> Iterator[A]:
        for number, fault in self._faults.items():
            if isinstance(fault, kind) and self._uses(number, fault, now):
                yield fault

    def _uses(self, number: int, fault: AnswerFault, now: datetime) -> bool:
        used = self._counts.get(number, 0)
        if not fault.holds(now, used):
            return False
        self._counts[number] = used + 1
        return True
