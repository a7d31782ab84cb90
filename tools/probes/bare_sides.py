"""The bare libraries, as their users write the same: IB of ib_insync, EClient and EWrapper of ibapi."""

from __future__ import annotations

import asyncio
import importlib
import threading
from itertools import cycle
from typing import Any

from tools.gateway_process import ACCOUNT
from tools.probes.side import QUANTITY, WITHIN_S, Side, require_bid

HOST = "127.0.0.1"


class InsyncSide(Side):
    """The facade, which keeps trades, fills and tickers for its user."""

    async def connect(self, port: int, client_id: int) -> None:
        self._vendor = importlib.import_module(self.library)
        self._ib = self._vendor.IB()
        self._ib.client.MaxRequests = 0
        self._executed = asyncio.Event()
        self._ib.execDetailsEvent += lambda *_: self._executed.set()
        await self._ib.connectAsync(HOST, port, client_id)
        self._pair = self._vendor.Forex("GBPUSD")
        self._ticker = self._ib.reqMktData(self._pair)
        self._actions = cycle(("BUY", "SELL"))

    def prepare(self) -> None:
        self._order = self._vendor.MarketOrder(next(self._actions), QUANTITY, tif="DAY", account=ACCOUNT)
        self._executed.clear()

    async def order(self) -> None:
        self._ib.placeOrder(self._pair, self._order)
        async with asyncio.timeout(WITHIN_S):
            await self._executed.wait()

    async def sees(self, bid: float) -> None:
        await self._ib.reqCurrentTimeAsync()
        require_bid(self._ticker.bid, bid)

    async def executions(self) -> None:
        await self._ib.reqExecutionsAsync()

    async def disconnect(self) -> None:
        self._ib.disconnect()


class IbapiSide(Side):
    """Callbacks set events that the main thread waits for; it has nothing else to do."""

    async def connect(self, port: int, client_id: int) -> None:
        self._contracts = importlib.import_module("ibapi.contract")
        self._orders = importlib.import_module("ibapi.order")
        self._filter = importlib.import_module("ibapi.execution").ExecutionFilter
        self._ready, self._executed = threading.Event(), threading.Event()
        self._told, self._ended = threading.Event(), threading.Event()
        self._bid = 0.0
        self._next_id = 0
        self._client = self._app()
        self._client.connect(HOST, port, client_id)
        self._thread = threading.Thread(target=self._client.run)
        self._thread.start()
        _wait(self._ready)
        self._client.reqMktData(1, self._pair(), "", False, False, [])
        self._actions = cycle(("BUY", "SELL"))

    def prepare(self) -> None:
        self._order = order = self._orders.Order()
        order.action, order.orderType, order.totalQuantity, order.tif = next(self._actions), "MKT", QUANTITY, "DAY"
        order.account, order.eTradeOnly, order.firmQuoteOnly = ACCOUNT, False, False
        self._executed.clear()

    async def order(self) -> None:
        number, self._next_id = self._next_id, self._next_id + 1
        self._client.placeOrder(number, self._pair(), self._order)
        _wait(self._executed)

    async def sees(self, bid: float) -> None:
        self._told.clear()
        self._client.reqCurrentTime()
        _wait(self._told)
        require_bid(self._bid, bid)

    async def executions(self) -> None:
        self._ended.clear()
        self._client.reqExecutions(2, self._filter())
        _wait(self._ended)

    async def disconnect(self) -> None:
        self._client.disconnect()
        self._thread.join()

    def _pair(self) -> Any:
        contract = self._contracts.Contract()
        contract.symbol, contract.secType, contract.exchange, contract.currency = "GBP", "CASH", "IDEALPRO", "USD"
        return contract

    def _app(self) -> Any:
        client, wrapper = importlib.import_module("ibapi.client"), importlib.import_module("ibapi.wrapper")

        def next_valid_id(_: Any, number: int) -> None:
            self._next_id = number
            self._ready.set()

        def tick_price(_: Any, request_id: int, kind: int, price: float, attributes: object) -> None:  # noqa: ARG001
            if kind == 1:
                self._bid = price

        heard = {
            "__init__": lambda app: client.EClient.__init__(app, app),
            "nextValidId": next_valid_id,
            "tickPrice": tick_price,
            "execDetails": lambda *_: self._executed.set(),
            "execDetailsEnd": lambda *_: self._ended.set(),
            "currentTime": lambda *_: self._told.set(),
            "error": lambda *_: None,
        }
        kind: Any = type("App", (wrapper.EWrapper, client.EClient), heard)
        return kind()


def _wait(event: threading.Event) -> None:
    """Raises TimeoutError when it does not come."""
    if not event.wait(WITHIN_S):
        raise TimeoutError("the gateway does not answer")
