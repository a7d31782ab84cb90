"""An order that Phoenix did not send, as the broker's books state it: what an adoption of it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from phoenix.domain.vocabulary import Action, OrderStatus, OrderType, Side


@dataclass(frozen=True, slots=True)
class StatedOrder:
    """The terms and the status of an order in the broker's books. What the broker left blank is None.

    `price` is its limit, or else its stop.
    """

    account: str
    pair: str
    action: Action
    status: OrderStatus
    quantity: Decimal | None
    price: Decimal | None
    order_type: OrderType | None

    @property
    def side(self) -> Side:
        """The side that an entry by this order opens."""
        return Side.LONG if self.action is Action.BUY else Side.SHORT
