"""Orders as a client requests them and as the broker's book holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.simulation.fate import PLAIN_FATE, Fate
from phoenix.adapters.simulation.messages import OrderIds
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, OrderType, TimeInForce

FOREIGN_CLIENT = 0
"""The client id of orders that were entered at the broker's own terminal."""

_UNRELEASED = frozenset({OrderStatus.PENDING, OrderStatus.HELD})
_ENDED = frozenset({OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.FILLED})


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One order as a client sends it. `session_order_id` is the client's own and unique for that client.

    A child names its parent by the parent's session order id. `role` only helps to aim faults and to attribute
    realised profit; a wire that cannot carry it leaves it out.
    """

    account: str
    pair: str
    action: Action
    order_type: OrderType
    quantity: Decimal
    time_in_force: TimeInForce
    session_order_id: int
    client_id: int = 1
    reference: str | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    parent_session_order_id: int | None = None
    oca_group: str | None = None
    role: LegRole | None = None


@dataclass(slots=True)
class Order:
    """An order in the broker's book; `sequence` is its number there.

    Of `quantity`, `released` may work (a child's follows its parent's fills), `reduced` was taken by fills of the
    same one-cancels-all group, and `filled` was executed.
    """

    sequence: int
    request: OrderRequest
    ids: OrderIds
    received_at: datetime
    eligible_at: datetime
    released: Decimal
    status: OrderStatus = OrderStatus.PENDING
    fate: Fate = PLAIN_FATE
    hold_until: datetime | None = None
    fill_limit: Decimal | None = None
    filled: Decimal = ZERO
    reduced: Decimal = ZERO
    parent: int | None = None
    children: list[int] = field(default_factory=list)
    oca_group: str | None = None

    @property
    def permanent_id(self) -> str:
        return self.ids.permanent_id

    @property
    def is_live(self) -> bool:
        return self.status not in _ENDED

    @property
    def leaves(self) -> Decimal:
        """What may be executed by now, apart from what fate allows."""
        return self.released - self.reduced - self.filled

    @property
    def can_execute(self) -> bool:
        """Whether the next price may execute anything."""
        limit = self.fill_limit
        return self.released - self.reduced > self.filled and (limit is None or limit > self.filled)

    @property
    def available(self) -> Decimal:
        """What the next price may execute."""
        leaves = self.leaves
        return leaves if self.fill_limit is None else min(leaves, self.fill_limit - self.filled)

    @property
    def remaining(self) -> Decimal:
        """What the broker reports as remaining; a held child reports what it waits for."""
        total = self.request.quantity if self.status in _UNRELEASED else self.released
        remaining = total - self.reduced - self.filled
        return max(ZERO, remaining)
