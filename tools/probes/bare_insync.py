"""A day with the facade `IB` of ib_insync, or of ib_async, before the gateway simulator."""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable
from typing import Any

from tools.directing import GatewayProcess
from tools.gateway_process import ACCOUNT, START
from tools.probes.checks import Checks

HOST = "127.0.0.1"
WITHIN_S = 3.0
CONNECTS_WITHIN_S = 4.0
_LOOK_S = 0.01
_REFUSED = "probe-refused"


def probe(name: str, gateway: GatewayProcess, checks: Checks) -> None:
    """The whole day: looking, trading, errors, and coming back. Raises ModuleNotFoundError."""
    library = importlib.import_module(name)
    day = _Day(library, gateway, checks)
    for part in (
        day.connects, day.looks_at_the_account, day.finds_contracts, day.follows_prices, day.trades_a_bracket,
        day.asks_for_what_happened, day.changes_and_cancels, day.is_refused, day.leaves_time_in_force_out,
        day.meets_another_client, day.comes_back,
    ):  # fmt: skip
        part()


class _Errors(logging.Handler):
    """What the library logs as an error: time-outs while connecting, and messages that it cannot decode."""

    def __init__(self, logger: str) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []
        logging.getLogger(logger).addHandler(self)
        logging.getLogger(logger).propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def unexpected(self) -> list[str]:
        """Those that are not the broker's own coded messages, which the library logs as errors, too."""
        return [text for text in self.texts if not text.startswith("Error ")]


