"""What the server says, before it is laid out for a client's version. None goes out blank, or as the wire's unset."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Security:
    """A contract as the server names it, complete."""

    contract_id: int
    symbol: str
    security_type: str
    exchange: str
    currency: str
    local_symbol: str
    trading_class: str
    long_name: str = ""
    minimum_tick: Decimal = Decimal("0.01")
    minimum_size: Decimal = Decimal(1)
    size_increment: Decimal = Decimal(1)
    market_rule_id: int = 0


@dataclass(frozen=True, slots=True)
class NextValidId:
    order_id: int


@dataclass(frozen=True, slots=True)
class ManagedAccounts:
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorReply:
    request_id: int
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as openOrder and completedOrder show it."""

    order_id: int
    client_id: int
    permanent_id: int
    parent_id: int
    parent_permanent_id: int
    reference: str
    account: str
    security: Security
    action: str
    order_type: str
    quantity: Decimal
    limit_price: Decimal | None
    auxiliary_price: Decimal | None
    time_in_force: str
    oca_group: str
    oca_type: int
    status: str
    filled: Decimal = Decimal(0)
    completed_at: datetime | None = None
    completed_status: str = ""
    outside_hours: bool = False
    what_if: bool = False


@dataclass(frozen=True, slots=True)
class OpenOrder:
    order: OrderView


@dataclass(frozen=True, slots=True)
class OpenOrderEnd:
    pass


@dataclass(frozen=True, slots=True)
class CompletedOrder:
    """`order.filled` goes out as filledQuantity; order and client id are not told."""

    order: OrderView


@dataclass(frozen=True, slots=True)
class CompletedOrdersEnd:
    pass


@dataclass(frozen=True, slots=True)
class OrderStatus:
    order_id: int
    client_id: int
    permanent_id: int
    parent_id: int
    status: str
    filled: Decimal
    remaining: Decimal
    average_fill_price: Decimal = Decimal(0)
    last_fill_price: Decimal = Decimal(0)
    why_held: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionDetails:
    """`executed_at` is UTC; how it is written depends on the version and the gateway's own time zone."""

    request_id: int
    order_id: int
    client_id: int
    permanent_id: int
    security: Security
    execution_id: str
    account: str
    side: str
    quantity: Decimal
    price: Decimal
    cumulative_quantity: Decimal
    average_price: Decimal
    reference: str
    executed_at: datetime


@dataclass(frozen=True, slots=True)
class ExecutionsEnd:
    request_id: int


@dataclass(frozen=True, slots=True)
class Commission:
    """A commissionReport; without a realised profit the wire carries its unset number."""

    execution_id: str
    amount: Decimal
    currency: str
    realised: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Position:
    account: str
    security: Security
    quantity: Decimal
    average_cost: Decimal


@dataclass(frozen=True, slots=True)
class PositionsEnd:
    pass


@dataclass(frozen=True, slots=True)
class AccountSummary:
    request_id: int
    account: str
    tag: str
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class AccountSummaryEnd:
    request_id: int


@dataclass(frozen=True, slots=True)
class AccountValue:
    key: str
    value: str
    currency: str
    account: str


@dataclass(frozen=True, slots=True)
class AccountValueMulti:
    """An accountUpdateMulti, of no model."""

    request_id: int
    account: str
    key: str
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class AccountValuesMultiEnd:
    request_id: int


@dataclass(frozen=True, slots=True)
class PortfolioValue:
    security: Security
    quantity: Decimal
    market_price: Decimal
    market_value: Decimal
    average_cost: Decimal
    unrealised: Decimal
    realised: Decimal
    account: str


@dataclass(frozen=True, slots=True)
class AccountUpdateTime:
    text: str


@dataclass(frozen=True, slots=True)
class AccountDownloadEnd:
    account: str


@dataclass(frozen=True, slots=True)
class Profit:
    """A pnl; what is None goes out as the wire's unset number."""

    request_id: int
    daily: Decimal | None
    unrealised: Decimal | None
    realised: Decimal | None


@dataclass(frozen=True, slots=True)
class ProfitOfOne:
    request_id: int
    quantity: Decimal
    daily: Decimal | None
    unrealised: Decimal | None
    realised: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class TickPrice:
    request_id: int
    tick_type: int
    price: Decimal
    size: Decimal
    can_auto_execute: bool = True


@dataclass(frozen=True, slots=True)
class TickSize:
    request_id: int
    tick_type: int
    size: Decimal


@dataclass(frozen=True, slots=True)
class TickParameters:
    """tickReqParams."""

    request_id: int
    minimum_tick: Decimal
    exchange: str
    snapshot_permissions: int = 3


@dataclass(frozen=True, slots=True)
class SnapshotEnd:
    request_id: int


@dataclass(frozen=True, slots=True)
class MarketDataType:
    request_id: int
    kind: int


@dataclass(frozen=True, slots=True)
class ContractDetails:
    request_id: int
    security: Security


@dataclass(frozen=True, slots=True)
class ContractDetailsEnd:
    request_id: int


@dataclass(frozen=True, slots=True)
class MarketRule:
    rule_id: int
    increments: tuple[tuple[Decimal, Decimal], ...] = field(default_factory=tuple)
    """From which price on, and by how much."""


@dataclass(frozen=True, slots=True)
class CurrentTime:
    seconds: int


Reply: TypeAlias = (
    NextValidId | ManagedAccounts | ErrorReply | OpenOrder | OpenOrderEnd | CompletedOrder | CompletedOrdersEnd
    | OrderStatus | ExecutionDetails | ExecutionsEnd | Commission | Position | PositionsEnd | AccountSummary
    | AccountSummaryEnd | AccountValue | AccountValueMulti | AccountValuesMultiEnd | PortfolioValue
    | AccountUpdateTime | AccountDownloadEnd | Profit
    | ProfitOfOne | TickPrice | TickSize | TickParameters | SnapshotEnd | MarketDataType | ContractDetails
    | ContractDetailsEnd | MarketRule | CurrentTime
)  # fmt: skip
