"""A day with ibapi's own EClient and EWrapper, callbacks in a thread, before the gateway simulator."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any

from tools.directing import GatewayProcess
from tools.gateway_process import ACCOUNT, START, ZONE
from tools.probes.checks import Checks
from tools.probes.ibapi_app import WITHIN_S, App

UNSET = 1.7976931348623157e308
_LOOK_S = 0.005
_REFUSED = "probe-refused"


def probe(gateway: GatewayProcess, checks: Checks) -> None:
    """The whole day: looking, trading, errors, and coming back. Raises ModuleNotFoundError."""
    day = _Day(gateway, checks)
    for part in (
        day.connects, day.looks_at_the_account, day.finds_contracts, day.follows_prices, day.finds_its_defaults_refused,
        day.trades_a_bracket, day.asks_for_what_happened, day.changes_and_cancels, day.is_refused,
        day.meets_another_client, day.comes_back,
    ):  # fmt: skip
        part()


class _Day:
    def __init__(self, gateway: GatewayProcess, checks: Checks) -> None:
        self._gateway = gateway
        self._director = gateway.director
        self._checks = checks
        self._contracts = importlib.import_module("ibapi.contract")
        self._orders = importlib.import_module("ibapi.order")
        self._executions = importlib.import_module("ibapi.execution")
        self._app = App()
        self._client = self._app.client
        self._next_id = 0

    # --- the parts of the day ------------------------------------------------------------------------------------

    def connects(self) -> None:
        self._app.connect(self._gateway.port, 1)
        self._checks.holds("nextValidId comes", self._until(lambda: self._app.heard("nextValidId")))
        ((self._next_id,),) = self._app.heard("nextValidId")
        self._checks.equal("managedAccounts", [(ACCOUNT,)], self._app.heard("managedAccounts"))
        order = [name for name, _ in self._app.calls if name in ("managedAccounts", "nextValidId")]
        self._checks.equal("... before the first valid id", ["managedAccounts", "nextValidId"], order)
        self._checks.equal("the library's newest version", 157, self._client.serverVersion())
        self._checks.holds("the gateway's time is its zone's", ZONE in str(self._client.twsConnectionTime()))
        farms = self._until(lambda: {2104, 2106, 2158} & set(self._app.codes(-1)))
        self._checks.holds("the farms are told of", farms, self._app.codes(-1))
        self._client.reqCurrentTime()
        self._answers("reqCurrentTime", "currentTime", [(int(START.timestamp()),)])

    def looks_at_the_account(self) -> None:
        self._client.reqAccountSummary(9001, "All", "NetLiquidation,BuyingPower")
        self._answers("accountSummaryEnd", "accountSummaryEnd", [(9001,)])
        values = {tag: (value, currency) for _, _, tag, value, currency in self._app.heard("accountSummary")}
        self._checks.equal("reqAccountSummary: NetLiquidation", ("100000", "USD"), values.get("NetLiquidation"))
        self._checks.includes("... all that was asked for", ("NetLiquidation", "BuyingPower"), values)
        self._client.cancelAccountSummary(9001)
        self._client.reqAccountUpdates(True, ACCOUNT)
        self._answers("reqAccountUpdates ends its download", "accountDownloadEnd", [(ACCOUNT,)])
        keys = [key for key, *_ in self._app.heard("updateAccountValue")]
        self._checks.includes("... with the account's values", ("NetLiquidation", "BuyingPower"), keys)
        self._client.reqPositions()
        self._answers("reqPositions: none", "positionEnd", [()])
        self._client.reqPnL(9002, ACCOUNT, "")
        self._checks.holds("reqPnL", self._until(lambda: self._app.heard("pnl")))

    def finds_contracts(self) -> None:
        self._client.reqContractDetails(9003, self._pair())
        self._answers("contractDetailsEnd", "contractDetailsEnd", [(9003,)])
        ((_, details),) = self._app.heard("contractDetails")
        self._checks.equal("reqContractDetails: minTick", 0.00005, details.minTick)
        self._checks.equal("... the local symbol", "GBP.USD", details.contract.localSymbol)
        self._contract_id = details.contract.conId
        self._client.reqContractDetails(9004, self._pair("XXX"))
        self._hears("an unknown contract: 200", 9004, 200)

    def follows_prices(self) -> None:
        self._client.reqMktData(9005, self._pair(), "", False, False, [])
        self._checks.holds("reqMktData", self._until(lambda: self._prices() == {1: 1.26, 2: 1.2602}), self._prices())
        self._checks.holds("... with its parameters", self._app.heard("tickReqParams"))
        self._checks.equal("... and sizes", {0, 3}, {kind for _, kind, _ in self._app.heard("tickSize")})
        self._director.quote("1.26100", "1.26120")
        self._checks.holds("... the next", self._until(lambda: self._prices() == {1: 1.261, 2: 1.2612}), self._prices())
        self._client.cancelMktData(9005)
        self._settle()
        self._director.quote("1.26000", "1.26020")
        self._settle()
        self._checks.equal("cancelMktData ends it", {1: 1.261, 2: 1.2612}, self._prices())

    def finds_its_defaults_refused(self) -> None:
        number = self._place(eTradeOnly=True, firmQuoteOnly=True)
        self._hears("the library's default eTradeOnly: 10268", number, 10268)
        self._hears("the library's default firmQuoteOnly: 10269", self._place(firmQuoteOnly=True), 10269)
        self._settle()
        self._checks.equal("... and there is no such order", [], self._app.heard("openOrder"))

    def trades_a_bracket(self) -> None:
        parent = self._place(lmtPrice=1.2595, transmit=False)
        self._settle()
        self._checks.equal("what is not transmitted is not heard of", [], self._app.heard("orderStatus"))
        target = self._place(action="SELL", lmtPrice=1.262, parentId=parent, transmit=False)
        stop = self._place(action="SELL", orderType="STP", lmtPrice=UNSET, auxPrice=1.258, parentId=parent)
        self._comes_to("a bracket is acknowledged", parent, "Submitted")
        self._comes_to("... the target waits", target, "PreSubmitted", "child")
        self._comes_to("... the stop waits", stop, "PreSubmitted", "child,trigger")
        self._director.quote("1.25920", "1.25940")
        self._comes_to("the entry fills", parent, "Filled")
        self._comes_to("... the target works", target, "Submitted", "")
        self._comes_to("... the stop waits for its price", stop, "PreSubmitted", "trigger")
        self._checks.holds("... and is paid for", self._until(lambda: self._app.heard("commissionReport")))
        ((_, _, execution), *_) = self._app.heard("execDetails")
        self._checks.equal("execDetails", (parent, "BOT", 20000, 1.2594), self._essence(execution))
        (report,) = self._app.heard("commissionReport")[0]
        self._checks.equal("... and its commission", execution.execId, report.execId)
        self._checks.equal("... an opening fill realises nothing", UNSET, report.realizedPNL)
        self._holds(20000)
        self._director.quote("1.26200", "1.26220")
        self._comes_to("the target fills", target, "Filled")
        self._comes_to("... and the stop is cancelled", stop, "Cancelled")
        self._holds(0)

    def asks_for_what_happened(self) -> None:
        live = len(self._app.heard("execDetails"))
        self._client.reqExecutions(9006, self._executions.ExecutionFilter())
        self._answers("execDetailsEnd", "execDetailsEnd", [(9006,)])
        asked = self._app.heard("execDetails")[live:]
        self._checks.equal("reqExecutions", ["BOT", "SLD"], [execution.side for _, _, execution in asked])
        self._checks.equal("... with their request's number", {9006}, {number for number, *_ in asked})
        self._checks.equal("... at the gateway's local time", "20260302  04:3", asked[0][2].time[:14])
        self._client.reqCompletedOrders(False)
        self._answers("completedOrdersEnd", "completedOrdersEnd", [()])
        states = sorted(state.status for _, _, state in self._app.heard("completedOrder"))
        self._checks.equal("reqCompletedOrders", ["Cancelled", "Filled", "Filled"], states)
        self._client.reqPnLSingle(9007, ACCOUNT, "", self._contract_id)
        self._checks.holds("reqPnLSingle", self._until(lambda: self._app.heard("pnlSingle")))

    def changes_and_cancels(self) -> None:
        number = self._place(lmtPrice=1.25)
        self._comes_to("a limit order works", number, "Submitted")
        self._client.placeOrder(number, self._pair(), self._order(lmtPrice=1.2505))

        def prices() -> list[float]:
            return [order.lmtPrice for about, _, order, _ in self._app.heard("openOrder") if about == number]

        self._checks.holds("placing it again changes its price", self._until(lambda: 1.2505 in prices()), prices())
        self._client.cancelOrder(number)
        self._comes_to("cancelOrder", number, "Cancelled")
        self._hears("... with 202", number, 202)
        self._client.cancelOrder(number)
        self._hears("a second cancel is refused", number, 10148, 161)
        self._client.cancelOrder(987_654)
        self._hears("an order that nobody knows: 10147", 987_654, 10147)

    def is_refused(self) -> None:
        self._hears("a price off the grid: 110", self._place(lmtPrice=1.250012), 110)
        self._next_id += 1
        self._client.placeOrder(self._next_id, self._pair("XXX"), self._order())
        self._hears("an order for no security: 200", self._next_id, 200)
        self._director.reject(_REFUSED)
        refused = self._place(orderRef=_REFUSED)
        self._hears("an order that the broker refuses: 201", refused, 201)
        self._comes_to("... and shows as inactive", refused, "Inactive")
        self._hears("an account that is not ours", self._place(account="U0000000"), 321, 435, 201)
        self._hears("an order type that is unknown", self._place(orderType="NONSENSE"), 387, 321)
        nameless = self._place(tif="")
        self._hears("an order without time in force: 10349", nameless, 10349)
        self._comes_to("... which lives", nameless, "Submitted")
        self._client.cancelOrder(nameless)
        self._comes_to("... and can be cancelled", nameless, "Cancelled")

    def meets_another_client(self) -> None:
        self._left = self._place(lmtPrice=1.25, orderRef="probe-left")
        self._comes_to("an order is left working", self._left, "Submitted")
        other = App()
        other.connect(self._gateway.port, 2)
        self._until(lambda: other.heard("nextValidId"))
        other.client.reqOpenOrders()
        self._checks.holds("another client has open orders", self._until(lambda: other.heard("openOrderEnd")))
        self._checks.equal("... none of its own", [], other.heard("openOrder"))
        other.client.reqAllOpenOrders()
        self._until(lambda: len(other.heard("openOrderEnd")) == 2)
        seen = [(about, order.orderRef, order.clientId) for about, _, order, _ in other.heard("openOrder")]
        self._checks.equal("... and all with reqAllOpenOrders", [(self._left, "probe-left", 1)], seen)
        other.disconnect()
        third = App()
        third.connect(self._gateway.port, 1)
        self._checks.holds("a client id in use: 326", self._until(lambda: 326 in third.codes(-1)), third.calls)
        self._checks.holds("... and the connection ends", third.ended())

    def comes_back(self) -> None:
        self._app.disconnect()
        self._checks.equal("disconnect", False, self._client.isConnected())
        self._app = App()
        self._client = self._app.client
        self._app.connect(self._gateway.port, 1)
        self._until(lambda: self._app.heard("nextValidId"))
        pushed = ["openOrder", "orderStatus", "managedAccounts", "nextValidId"]
        names = [name for name, _ in self._app.calls if name in pushed]
        self._checks.equal("connecting again pushes open orders first", pushed, names)
        ((next_id,), *_) = self._app.heard("nextValidId")
        self._checks.holds("... and a valid id behind the last", next_id >= self._next_id, next_id)
        self._checks.equal("... but no executions", [], self._app.heard("execDetails"))
        self._client.cancelOrder(self._left)
        self._comes_to("... and its orders can be cancelled", self._left, "Cancelled")
        self._app.disconnect()

    # --- how ------------------------------------------------------------------------------------------------------

    def _until(self, is_so: Callable[[], object]) -> bool:
        """Whether it comes to be so."""
        give_up_at = time.monotonic() + WITHIN_S
        while not is_so():
            if time.monotonic() > give_up_at:
                return False
            time.sleep(_LOOK_S)
        return True

    def _answers(self, what: str, name: str, expected: list[Any]) -> None:
        self._until(lambda: self._app.heard(name))
        self._checks.equal(what, expected, self._app.heard(name))

    def _settle(self) -> None:
        """Everything that was sent before has been carried out, and what it led to was heard."""
        told = len(self._app.heard("currentTime"))
        self._client.reqCurrentTime()
        self._until(lambda: len(self._app.heard("currentTime")) > told)

    def _hears(self, what: str, about: int, *codes: int) -> None:
        heard = self._until(lambda: set(codes) & set(self._app.codes(about)))
        self._checks.holds(what, heard, self._app.heard("error")[-3:])

    def _comes_to(self, what: str, number: int, status: str, why_held: str | None = None) -> None:
        """Whether the last word on an order comes to be a status."""

        def last() -> tuple[Any, ...]:
            words = [(words[1], words[9]) for words in self._app.heard("orderStatus") if words[0] == number]
            return words[-1] if words else ()

        is_so = lambda: last()[:1] == (status,) and why_held in (None, *last()[1:])  # noqa: E731
        self._checks.holds(what, self._until(is_so), last() or self._app.heard("error")[-1:])

    def _holds(self, quantity: float) -> None:
        for what, name, place in (("positions follow", "position", 2), ("portfolio follows", "updatePortfolio", 1)):

            def last(name: str = name, place: int = place) -> list[float]:
                return [arguments[place] for arguments in self._app.heard(name)][-1:]

            self._checks.holds(what, self._until(lambda: last() == [quantity]), last())

    def _prices(self) -> dict[int, float]:
        return {kind: price for number, kind, price, _ in self._app.heard("tickPrice") if number == 9005}

    @staticmethod
    def _essence(execution: Any) -> tuple[Any, ...]:
        return execution.orderId, execution.side, execution.shares, execution.price

    def _pair(self, symbol: str = "GBP") -> Any:
        contract = self._contracts.Contract()
        contract.symbol, contract.secType, contract.exchange, contract.currency = symbol, "CASH", "IDEALPRO", "USD"
        return contract

    def _order(self, **changes: object) -> Any:
        terms: dict[str, object] = {
            "action": "BUY", "totalQuantity": 20000, "orderType": "LMT", "lmtPrice": 1.25, "tif": "GTC",
            "account": ACCOUNT, "eTradeOnly": False, "firmQuoteOnly": False,
        }  # fmt: skip
        order = self._orders.Order()
        for name, value in (terms | changes).items():
            setattr(order, name, value)
        return order

    def _place(self, **terms: object) -> int:
        number, self._next_id = self._next_id, self._next_id + 1
        self._client.placeOrder(number, self._pair(), self._order(**terms))
        return number
