"""The account as the protocol tells it: summaries, account values, holdings with their worth, profit and loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire import replies
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.simulation.answers import AccountView, NoAnswer, ProfitView
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.domain.numbers import ZERO, decimal_text

_PLACES = Decimal("1E-12")


class Money:
    """What is not known is not told: an answer then has no end."""

    def __init__(self, engine: BrokerEngine, securities: Securities, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._securities = securities
        self._now = now
        self.account = engine.world.options.account

    def summary(self, request_id: int, tags: Iterable[str]) -> Iterator[Reply]:
        """The values of an account that a client names; those that are not kept are left out."""
        view = self._view()
        if view is None:
            return
        values = _values(view)
        for tag in tags:
            if tag in values:
                yield replies.AccountSummary(request_id, self.account, tag, values[tag], view.currency)
        yield replies.AccountSummaryEnd(request_id)

    def account_updates(self) -> Iterator[Reply]:
        """All values and holdings, as they stand."""
        view = self._view()
        if view is None:
            return
        yield replies.AccountValue("AccountCode", self.account, "", self.account)
        for key, value in _values(view).items():
            yield replies.AccountValue(key, value, view.currency, self.account)
        yield from self._holdings()
        yield replies.AccountUpdateTime(self._now().strftime("%H:%M"))
        yield replies.AccountDownloadEnd(self.account)

    def profit(self) -> ProfitView | None:
        """Of the whole account; None while it is not known."""
        answer = self._engine.ask(self._engine.answers.profit, self._now())
        return None if isinstance(answer, NoAnswer) else answer

    def _view(self) -> AccountView | None:
        answer = self._engine.ask(self._engine.answers.account, self._now())
        return None if isinstance(answer, NoAnswer) else answer

    def _holdings(self) -> Iterator[Reply]:
        nets = self._engine.ask(self._engine.answers.holdings, self._now())
        for pair, net in () if isinstance(nets, NoAnswer) else nets.items():
            quote = self._engine.world.market_quote(pair)
            price = ZERO if quote is None else (quote.bid + quote.ask) / 2
            cost = net.average_price or ZERO
            yield replies.PortfolioValue(
                self._securities.of(pair), net.quantity, price, price * net.quantity, cost,
                (price - cost) * net.quantity, ZERO, self.account,
            )  # fmt: skip


def _values(view: AccountView) -> dict[str, str]:
    """Every tag that is kept, in the account's currency."""
    values = {
        "NetLiquidation": view.equity, "TotalCashValue": view.balance, "EquityWithLoanValue": view.equity,
        "InitMarginReq": view.margin_used, "MaintMarginReq": view.margin_used, "FullInitMarginReq": view.margin_used,
        "FullMaintMarginReq": view.margin_used, "BuyingPower": view.buying_power,
        "AvailableFunds": None if view.margin_used is None else view.equity - view.margin_used,
    }  # fmt: skip
    return {tag: _text(value) for tag, value in values.items() if value is not None}


def _text(value: Decimal) -> str:
    return decimal_text(value.quantize(_PLACES, ROUND_HALF_EVEN).normalize())
