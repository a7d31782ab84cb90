"""The callbacks that the client libraries make, under the names they give them, handed on in the words of `said`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from phoenix.adapters.ibkr.line import Endpoint, Listener
from phoenix.adapters.ibkr.numbers import exact, identifier, text
from phoenix.adapters.ibkr.objects import (
    commission_said,
    contract_said,
    details_said,
    execution_said,
    order_said,
)
from phoenix.adapters.ibkr.said import ErrorSaid, HoldingSaid, StatusSaid


class HeardBy(Protocol):
    """The line that the callbacks belong to."""

    def hear(self, said: Callable[..., None], *words: object) -> None:
        """Have something said on the event loop's thread, after all that was heard before; nothing once it is over."""

    def heard_next_order_id(self, order_id: int) -> None: ...
    def heard_accounts(self, accounts: tuple[str, ...]) -> None: ...
    def heard_error(self, error: ErrorSaid) -> None: ...


class Ears:
    """What a library calls its wrapper. Everything is copied here, in whatever thread the library calls.

    A callback that is not among these is of a message that was not asked for, and is let go.
    """

    def __init__(self, line: HeardBy, listener: Listener, endpoint: Endpoint) -> None:
        self._line = line
        self._listener = listener
        self._zone = endpoint.zone
        self.execution_time: str | None = None
        """The text of the next execution's time, where a decoder would make an instant of it by itself."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return _ignore

    def undecodable(self, detail: str) -> None:
        """Something came that the library could not read."""
        self._line.hear(self._listener.undecodable, detail)

    def nextValidId(self, orderId: int) -> None:
        self._line.hear(self._line.heard_next_order_id, orderId)

    def managedAccounts(self, accountsList: str) -> None:
        names = (name.strip() for name in accountsList.split(","))
        self._line.hear(self._line.heard_accounts, tuple(name for name in names if name))

    def error(self, reqId: int, errorCode: int, errorString: str, advancedOrderRejectJson: str = "") -> None:
        self._line.hear(self._line.heard_error, ErrorSaid(reqId, errorCode, errorString))

    def openOrder(self, orderId: int, contract: Any, order: Any, orderState: Any) -> None:
        self._line.hear(self._listener.open_order, order_said(contract, order, orderState, is_completed=False))

    def openOrderEnd(self) -> None:
        self._line.hear(self._listener.open_orders_end)

    def completedOrder(self, contract: Any, order: Any, orderState: Any) -> None:
        self._line.hear(self._listener.completed_order, order_said(contract, order, orderState, is_completed=True))

    def completedOrdersEnd(self) -> None:
        self._line.hear(self._listener.completed_orders_end)

    def orderStatus(
        self,
        orderId: int,
        status: str,
        filled: float,
        remaining: float,
        avgFillPrice: float,
        permId: int,
        parentId: int,
        lastFillPrice: float,
        clientId: int,
        whyHeld: str,
        mktCapPrice: float = 0.0,
    ) -> None:
        said = StatusSaid(
            order_id=orderId,
            client_id=clientId,
            permanent_id=identifier(permId),
            parent_id=identifier(parentId),
            status=status,
            filled=exact(filled),
            remaining=exact(remaining),
            why_held=text(whyHeld),
        )
        self._line.hear(self._listener.order_status, said)

    def execDetails(self, reqId: int, contract: Any, execution: Any) -> None:
        time_text = str(execution.time) if self.execution_time is None else self.execution_time
        said = execution_said(reqId, contract, execution, time_text, self._zone)
        if said is None:
            self.undecodable(f"execution {execution.execId} has no quantity or price that is a number")
        else:
            self._line.hear(self._listener.execution, said)

    def execDetailsEnd(self, reqId: int) -> None:
        self._line.hear(self._listener.executions_end, reqId)

    def commissionReport(self, commissionReport: Any) -> None:
        self._line.hear(self._listener.commission, commission_said(commissionReport))

    def position(self, account: str, contract: Any, position: float, avgCost: float) -> None:
        quantity = exact(position)
        if quantity is None:
            self.undecodable(f"the position of {account} in {contract.symbol} is no number")
            return
        said = HoldingSaid(account, contract_said(contract), quantity, exact(avgCost))
        self._line.hear(self._listener.holding, said)

    def positionEnd(self) -> None:
        self._line.hear(self._listener.holdings_end)

    def accountSummary(self, reqId: int, account: str, tag: str, value: str, currency: str) -> None:
        self._line.hear(self._listener.account_value, reqId, account, tag, value, currency)

    def accountSummaryEnd(self, reqId: int) -> None:
        self._line.hear(self._listener.account_values_end, reqId)

    def pnl(
        self, reqId: int, dailyPnL: float, unrealizedPnL: float | None = None, realizedPnL: float | None = None
    ) -> None:
        self._line.hear(self._listener.profit, reqId, exact(dailyPnL), exact(unrealizedPnL), exact(realizedPnL))

    def tickPrice(self, reqId: int, tickType: int, price: float, attrib: object) -> None:
        number = exact(price)
        if number is not None:
            self._line.hear(self._listener.price_tick, reqId, tickType, number)

    def marketDataType(self, reqId: int, marketDataType: int) -> None:
        self._line.hear(self._listener.market_data_type, reqId, marketDataType)

    def contractDetails(self, reqId: int, contractDetails: Any) -> None:
        self._line.hear(self._listener.contract_details, reqId, details_said(contractDetails))

    def contractDetailsEnd(self, reqId: int) -> None:
        self._line.hear(self._listener.contract_details_end, reqId)

    def currentTime(self, time: int) -> None:
        self._line.hear(self._listener.current_time, time)


def _ignore(*_: object, **__: object) -> None:
    """A message that nobody asked for."""
