"""What a broker answers when it is asked, in Phoenix's own words. Vendor types end at the adapter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.domain.vocabulary import AccountMode, Action, OrderStatus, OrderType, TimeInForce


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
    """What the broker says of an instrument; entries in one whose configuration contradicts it are refused.

    Sizes that the broker did not report are None.
    """

    pair: str
    tick: Decimal
    min_size: Decimal | None
    size_step: Decimal | None
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