class _Day:
    def __init__(self, library: Any, gateway: GatewayProcess, checks: Checks) -> None:
        self._library = library
        self._gateway = gateway
        self._director = gateway.director
        self._checks = checks
        self._logged = _Errors(library.__name__)
        self._codes: list[tuple[int, int]] = []
        self._pair = library.Forex("GBPUSD")
        self._ib = self._new()

    # --- the parts of the day ------------------------------------------------------------------------------------

    def connects(self) -> None:
        begun = time.monotonic()
        self._connect(self._ib, 1)
        took_s = time.monotonic() - begun
        self._checks.holds("connect comes back", self._ib.isConnected())
        self._checks.holds("connect waits for no time-out", took_s < CONNECTS_WITHIN_S / 2, took_s)
        self._checks.equal("managedAccounts", [ACCOUNT], self._ib.managedAccounts())
        newest = 178 if self._library.__name__ == "ib_async" else 176
        self._checks.equal("the newest version that both speak", newest, self._ib.client.serverVersion())
        self._checks.equal("nothing is logged as an error", [], self._logged.texts)
        self._checks.equal("reqCurrentTime", START, self._ib.reqCurrentTime())

    def looks_at_the_account(self) -> None:
        values = {value.tag: value for value in self._ib.accountValues(ACCOUNT)}
        self._checks.includes("accountValues", ("NetLiquidation", "TotalCashValue", "BuyingPower"), values)
        summary = {value.tag: (value.value, value.currency) for value in self._ib.accountSummary()}
        self._checks.equal("accountSummary: NetLiquidation", ("100000", "USD"), summary.get("NetLiquidation"))
        self._checks.equal("portfolio before the first trade", [], self._ib.portfolio())
        self._checks.equal("positions before the first trade", [], self._ib.positions())
        profit = self._ib.reqPnL(ACCOUNT)
        self._checks.holds("reqPnL tells the unrealised", self._until(lambda: profit.unrealizedPnL == 0), profit)
        self._profit = profit

    def finds_contracts(self) -> None:
        self._checks.equal("qualifyContracts finds the pair", [self._pair], self._ib.qualifyContracts(self._pair))
        self._checks.equal("... by its local symbol", "GBP.USD", self._pair.localSymbol)
        self._checks.holds("... and its number", self._pair.conId > 0)
        (details,) = self._ib.reqContractDetails(self._pair)
        self._checks.equal("reqContractDetails: minTick", 0.00005, details.minTick)
        rule = self._ib.reqMarketRule(int(details.marketRuleIds.split(",")[0]))
        self._checks.equal("reqMarketRule", [(0.0, 0.00005)], [(one.lowEdge, one.increment) for one in rule])
        self._checks.equal("an unknown contract has no details", [], self._details_of_nothing())
        self._checks.includes("... for error 200", [200], self._heard_codes())

    def follows_prices(self) -> None:
        ticker = self._ib.reqMktData(self._pair)
        self._checks.holds("reqMktData: the first quote comes", self._until(ticker.hasBidAsk), ticker)
        self._checks.equal("... with bid and ask", (1.26, 1.2602), (ticker.bid, ticker.ask))
        self._director.quote("1.26100", "1.26120")
        self._checks.holds("... and the next", self._until(lambda: (ticker.bid, ticker.ask) == (1.261, 1.2612)), ticker)
        self._ib.cancelMktData(self._pair)
        self._settle()
        self._director.quote("1.26000", "1.26020")
        self._settle()
        self._checks.equal("cancelMktData ends it", 1.261, ticker.bid)
        (snapshot,) = self._ib.reqTickers(self._pair)
        self._checks.equal("reqTickers: one snapshot", (1.26, 1.2602), (snapshot.bid, snapshot.ask))

    def trades_a_bracket(self) -> None:
        bracket = self._ib.bracketOrder("BUY", 20000, 1.2595, 1.262, 1.258, tif="GTC", account=ACCOUNT)
        parent, target, stop = (self._ib.placeOrder(self._pair, order) for order in bracket)
        self._checks.holds("a bracket is acknowledged", self._until(lambda: self._status(parent) == "Submitted"))
        self._checks.holds("... its children wait", self._until(lambda: self._waiting(target) and self._waiting(stop)))
        self._checks.holds("... for the parent", "child" in stop.orderStatus.whyHeld, stop.orderStatus)
        self._checks.holds("... and have numbers of the broker's", all(t.order.permId for t in (parent, target, stop)))
        self._checks.equal("openTrades", 3, len(self._ib.openTrades()))
        self._director.quote("1.25920", "1.25940")
        self._filled(parent, 20000, 1.2594)
        self._checks.holds("the target works", self._until(lambda: self._status(target) == "Submitted"), target)
        self._checks.holds("the stop waits for its price", self._until(lambda: self._is_triggered(stop)), stop)
        self._checks.equal("... in one group", 1, len({target.order.ocaGroup, stop.order.ocaGroup}))
        self._holds(20000)
        self._director.quote("1.26200", "1.26220")
        self._filled(target, 20000, 1.262)
        self._checks.holds("the stop is cancelled", self._until(lambda: self._status(stop) == "Cancelled"), stop)
        self._holds(0)
        self._checks.equal("no open trade is left", [], self._ib.openTrades())
        known = self._profit
        self._checks.holds("reqPnL tells the realised", self._until(lambda: known.realizedPnL > 0), known)

    def asks_for_what_happened(self) -> None:
        executions = [fill.execution for fill in self._ib.reqExecutions()]
        self._checks.equal("reqExecutions", ["BOT", "SLD"], [one.side for one in executions])
        self._checks.equal("... at the second of the day", START.date(), executions[0].time.date())
        self._checks.equal("... within the minute", True, 0 <= (executions[0].time - START).total_seconds() < 60)
        only = self._library.ExecutionFilter(side="SELL")
        self._checks.equal("... of one side", ["SLD"], [fill.execution.side for fill in self._ib.reqExecutions(only)])
        completed = self._ib.reqCompletedOrders(apiOnly=False)
        states = sorted(trade.orderStatus.status for trade in completed)
        self._checks.equal("reqCompletedOrders", ["Cancelled", "Filled", "Filled"], states)

    def changes_and_cancels(self) -> None:
        trade = self._place(limit=1.25)
        self._checks.holds("a limit order works", self._until(lambda: self._status(trade) == "Submitted"), trade)
        trade.order.lmtPrice = 1.2505
        self._ib.placeOrder(self._pair, trade.order)
        self._settle()
        changed = [one.order.lmtPrice for one in self._ib.reqOpenOrders()]
        self._checks.equal("placing it again changes its price", [1.2505], changed or self._codes[-1:])
        self._ib.cancelOrder(trade.order)
        self._checks.holds("cancelOrder", self._until(lambda: self._status(trade) == "Cancelled"), trade)
        self._checks.includes("... with 202", [(trade.order.orderId, 202)], self._codes)
        self._ib.client.cancelOrder(trade.order.orderId)
        is_said = lambda: bool({10148, 161} & set(self._heard_codes(trade.order.orderId)))  # noqa: E731
        self._checks.holds("a second cancel is refused", self._until(is_said), self._codes[-3:])
        self._ib.client.cancelOrder(987_654)
        heard = self._until(lambda: (987_654, 10147) in self._codes)
        self._checks.holds("an order that nobody knows: 10147", heard, self._codes[-3:])

    def is_refused(self) -> None:
        off_grid = self._place(limit=1.250012)
        self._hears("a price off the grid: 110", off_grid, 110)
        nowhere = self._ib.placeOrder(self._library.Forex("XXXYYY"), self._limit(1.25))
        self._hears("an order for no security: 200", nowhere, 200)
        self._checks.holds("... which ends it", self._until(nowhere.isDone), nowhere.orderStatus)
        self._director.reject(_REFUSED)
        refused = self._place(limit=1.25, orderRef=_REFUSED)
        self._hears("an order that the broker refuses: 201", refused, 201)
        self._checks.holds("... and shows as inactive", self._until(lambda: self._status(refused) == "Inactive"))
        wrong = self._place(limit=1.25, account="U0000000")
        self._hears("an account that is not ours", wrong, 321, 435, 201)

    def leaves_time_in_force_out(self) -> None:
        trade = self._place(limit=1.25, tif="")
        self._hears("an order without time in force: 10349", trade, 10349)
        alive = [one.order.orderId for one in self._ib.reqAllOpenOrders()]
        self._checks.includes("... lives, whatever the library shows", [trade.order.orderId], alive)
        self._ib.client.cancelOrder(trade.order.orderId)
        self._hears("... and can be cancelled", trade, 202)

    def meets_another_client(self) -> None:
        mine = self._place(limit=1.25, orderRef="probe-left")
        self._until(lambda: self._status(mine) == "Submitted")
        other = self._new()
        self._connect(other, 2)
        self._checks.equal("another client sees none of its own", [], other.reqOpenOrders())
        seen = [trade.order.orderRef for trade in other.reqAllOpenOrders()]
        self._checks.equal("... and all with reqAllOpenOrders", ["probe-left"], seen)
        self._checks.equal("... and all executions", 2, len(other.reqExecutions()))
        other.disconnect()
        third = self._new()
        self._checks.raises(
            "a client id in use lets nobody in", (TimeoutError, ConnectionError), lambda: self._connect(third, 1, 1)
        )
        self._checks.includes("... for error 326", [326], self._heard_codes())
        third.disconnect()

    def comes_back(self) -> None:
        last = max(trade.order.orderId for trade in self._ib.trades())
        self._ib.disconnect()
        self._checks.equal("disconnect", False, self._ib.isConnected())
        back = self._new()
        self._connect(back, 1)
        open_now = [(trade.order.orderRef, trade.orderStatus.status) for trade in back.openTrades()]
        self._checks.equal("connecting again shows the open orders", [("probe-left", "Submitted")], open_now)
        self._checks.equal("... and the day's fills", 2, len(back.fills()))
        self._checks.holds("... and goes on behind the last order id", back.client.getReqId() > last, last)
        (left,) = back.openTrades()
        back.cancelOrder(left.order)
        self._checks.holds("... and its orders can be cancelled", self._until(left.isDone, back), left.orderStatus)
        back.disconnect()
        nobody = self._new()
        self._checks.raises("nobody listens", ConnectionRefusedError, lambda: nobody.connect(HOST, 1, clientId=1))
        self._checks.equal("no message was beyond the decoder", [], _undecoded(self._logged.texts))

    # --- how ------------------------------------------------------------------------------------------------------

    def _new(self) -> Any:
        ib = self._library.IB()
        ib.errorEvent += lambda request_id, code, *_: self._codes.append((request_id, code))
        return ib

    def _connect(self, ib: Any, client_id: int, timeout_s: float = CONNECTS_WITHIN_S) -> None:
        ib.connect(HOST, self._gateway.port, clientId=client_id, timeout=timeout_s)

    def _until(self, is_so: Callable[[], object], ib: Any = None) -> bool:
        """Whether it comes to be so, while the library works."""
        give_up_at = time.monotonic() + WITHIN_S
        while not is_so():
            if time.monotonic() > give_up_at:
                return False
            (ib or self._ib).sleep(_LOOK_S)
        return True

    def _settle(self) -> None:
        """Everything that was sent before has been carried out, and what it led to was heard."""
        self._ib.reqCurrentTime()

    def _heard_codes(self, request_id: int | None = None) -> list[int]:
        return [code for about, code in self._codes if request_id in (None, about)]

    def _details_of_nothing(self) -> list[Any]:
        found: list[Any] = self._ib.reqContractDetails(self._library.Forex("XXXYYY"))
        return found

    def _limit(self, price: float, **more: object) -> Any:
        terms = {"tif": "GTC", "account": ACCOUNT, **more}
        return self._library.LimitOrder("BUY", 20000, price, **terms)

    def _place(self, limit: float, **more: object) -> Any:
        return self._ib.placeOrder(self._pair, self._limit(limit, **more))

    def _hears(self, what: str, trade: Any, *codes: int) -> None:
        about = trade.order.orderId
        heard = self._until(lambda: set(codes) & set(self._heard_codes(about)))
        self._checks.holds(what, heard, self._codes[-3:])

    def _filled(self, trade: Any, quantity: float, price: float) -> None:
        is_reported = lambda: trade.fills and trade.fills[-1].commissionReport.commission  # noqa: E731
        self._checks.holds("an order fills", self._until(lambda: self._status(trade) == "Filled"), trade.orderStatus)
        self._checks.holds("... with what it cost", self._until(is_reported), trade.fills)
        self._checks.equal("... in full", quantity, trade.filled())
        self._checks.equal("... at the price", price, trade.orderStatus.avgFillPrice)
        self._checks.equal("... which its executions tell, too", price, trade.fills[-1].execution.avgPrice)

    def _holds(self, quantity: float) -> None:
        def positions() -> list[float]:
            return [position.position for position in self._ib.positions() if position.position]

        def portfolio() -> list[float]:
            return [item.position for item in self._ib.portfolio() if item.position]

        expected = [quantity] if quantity else []
        self._checks.holds("positions follow", self._until(lambda: positions() == expected), positions())
        self._checks.holds("portfolio follows", self._until(lambda: portfolio() == expected), portfolio())

    @staticmethod
    def _status(trade: Any) -> str:
        return str(trade.orderStatus.status)

    def _waiting(self, trade: Any) -> bool:
        return self._status(trade) == "PreSubmitted"

    def _is_triggered(self, trade: Any) -> bool:
        return self._waiting(trade) and trade.orderStatus.whyHeld == "trigger"


def _undecoded(texts: list[str]) -> list[str]:
    return [text for text in texts if "handling fields" in text]
