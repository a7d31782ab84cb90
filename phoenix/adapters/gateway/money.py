"""The account as the protocol tells it: summaries, account values, holdings with their worth, profit and loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal

from phoenix.adapters.gateway.client import AccountFollower, HoldingsFollower
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire import replies
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.simulation.account import Net
from phoenix.adapters.simulation.answers import AccountView, NoAnswer, ProfitView
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.domain.numbers import ZERO, decimal_text

_PLACES = Decimal("1E-12")


class Money:
    """What is not known is not told: an answer then has no end."""

    def __init__(
        self, engine: BrokerEngine, securities: Securities, now: Callable[[], datetime], zone: Callable[[], tzinfo]
    ) -> None:  # fmt: skip
        self._zone = zone
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

    def numbered_values(self, request_id: int, follower: AccountFollower) -> Iterator[Reply]:
        """All values, under the number of their request."""
        nets = self._engine.ask(self._engine.answers.holdings, self._now())
        if self._view() is None or isinstance(nets, NoAnswer):
            return
        follower.holdings = holdings_told(self._engine, nets)
        yield from self.numbered_news(request_id, follower)
        yield replies.AccountValuesMultiEnd(request_id)

    def numbered_news(self, request_id: int, follower: AccountFollower) -> Iterator[Reply]:
        """The values that changed, under the number of their request."""
        for key, value, currency in self._news(follower):
            yield replies.AccountValueMulti(request_id, self.account, key, value, currency)

    def account_updates(self, follower: AccountFollower) -> Iterator[Reply]:
        """All values and holdings, as they stand."""
        view = self._view()
        nets = self._engine.ask(self._engine.answers.holdings, self._now())
        if view is None or isinstance(nets, NoAnswer):
            return
        follower.values, follower.holdings = _values(view), holdings_told(self._engine, nets)
        yield replies.AccountValue("AccountCode", self.account, "", self.account)
        for key, value in follower.values.items():
            yield replies.AccountValue(key, value, view.currency, self.account)
        yield from (self._holding(pair, net) for pair, net in nets.items())
        yield self._updated_at()
        yield replies.AccountDownloadEnd(self.account)

    def account_news(self, follower: AccountFollower, changed: Mapping[str, Net]) -> Iterator[Reply]:
        """Holdings that changed, and the values that changed with them."""
        yield from (self._holding(pair, net) for pair, net in changed.items())
        for key, value, currency in self._news(follower):
            yield replies.AccountValue(key, value, currency, self.account)
        yield self._updated_at()

    def profit(self) -> ProfitView | None:
        """Of the whole account; None while it is not known."""
        answer = self._engine.ask(self._engine.answers.profit, self._now())
        return None if isinstance(answer, NoAnswer) else answer

    def _view(self) -> AccountView | None:
        answer = self._engine.ask(self._engine.answers.account, self._now())
        return None if isinstance(answer, NoAnswer) else answer

    def _news(self, follower: AccountFollower) -> Iterator[tuple[str, str, str]]:
        """Key, value and currency of what the follower has not been told."""
        view = self._view()
        if view is None:
            return
        known, follower.values = follower.values, _values(view)
        for key, value in follower.values.items():
            if known.get(key) != value:
                yield key, value, view.currency

    def _updated_at(self) -> Reply:
        return replies.AccountUpdateTime(self._now().astimezone(self._zone()).strftime("%H:%M"))

    def _holding(self, pair: str, net: Net) -> Reply:
        quote = self._engine.world.market_quote(pair)
        price = ZERO if quote is None else (quote.bid + quote.ask) / 2
        cost = net.average_price or ZERO
        return replies.PortfolioValue(
            self._securities.of(pair), net.quantity, price, price * net.quantity, cost, (price - cost) * net.quantity,
            ZERO, self.account,
        )  # fmt: skip


def holdings_told(engine: BrokerEngine, nets: Mapping[str, Net]) -> HoldingsFollower:
    """What a client knows that was just told of these holdings; what changes from now on is news to it."""
    return HoldingsFollower(dict(nets), dict(engine.world.account.nets))


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
