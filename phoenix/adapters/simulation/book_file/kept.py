"""Orders, book and agenda that note what changed in them, so that only that is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from phoenix.adapters.simulation.agenda import Agenda, Appointment, Task
from phoenix.adapters.simulation.book import Book
from phoenix.adapters.simulation.executions import Adjustment, Execution
from phoenix.adapters.simulation.messages import Message, OrderIds
from phoenix.adapters.simulation.orders import Order, OrderRequest


class KeptOrder(Order):
    """An order that enters itself among the changed ones at every change."""

    __slots__ = ("_changed",)

    _changed: dict[int, Order]

    def __init__(self, changed: dict[int, Order], *args: Any, **fields: Any) -> None:
        object.__setattr__(self, "_changed", changed)
        super().__init__(*args, **fields)

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        self._changed[self.sequence] = self


class KeptBook(Book):
    """A book with its changes since they were last kept.

    `numbers` are the journal entries' numbers in their tables, `unkept` the places of entries in the journal.
    """

    def __init__(self) -> None:
        super().__init__()
        self.changed: dict[int, Order] = {}
        self.numbers: list[int] = []
        self.unkept: set[int] = set()

    @property
    def has_changed(self) -> bool:
        return bool(self.changed or self.unkept)

    def new_order(self, sequence: int, request: OrderRequest, ids: OrderIds, now: datetime) -> Order:
        return KeptOrder(self.changed, sequence, request, ids, now, now, request.quantity)

    def execute(
        self, order: Order, ids: OrderIds, quantity: Decimal, price: Decimal, at: datetime, rate: Decimal | None
    ) -> Execution:
        execution = super().execute(order, ids, quantity, price, at, rate)
        self._number_last()
        return execution

    def revise(self, stem: str, quantity: Decimal | None, price: Decimal | None, is_bust: bool) -> Execution | None:
        revised = super().revise(stem, quantity, price, is_bust)
        if revised is not None:
            self.unkept.add(self._journal_index[stem])
        return revised

    def adjust(self, adjustment: Adjustment) -> None:
        super().adjust(adjustment)
        self._number_last()

    def restore_numbered(self, entries: Iterable[tuple[int, Execution | Adjustment]]) -> None:
        """Take these journal entries, under their numbers, as they were kept."""
        numbered = list(entries)
        self.restore_journal(entry for _, entry in numbered)
        self.numbers = [number for number, _ in numbered]

    def forget_changes(self) -> None:
        """All that changed is kept now."""
        self.changed.clear()
        self.unkept.clear()

    def _number_last(self) -> None:
        self.unkept.add(len(self.numbers))
        self.numbers.append(self.numbers[-1] + 1 if self.numbers else 1)


class KeptAgenda(Agenda):
    """An agenda with what was added to it and taken from it since that was last kept."""

    def __init__(self) -> None:
        super().__init__()
        self.added: dict[int, Appointment] = {}
        self.taken: set[int] = set()

    @property
    def has_changed(self) -> bool:
        return bool(self.added or self.taken)

    def put(
        self, due: datetime, task: Task, subject: int = 0, detail: str = "", message: Message | None = None
    ) -> Appointment:
        appointment = super().put(due, task, subject, detail, message)
        self.added[appointment.number] = appointment
        return appointment

    def take(self) -> Appointment:
        appointment = super().take()
        if self.added.pop(appointment.number, None) is None:
            self.taken.add(appointment.number)
        return appointment

    def drop(self, unwanted: Iterable[Appointment]) -> None:
        items = list(unwanted)
        super().drop(items)
        for item in items:
            if self.added.pop(item.number, None) is None:
                self.taken.add(item.number)

    def forget_changes(self) -> None:
        """All that changed is kept now."""
        self.added.clear()
        self.taken.clear()
