"""What both lines do alike: opening against a deadline, and requests, which the client libraries name alike."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from phoenix.adapters.ibkr.line import (
    ContractAsked,
    Endpoint,
    Line,
    LineClosed,
    LineFailed,
    Listener,
    Opened,
    OrderAsked,
)
from phoenix.adapters.ibkr.numbers import sent
from phoenix.adapters.ibkr.said import ErrorSaid

CLIENT_ID_IN_USE = 326
NOBODY_THERE = 502


class ClientLine(Line):
    """A line over a client of a library, whose requests and objects go by the vendor's names."""

    def __init__(self, endpoint: Endpoint, listener: Listener, library: str) -> None:
        self.library = library
        self._endpoint = endpoint
        self._listener = listener
        self._client: Any = None
        self._is_open = False
        self._is_over = False
        self._ready: asyncio.Future[None] | None = None
        self._next_order_id: int | None = None
        self._accounts: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self._is_open

    async def open(self) -> Opened:
        self._ready = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._endpoint.connect_timeout_s):
                await self._connect()
                await self._ready
            return Opened(self._server_version(), self._first_order_id(), self._accounts)
        except TimeoutError as error:
            self._is_open = False
            failure = self._failure(f"no answer within {self._endpoint.connect_timeout_s:g} s")
            failure.is_silent = not self._has_heard()
            raise failure from error
        finally:
            if not self._is_open:
                await self.close()

    async def close(self) -> None:
        self._is_open, self._is_over = False, True
        if self._ready is not None and not self._ready.done():
            self._ready.cancel()
        await self._release()

    def _first_order_id(self) -> int:
        if self._next_order_id is None:
            raise self._failure("no order id was heard")
        return self._next_order_id

    def hear(self, said: Callable[..., None], *words: object) -> None:
        """Have something said, unless the line is over."""
        if not self._is_over:
            said(*words)

    def heard_next_order_id(self, order_id: int) -> None:
        """The first, or another, valid order id."""
        self._next_order_id = order_id
        self._listener.next_order_id(order_id)
        self._open_when_ready()

    def heard_accounts(self, accounts: tuple[str, ...]) -> None:
        """The accounts of this login."""
        self._accounts = accounts
        self._listener.accounts(accounts)
        self._open_when_ready()

    def heard_error(self, error: ErrorSaid) -> None:
        """An error, warning or notice. The refusal of our client id ends the opening at once."""
        self._listener.error(error)
        if error.code == CLIENT_ID_IN_USE and error.request_id == -1:
            self._fail(LineFailed(error.text, "session", CLIENT_ID_IN_USE))

    def lost(self, detail: str) -> None:
        """The connection ended, and not by us."""
        if self._is_over:
            return
        if not self._is_open:
            self._fail(self._failure(detail))
            return
        self._is_open, self._is_over = False, True
        self._listener.closed(detail)

    def _open_when_ready(self) -> None:
        if self._ready is None or self._ready.done() or self._next_order_id is None or not self._accounts:
            return
        self._is_open = True
        self._ready.set_result(None)

    def _fail(self, failure: LineFailed) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(failure)

    def _failure(self, detail: str) -> LineFailed:
        stage = self._stage()
        where = f"{self._endpoint.host}:{self._endpoint.port}"
        return LineFailed(f"{where}: {detail}", stage, NOBODY_THERE if stage == "connect" else None)

    @abstractmethod
    async def _connect(self) -> None:
        """Set the connection going; `lost` or `_fail` tell how it fails, or a LineFailed."""

    @abstractmethod
    async def _release(self) -> None:
        """Leave no transport, thread or task behind; harmless when there is none."""

    @abstractmethod
    def _stage(self) -> str:
        """How far opening got."""

    def _has_heard(self) -> bool:
        """Whether bytes have come that are no answer yet."""
        return False

    @abstractmethod
    def _server_version(self) -> int: ...

    @abstractmethod
    def _vendor(self) -> Any:
        """Where the library's Contract, Order and ExecutionFilter are."""

    def _ask(self, request: str, *arguments: object) -> None:
        if not self._is_open:
            raise LineClosed("the connection is not open")
        try:
            getattr(self._client, request)(*arguments)
        except OSError as error:
            raise LineClosed(str(error)) from error

    def _contract(self, asked: ContractAsked) -> Any:
        contract = self._vendor().Contract()
        contract.conId = asked.contract_id
        contract.symbol = asked.symbol
        contract.secType = asked.security_type
        contract.exchange = asked.exchange
        contract.currency = asked.currency
        return contract

    def _order(self, asked: OrderAsked) -> Any:
        """The vendor's order. ibapi's defaults for the last two are refused by today's gateways."""
        order = self._vendor().Order()
        order.action = asked.action
        order.orderType = asked.order_type
        order.totalQuantity = sent(asked.quantity)
        order.lmtPrice = sent(asked.limit_price)
        order.auxPrice = sent(asked.auxiliary_price)
        order.tif = asked.time_in_force
        order.account = asked.account
        order.orderRef = asked.reference
        order.transmit = asked.transmit
        order.parentId = asked.parent_id
        order.ocaGroup = asked.oca_group
        order.ocaType = asked.oca_type
        order.eTradeOnly = False
        order.firmQuoteOnly = False
        return order

    def place_order(self, order: OrderAsked) -> None:
        self._ask("placeOrder", order.order_id, self._contract(order.contract), self._order(order))

    def cancel_order(self, order_id: int) -> None:
        self._ask("cancelOrder", order_id)

    def ask_open_orders(self) -> None:
        self._ask("reqAllOpenOrders")

    def ask_completed_orders(self) -> None:
        self._ask("reqCompletedOrders", False)

    def ask_executions(self, request_id: int) -> None:
        self._ask("reqExecutions", request_id, self._vendor().ExecutionFilter())

    def ask_holdings(self) -> None:
        self._ask("reqPositions")

    def stop_holdings(self) -> None:
        self._ask("cancelPositions")

    def ask_account_values(self, request_id: int, tags: str) -> None:
        self._ask("reqAccountSummary", request_id, "All", tags)

    def stop_account_values(self, request_id: int) -> None:
        self._ask("cancelAccountSummary", request_id)

    def ask_profit(self, request_id: int, account: str) -> None:
        self._ask("reqPnL", request_id, account, "")

    def stop_profit(self, request_id: int) -> None:
        self._ask("cancelPnL", request_id)

    def ask_prices(self, request_id: int, contract: ContractAsked) -> None:
        self._ask("reqMktData", request_id, self._contract(contract), "", False, False, [])

    def stop_prices(self, request_id: int) -> None:
        self._ask("cancelMktData", request_id)

    def ask_contract_details(self, request_id: int, contract: ContractAsked) -> None:
        self._ask("reqContractDetails", request_id, self._contract(contract))

    def ask_time(self) -> None:
        self._ask("reqCurrentTime")
