"""Which of the broker's orders and executions is which of ours: by reference first, by permanent id second."""

from __future__ import annotations

from collections.abc import Iterable

from phoenix.domain.numbers import ZERO
from phoenix.domain.reconciliation.own_book import OwnOrder, own_orders
from phoenix.domain.state import State
from phoenix.ports.broker_facts import BrokerOrder


class Index:
    """Our orders under the names that the broker may use for them."""

    def __init__(self, state: State, account: str) -> None:
        self.account = account
        self.orders = tuple(own_orders(state))
        self._by_reference = {own.name: own for own in self.orders}
        self._by_permanent_id = {own.permanent_id: own for own in self.orders if own.permanent_id is not None}

    def find(self, reference: str | None, permanent_id: str | None) -> OwnOrder | None:
        """Our order behind two names, either of which may be blank; None where they contradict what we know."""
        own = self._by_reference.get(reference or "")
        if own is None:
            return self._by_permanent_id.get(permanent_id or "")
        is_another = own.permanent_id is not None and permanent_id not in (None, own.permanent_id)
        return None if is_another else own

    def knows(self, reference: str | None) -> bool:
        """Whether this is the reference of an order that is remembered."""
        return reference in self._by_reference

    def own_among(self, orders: Iterable[BrokerOrder]) -> dict[str, BrokerOrder]:
        """The broker's word on each of our orders, the last one where it has several."""
        found: dict[str, BrokerOrder] = {}
        for order in orders:
            own = self.find(order.reference, order.permanent_id) if order.account == self.account else None
            if own is not None:
                found[own.name] = order
        return found

    def lacks_any(self, orders: Iterable[BrokerOrder]) -> bool:
        """Whether an order of ours that may still do something is not among these."""
        shown = self.own_among(orders)
        return any(own.is_open and own.name not in shown for own in self.orders)

    def is_behind_any(self, orders: Iterable[BrokerOrder]) -> bool:
        """Whether one of these has filled more than our executions say."""
        shown = self.own_among(orders)
        return any((shown[own.name].filled_quantity or ZERO) > own.standing.filled for own in self.orders
                   if own.name in shown)  # fmt: skip
