"""Which order a message is about: statuses and errors name it by numbers only, and our reference has to be known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from phoenix.adapters.ibkr.line import OrderAsked
from phoenix.adapters.ibkr.said import OrderSaid, StatusSaid


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """What has been heard of an order in this session, or was sent in it.

    `word` is the last status, from whichever message; `status` is the message that gave it, if it was an orderStatus.
    """

    client_id: int
    order_id: int
    reference: str | None
    order_type: str | None
    permanent_id: int | None = None
    account: str | None = None
    word: str | None = None
    status: StatusSaid | None = None

    @property
    def filled(self) -> Decimal | None:
        return None if self.status is None else self.status.filled


class Names:
    """Orders by client and order id, and by permanent id."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self.highest_order_id = 0
        self._by_number: dict[tuple[int, int], KnownOrder] = {}
        self._by_permanent: dict[int, KnownOrder] = {}

    def sent(self, order: OrderAsked) -> None:
        """One of ours goes to the wire."""
        self._keep(
            KnownOrder(self.client_id, order.order_id, order.reference, order.order_type, account=order.account)
        )  # fmt: skip

    def heard(self, said: OrderSaid) -> KnownOrder:
        """An openOrder; the order as it is known from now on."""
        client_id, order_id = said.client_id or 0, said.order_id or 0
        known = self.find(client_id, order_id, said.permanent_id)
        if known is None:
            known = KnownOrder(client_id, order_id, None, None)
        is_old_news = known.status is not None and known.status.status == said.status
        known = replace(
            known, reference=said.reference or known.reference, order_type=said.order_type,
            permanent_id=said.permanent_id or known.permanent_id, account=said.account, word=said.status,
            status=known.status if is_old_news else None,
        )  # fmt: skip
        self._keep(known)
        return known

    def heard_status(self, said: StatusSaid) -> KnownOrder:
        """An orderStatus; the order as it is known from now on, by its numbers alone if need be."""
        known = self.find(said.client_id, said.order_id, said.permanent_id)
        if known is None:
            known = KnownOrder(said.client_id, said.order_id, None, None)
        known = replace(
            known, word=said.status, status=said, permanent_id=said.permanent_id or known.permanent_id
        )  # fmt: skip
        self._keep(known)
        return known

    def latest(self, said: OrderSaid) -> KnownOrder:
        """The order of an openOrder that was heard before, as it is known by now."""
        return self.find(said.client_id or 0, said.order_id or 0, said.permanent_id) or self.heard(said)

    def find(self, client_id: int, order_id: int, permanent_id: int | None) -> KnownOrder | None:
        known = None if permanent_id is None else self._by_permanent.get(permanent_id)
        return known or self._by_number.get((client_id, order_id))

    def own(self, order_id: int) -> KnownOrder | None:
        """The order of ours that an error names."""
        return self._by_number.get((self.client_id, order_id))

    def _keep(self, known: KnownOrder) -> None:
        if known.order_id > 0:
            self._by_number[known.client_id, known.order_id] = known
            if known.client_id == self.client_id:
                self.highest_order_id = max(self.highest_order_id, known.order_id)
        if known.permanent_id is not None:
            self._by_permanent[known.permanent_id] = known
