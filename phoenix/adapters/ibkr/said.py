"""What TWS or IB Gateway says, field by field, before anybody judges what it means.

Enumerated words (statuses, order types, sides) stay the vendor's own text; their meaning is looked up in `meanings`.
Numbers are exact decimals. What the wire leaves blank, or marks as unset, is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ContractSaid:
    """A contract as it stands in another message."""

    contract_id: int | None
    symbol: str
    security_type: str
    exchange: str
    currency: str


@dataclass(frozen=True, slots=True)
class OrderSaid:
    """An openOrder or completedOrder. A completed order has neither an order id nor a client id."""

    order_id: int | None
    client_id: int | None
    permanent_id: int | None
    parent_id: int | None
    reference: str | None
    account: str
    contract: ContractSaid
    action: str
    order_type: str
    quantity: Decimal | None
    limit_price: Decimal | None
    auxiliary_price: Decimal | None
    time_in_force: str
    oca_group: str | None
    status: str
    filled_quantity: Decimal | None = None
    completed_status: str | None = None


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """An orderStatus."""

    order_id: int
    client_id: int
    permanent_id: int | None
    parent_id: int | None
    status: str
    filled: Decimal | None
    remaining: Decimal | None
    why_held: str | None


@dataclass(frozen=True, slots=True)
class ExecutionSaid:
    """An execDetails. `executed_at` is None where the wire gave a time that no zone makes an instant of."""

    request_id: int
    execution_id: str
    order_id: int
    client_id: int
    permanent_id: int | None
    reference: str | None
    account: str
    contract: ContractSaid
    side: str
    quantity: Decimal
    price: Decimal
    executed_at: datetime | None
    time_text: str = ""


@dataclass(frozen=True, slots=True)
class CommissionSaid:
    """A commissionReport."""

    execution_id: str
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class HoldingSaid:
    """A position."""

    account: str
    contract: ContractSaid
    quantity: Decimal
    average_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class DetailsSaid:
    """A contractDetails. Sizes exist on the wire since server version 164 only."""

    contract: ContractSaid
    minimum_tick: Decimal | None
    minimum_size: Decimal | None
    size_increment: Decimal | None


@dataclass(frozen=True, slots=True)
class ErrorSaid:
    """An error, warning or notice. `request_id` is an order's or a request's, or -1 for neither."""

    request_id: int
    code: int
    text: str
