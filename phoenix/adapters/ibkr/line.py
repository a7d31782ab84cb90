"""One connection to TWS or IB Gateway, carried by one client library."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Protocol, TypeAlias

from phoenix.adapters.ibkr.said import (
    CommissionSaid,
    DetailsSaid,
    ErrorSaid,
    ExecutionSaid,
    HoldingSaid,
    OrderSaid,
    StatusSaid,
)


@dataclass(frozen=True, slots=True)
class ContractAsked:
    """The contract of an order or a request."""

    symbol: str
    security_type: str
    exchange: str
    currency: str
    contract_id: int = 0


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """One order as it goes on the wire, in the vendor's words. Prices and quantities are sent digit by digit."""

    order_id: int
    contract: ContractAsked
    account: str
    reference: str
    action: str
    order_type: str
    quantity: Decimal
    time_in_force: str
    transmit: bool
    parent_id: int = 0
    oca_group: str = ""
    oca_type: int = 0
    limit_price: Decimal | None = None
    auxiliary_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a gateway listens, and how we name ourselves there. `zone` is that of its naive times, if known."""

    host: str
    port: int
    client_id: int
    connect_timeout_s: float = 10.0
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that is ready for requests: the first valid order id and the accounts were both heard."""

    server_version: int
    next_order_id: int
    accounts: tuple[str, ...]


class Listener(Protocol):
    """Hears everything the line says, in order of arrival, on the thread of the event loop that opened the line.

    It hears of orders that are pushed while the line still opens, too.
    """

    def next_order_id(self, order_id: int) -> None: ...
    def accounts(self, accounts: tuple[str, ...]) -> None: ...
    def open_order(self, order: OrderSaid) -> None: ...
    def open_orders_end(self) -> None: ...
    def completed_order(self, order: OrderSaid) -> None: ...
    def completed_orders_end(self) -> None: ...
    def order_status(self, status: StatusSaid) -> None: ...
    def execution(self, execution: ExecutionSaid) -> None: ...
    def executions_end(self, request_id: int) -> None: ...
    def commission(self, commission: CommissionSaid) -> None: ...
    def holding(self, holding: HoldingSaid) -> None: ...
    def holdings_end(self) -> None: ...
    def account_value(self, request_id: int, account: str, tag: str, value: str, currency: str) -> None: ...
    def account_values_end(self, request_id: int) -> None: ...
    def profit(
        self, request_id: int, daily: Decimal | None, unrealised: Decimal | None, realised: Decimal | None
    ) -> None: ...
    def price_tick(self, request_id: int, tick_type: int, price: Decimal) -> None: ...
    def market_data_type(self, request_id: int, kind: int) -> None: ...
    def contract_details(self, request_id: int, details: DetailsSaid) -> None: ...
    def contract_details_end(self, request_id: int) -> None: ...
    def current_time(self, seconds: int) -> None: ...
    def error(self, error: ErrorSaid) -> None: ...
    def undecodable(self, detail: str) -> None:
        """The library got something that it could not read, or had no word for: what it was is not known."""

    def closed(self, detail: str) -> None:
        """The connection is over, by whoever's doing but ours. Said once; nothing is heard after it."""


class Line(ABC):
    """Requests are handed to the wire at once and in order; none waits for an answer.

    A request on a line that is not open raises LineClosed. The line neither paces, nor retries, nor reconnects.
    """

    library: str
    """The client library and its version, for people."""

    @abstractmethod
    async def open(self) -> Opened:
        """Connect and shake hands. Raises LineFailed, and leaves nothing open then."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of the connection; harmless when it is closed. Nothing is heard of it afterwards."""

    @property
    @abstractmethod
    def is_open(self) -> bool: ...

    @abstractmethod
    def place_order(self, order: OrderAsked) -> None: ...
    @abstractmethod
    def cancel_order(self, order_id: int) -> None: ...
    @abstractmethod
    def ask_open_orders(self) -> None:
        """Of all clients."""

    @abstractmethod
    def ask_completed_orders(self) -> None:
        """Of all clients, and those that were entered by hand."""

    @abstractmethod
    def ask_executions(self, request_id: int) -> None: ...
    @abstractmethod
    def ask_holdings(self) -> None: ...
    @abstractmethod
    def stop_holdings(self) -> None: ...
    @abstractmethod
    def ask_account_values(self, request_id: int, tags: str) -> None: ...
    @abstractmethod
    def stop_account_values(self, request_id: int) -> None: ...
    @abstractmethod
    def ask_profit(self, request_id: int, account: str) -> None: ...
    @abstractmethod
    def stop_profit(self, request_id: int) -> None: ...
    @abstractmethod
    def ask_prices(self, request_id: int, contract: ContractAsked) -> None:
        """Streaming top of book, live data where there is any."""

    @abstractmethod
    def stop_prices(self, request_id: int) -> None: ...
    @abstractmethod
    def ask_contract_details(self, request_id: int, contract: ContractAsked) -> None: ...
    @abstractmethod
    def ask_time(self) -> None: ...


class LineClosed(Exception):
    """There is no connection to hand a request to; nothing of it left."""


class LineFailed(Exception):
    """No connection came about. `code` is the vendor's, where one was heard: 326 client id in use, 502 nobody there.

    `stage` says how far it got: "connect" (no TCP connection), "handshake" (no server version), "version" (the server
    is too old for this library) or "session" (no accounts or order id). `is_silent`: nothing was heard in time.
    """

    def __init__(self, detail: str, stage: str, code: int | None = None, *, is_silent: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.stage = stage
        self.code = code
        self.is_silent = is_silent


LineFactory: TypeAlias = Callable[[Endpoint, Listener], Line]
"""A line that is not open yet. One line is one connection: the next connection takes a new line."""
