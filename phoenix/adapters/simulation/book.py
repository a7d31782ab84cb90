"""The broker's book: orders by every name they have, and the journal of what changed the holdings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.simulation.executions import Adjustment, Execution
from phoenix.adapters.simulation.messages import OrderIds
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order, OrderRequest
from phoenix.domain.vocabulary import OrderStatus

FIRST_PERMANENT_ID = 800_000_001
_ON_THE_MARKET = frozenset({OrderStatus.WORKING, OrderStatus.PENDING_CANCEL})


class Book:
    """Live and completed orders. Journal entries are replaced, never removed, when a correction or bust comes."""

    def __init__(self) -> None:
        self.live: dict[int, Order] = {}
        self.completed: dict[int, Order] = {}
        self.journal: list[Execution | Adjustment] = []
        self.order_count = 0
        self.draw_count = 0
        self.execution_count = 0
        self._by_session: dict[tuple[int, int], int] = {}
        self._by_permanent: dict[str, int] = {}
        self._by_pair: dict[str, dict[int, Order]] = {}
        self._by_oca: dict[str, list[int]] = {}
        self._journal_index: dict[str, int] = {}
        self._of_order: dict[int, list[int]] = {}
        self._highest_ids: dict[int, int] = {}

    # --- orders --------------------------------------------------------------------------------------------------

    def enter(self, request: OrderRequest, now: datetime) -> Order:
        """Give an order its number and permanent id; it stands in the book from here on."""
        self.order_count = sequence = self.order_count + 1
        order = self.new_order(sequence, request, names_of(request, sequence), now)
        self.index(order)
        return order

    def new_order(self, sequence: int, request: OrderRequest, ids: OrderIds, now: datetime) -> Order:
        """An order as it stands when the broker receives it."""
        return Order(sequence, request, ids, now, now, request.quantity)

    def index(self, order: Order) -> None:
        """Make an order findable by all its names."""
        request = order.request
        (self.live if order.is_live else self.completed)[order.sequence] = order
        self._by_permanent[order.permanent_id] = order.sequence
        if request.client_id != FOREIGN_CLIENT:
            self._by_session.setdefault((request.client_id, request.session_order_id), order.sequence)
            highest = self._highest_ids.get(request.client_id, 0)
            self._highest_ids[request.client_id] = max(highest, request.session_order_id)
        if order.oca_group is not None:
            self._by_oca.setdefault(order.oca_group, []).append(order.sequence)
        if order.status in _ON_THE_MARKET:
            self.put_on_market(order)

    def join_oca(self, order: Order, group: str) -> None:
        order.oca_group = group
        self._by_oca.setdefault(group, []).append(order.sequence)

    def put_on_market(self, order: Order) -> None:
        self._by_pair.setdefault(order.request.pair, {})[order.sequence] = order

    def finish(self, order: Order) -> None:
        """Move an order that has ended to the completed ones."""
        self._by_pair.get(order.request.pair, {}).pop(order.sequence, None)
        self.live.pop(order.sequence, None)
        self.completed[order.sequence] = order

    def order(self, sequence: int) -> Order:
        """Raises KeyError for a number that was never given."""
        return self.live.get(sequence) or self.completed[sequence]

    def by_session_id(self, client_id: int, session_order_id: int) -> Order | None:
        sequence = self._by_session.get((client_id, session_order_id))
        return None if sequence is None else self.order(sequence)

    def by_permanent_id(self, permanent_id: str) -> Order | None:
        sequence = self._by_permanent.get(permanent_id)
        return None if sequence is None else self.order(sequence)

    def on_market(self, pair: str) -> Iterable[Order]:
        """The orders of a pair that prices may execute, oldest first."""
        return self._by_pair.get(pair, {}).values()

    def pairs_on_market(self) -> Iterator[str]:
        return (pair for pair, orders in self._by_pair.items() if orders)

    def children(self, order: Order) -> Iterator[Order]:
        return (self.live[child] for child in order.children if child in self.live)

    def siblings(self, order: Order) -> list[Order]:
        """The other live orders of the same one-cancels-all group."""
        if order.oca_group is None:
            return []
        members = self._by_oca.get(order.oca_group, ())
        return [self.live[member] for member in members if member != order.sequence and member in self.live]

    def parent_is_live(self, order: Order) -> bool:
        return order.parent is not None and order.parent in self.live

    def next_session_order_id(self, client_id: int) -> int:
        return self._highest_ids.get(client_id, 0) + 1

    # --- journal -------------------------------------------------------------------------------------------------

    def execute(
        self, order: Order, ids: OrderIds, quantity: Decimal, price: Decimal, at: datetime, rate: Decimal | None
    ) -> Execution:
        """Enter an execution of an order."""
        self.execution_count = number = self.execution_count + 1
        request = order.request
        execution = Execution(
            stem=f"0000e0d5.{number:08x}", revision=1, order=order.sequence, group=order.parent or order.sequence,
            role=request.role, ids=ids, account=request.account, pair=request.pair, action=request.action,
            quantity=quantity, price=price, executed_at=at, rate=rate,
        )  # fmt: skip
        self._index_execution(execution, len(self.journal))
        self.journal.append(execution)
        return execution

    def revise(self, stem: str, quantity: Decimal | None, price: Decimal | None, is_bust: bool) -> Execution | None:
        """Replace an execution by its next revision; None when it was busted before."""
        index = self._journal_index[stem]
        known = self.journal[index]
        if not isinstance(known, Execution) or known.is_bust:
            return None
        revised = replace(
            known, revision=known.revision + 1, is_bust=is_bust,
            quantity=known.quantity if quantity is None else quantity, price=known.price if price is None else price,
        )  # fmt: skip
        self.journal[index] = revised
        return revised

    def adjust(self, adjustment: Adjustment) -> None:
        self.journal.append(adjustment)

    def restore_journal(self, entries: Iterable[Execution | Adjustment]) -> None:
        self.journal = list(entries)
        self._journal_index, self._of_order = {}, {}
        for index, entry in enumerate(self.journal):
            if isinstance(entry, Execution):
                self._index_execution(entry, index)

    def executions(self) -> list[Execution]:
        """Every execution in its latest revision, oldest first."""
        return [entry for entry in self.journal if isinstance(entry, Execution)]

    def executions_of(self, order: int) -> list[Execution]:
        """The executions of one order in their latest revisions, oldest first."""
        places = self._of_order.get(order, ())
        return [entry for entry in (self.journal[place] for place in places) if isinstance(entry, Execution)]

    def _index_execution(self, execution: Execution, place: int) -> None:
        self._journal_index[execution.stem] = place
        self._of_order.setdefault(execution.order, []).append(place)


def names_of(request: OrderRequest, sequence: int) -> OrderIds:
    """Every name of the order with this number."""
    session_order_id = None if request.client_id == FOREIGN_CLIENT else request.session_order_id
    permanent_id = str(FIRST_PERMANENT_ID + sequence - 1)
    return OrderIds(request.client_id, request.reference, session_order_id, permanent_id)
