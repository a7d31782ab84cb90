"""What clients follow: prices and profit are sent when they have changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.gateway.client import Client, HoldingsFollower, PriceFollower, ProfitFollower
from phoenix.adapters.gateway.money import Money
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire import replies
from phoenix.adapters.gateway.wire.replies import Security
from phoenix.adapters.simulation.account import FLAT, Net
from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.prices import MarketQuote
from phoenix.domain.numbers import ZERO

BID, ASK = 1, 2
LIVE = 1
SHOWN_SIZE = Decimal(1_000_000)
"""How much is offered at the best prices. The simulated broker trades any quantity."""


class Followers:
    """Sends each follower what it has not seen yet."""

    def __init__(
        self, engine: BrokerEngine, securities: Securities, money: Money, now: Callable[[], datetime]
    ) -> None:  # fmt: skip
        self._engine = engine
        self._securities = securities
        self._money = money
        self._now = now

    def follow_prices(self, client: Client, follower: PriceFollower) -> None:
        """Begin a stream, or send a snapshot."""
        security = self._securities.of(follower.pair)
        client.say(replies.TickParameters(follower.request_id, security.minimum_tick, security.exchange))
        client.say(replies.MarketDataType(follower.request_id, LIVE))
        client.prices[follower.request_id] = follower
        self._tell_prices(client, follower)
        if follower.is_snapshot:
            del client.prices[follower.request_id]
            if follower.last is not None:
                client.say(replies.SnapshotEnd(follower.request_id))

    def follow_profit(self, client: Client, request_id: int, pair: str | None) -> None:
        """Begin to tell profit and loss; of one pair only where it is named."""
        client.profits[request_id] = follower = ProfitFollower(request_id, pair)
        self._tell_profit(client, follower)

    def tell(self, client: Client) -> None:
        """Send a client what has changed of what it follows."""
        for prices in list(client.prices.values()):
            self._tell_prices(client, prices)
        for profit in list(client.profits.values()):
            self._tell_profit(client, profit)
        if client.positions is not None:
            for pair, net in self._changed(client.positions).items():
                client.say(position_of(self._money.account, self._securities.of(pair), net))
        if client.account is not None and (changed := self._changed(client.account.holdings)):
            for reply in self._money.account_news(client.account, changed):
                client.say(reply)
        for request_id, account in client.accounts.items():
            if self._changed(account.holdings):
                for reply in self._money.numbered_news(request_id, account):
                    client.say(reply)

    def _changed(self, follower: HoldingsFollower) -> Mapping[str, Net]:
        """The holdings that are news to a client; the broker is only asked where its books have moved."""
        nets = dict(self._engine.world.account.nets)
        if nets == follower.seen:
            return {}
        stated = self._engine.ask(self._engine.answers.holdings, self._now())
        if isinstance(stated, NoAnswer):
            return {}
        told, follower.told = follower.told, stated
        follower.seen = nets if stated == nets else None
        return {
            pair: stated.get(pair, FLAT)
            for pair in sorted({*told, *stated})
            if stated.get(pair, FLAT) != told.get(pair, FLAT)
        }

    def _tell_prices(self, client: Client, follower: PriceFollower) -> None:
        """A quote that stands is repeated as time goes on, as a market maker's is."""
        quote = self._engine.ask(lambda: self._engine.answers.quote(follower.pair), self._now())
        if isinstance(quote, NoAnswer) or quote == follower.last:
            return
        follower.last = quote
        for tick_type, price in ((BID, quote.bid), (ASK, quote.ask)):
            client.say(replies.TickPrice(follower.request_id, tick_type, price, SHOWN_SIZE))

    def _tell_profit(self, client: Client, follower: ProfitFollower) -> None:
        profit = self._money.profit()
        if profit is None:
            return
        seen = (profit.realised, profit.unrealised)
        if seen == follower.last:
            return
        follower.last = seen
        total = profit.realised + profit.unrealised
        if follower.pair is None:
            client.say(replies.Profit(follower.request_id, total, profit.unrealised, profit.realised))
        else:
            self._tell_profit_of(client, follower.request_id, follower.pair)

    def _tell_profit_of(self, client: Client, request_id: int, pair: str) -> None:
        """Of one instrument's net, at the middle of its quote; what it realised is not kept apart."""
        net = self._engine.world.account.nets.get(pair)
        quote: MarketQuote | None = self._engine.world.market_quote(pair)
        if net is None or quote is None:
            client.say(replies.ProfitOfOne(request_id, ZERO, None, None, None, None))
            return
        price = (quote.bid + quote.ask) / 2
        unrealised = (price - (net.average_price or ZERO)) * net.quantity
        client.say(
            replies.ProfitOfOne(request_id, net.quantity, unrealised, unrealised, None, price * net.quantity)
        )  # fmt: skip


def position_of(account: str, security: Security, net: Net) -> replies.Position:
    """A holding as a position message states it."""
    return replies.Position(account, security, net.quantity, net.average_price or ZERO)
