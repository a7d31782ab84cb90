"""What a broker tells, in Phoenix's own words. Vendor types end at the adapter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from phoenix.domain.vocabulary import AccountMode, Action, OrderStatus, OrderType, TimeInForce

# --- answers to queries ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """An open broker session. `next_session_order_id` is the broker's lowest usable order id."""

    adapter: str
    account: str
    mode: AccountMode
    next_session_order_id: int
    server_time: datetime
    server_version: str


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """Money is in `currency`. What the broker did not report is None, never zero."""

    account: str
    mode: AccountMode
    currency: str
    equity: Decimal
    balance: Decimal
    margin_used: Decimal | None
    buying_power: Decimal | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """The best bid and ask, and when they were last heard."""

    pair: str
    bid: Decimal
    ask: Decimal
    as_of: datetime

    @property
    def mid(self) -> Decimal:
        return (self.bid + self.ask) / 2


@dataclass(frozen=True, slots=True)
class ContractDetails:
    """What the broker says of an instrument; configuration that contradicts it is refused."""

    pair: str
    tick: Decimal
    min_size: Decimal
    size_step: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class BrokerOrder:
    """An order in the broker's book. References and ids that the broker left blank are None."""

    reference: str | None
    session_order_id: int | None
    permanent_id: str | None
    account: str
    pair: str
    action: Action
    order_type: OrderType | None
    quantity: Decimal | None
    filled_quantity: Decimal | None
    remaining_quantity: Decimal | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    time_in_force: TimeInForce | None
    status: OrderStatus
    why_held: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """The broker's signed net quantity of one instrument in one account."""

    account: str
    pair: str
    quantity: Decimal
    average_price: Decimal | None


@dataclass(frozen=True, slots=True)
class ProfitAndLoss:
    """Money is in the account's currency; what the broker did not report is None."""

    account: str
    realised: Decimal | None
    unrealised: Decimal | None


# --- events ------------------------------------------------------------------------------------------------------


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
    """An error or warning that the adapter's table does not translate into one of the events above."""

    code: int | None
    text: str
    reference: str | None
    severity: str
    occurred_at: datetime


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
