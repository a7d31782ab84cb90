"""What the broker says to a client, in no wire's format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from phoenix.domain.vocabulary import Action, OrderStatus


@dataclass(frozen=True, slots=True)
class OrderIds:
    """Every name an order has. What the broker leaves blank is None."""

    client_id: int
    reference: str | None
    session_order_id: int | None
    permanent_id: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    ids: OrderIds
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StatusChanged:
    ids: OrderIds
    status: OrderStatus
    filled: Decimal
    remaining: Decimal
    occurred_at: datetime
    why_held: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    ids: OrderIds
    code: int
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The order, or what was left of it, ended unfilled."""

    ids: OrderIds
    filled: Decimal
    code: int
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Executed:
    """An execution report. A correction or a bust repeats the stem of `execution_id` with a higher revision."""

    ids: OrderIds
    execution_id: str
    account: str
    pair: str
    action: Action
    quantity: Decimal
    price: Decimal
    executed_at: datetime
    is_bust: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CommissionCharged:
    ids: OrderIds
    execution_id: str
    amount: Decimal
    currency: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A coded message; about an order where `ids` or `reference` are set."""

    code: int
    text: str
    ids: OrderIds | None
    reference: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LineLost:
    """The line went down: the client's own socket, or the broker's line behind the gateway."""

    is_socket: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LineRestored:
    """The broker's line behind the gateway is back."""

    data_kept: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PricesFrozen:
    pair: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PricesFlowing:
    pair: str
    occurred_at: datetime


Message: TypeAlias = (
    Acknowledged
    | StatusChanged
    | Rejected
    | Cancelled
    | Executed
    | CommissionCharged
    | Notice
    | LineLost
    | LineRestored
    | PricesFrozen
    | PricesFlowing
)
