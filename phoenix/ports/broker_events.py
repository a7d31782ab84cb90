"""What a broker tells of its own accord, in Phoenix's own words. Vendor types end at the adapter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from phoenix.domain.vocabulary import Action, OrderStatus


@dataclass(frozen=True, slots=True)
class OrderAcknowledged:
    """The first word of the broker on an order: it exists there, under this permanent id."""

    reference: str | None
    session_order_id: int | None
    permanent_id: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class OrderStatusReported:
    """A status callback. Statuses repeat, skip and may never come; executions are what counts."""

    reference: str | None
    session_order_id: int | None
    permanent_id: str | None
    status: OrderStatus
    filled_quantity: Decimal | None
    remaining_quantity: Decimal | None
    occurred_at: datetime
    reason: str | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class OrderRejected:
    """The broker refused an order."""

    reference: str | None
    session_order_id: int | None
    permanent_id: str | None
    code: int | None
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """An order, or what was left of it, ended at the broker without filling."""

    reference: str | None
    session_order_id: int | None
    permanent_id: str | None
    filled_quantity: Decimal | None
    reason: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ExecutionReported:
    """An execution, a correction of one (same stem, higher suffix after the last dot), or a bust of one."""

    execution_id: str
    reference: str | None
    session_order_id: int | None
    permanent_id: str | None
    account: str
    pair: str
    action: Action
    quantity: Decimal
    price: Decimal
    executed_at: datetime
    is_bust: bool = False


@dataclass(frozen=True, slots=True)
class CommissionReported:
    """What an execution cost; may come before the execution itself."""

    execution_id: str
    amount: Decimal
    currency: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class BrokerNotice:
    """An error or warning that the adapter's table does not translate into one of the events above.

    `is_about_order_state` says that the broker's word on an order contradicts ours or leaves it open, so that only its
    books can tell what the order is: a duplicate id, an unknown order, one that cannot be cancelled any more.
    """

    code: int | None
    text: str
    reference: str | None
    severity: str
    occurred_at: datetime
    is_about_order_state: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The line went down: our own connection (`is_socket`), or the broker's own line behind it.

    Without its socket a session has ended, and is opened anew. While only the broker's line is down the session stays
    open and comes back by itself; nothing is connected then.
    """

    is_socket: bool
    detail: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ConnectionRestored:
    """The line is back. Executions must be pulled and books compared before any entry, data kept or not."""

    detail: str
    data_kept: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class MarketDataState:
    """The broker's price feed is stale or fresh again. Fresh is no permission to trade."""

    is_fresh: bool
    detail: str
    occurred_at: datetime


BrokerEvent: TypeAlias = (
    OrderAcknowledged
    | OrderStatusReported
    | OrderRejected
    | OrderCancelled
    | ExecutionReported
    | CommissionReported
    | BrokerNotice
    | ConnectionLost
    | ConnectionRestored
    | MarketDataState
)
