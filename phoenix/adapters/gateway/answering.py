"""Questions of clients. What the broker does not answer stays unanswered, in whole or without its end marker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import partial
from typing import TypeAlias

from phoenix.adapters.gateway.client import ABOUT_NOTHING, AccountFollower, Client, PriceFollower
from phoenix.adapters.gateway.executions import UnreadableTime, chosen
from phoenix.adapters.gateway.following import Followers, position_of
from phoenix.adapters.gateway.money import Money, holdings_told
from phoenix.adapters.gateway.orders import NO_SECURITY, READ_ONLY_TEXT, VALIDATION
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.tricks import Tricks
from phoenix.adapters.gateway.views import Views
from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order
from phoenix.domain.numbers import ZERO

NOT_SIMULATED = 10000
UNKNOWN_TICKER = 300
DUPLICATE_TICKER = 322
_NO_SECURITY_TEXT = "No security definition has been found for the request"
_Replies: TypeAlias = Iterable[Reply]


class Answering:
    """Answers one client's questions from the broker's books, as of now."""

    def __init__(
        self, engine: BrokerEngine, securities: Securities, views: Views, tricks: Tricks, now: Callable[[], datetime],
        zone: Callable[[], tzinfo],
    ) -> None:  # fmt: skip
        self._engine = engine
        self._securities = securities
        self._views = views
        self._tricks = tricks
        self._now = now
        self._zone = zone
        self._money = Money(engine, securities, now, zone)
        self._followers = Followers(engine, securities, self._money, now)

    def answer(self, client: Client, request: requests.Request) -> None:
        """Answer a question, or take note of a wish."""
        match request:
            case requests.AskOpenOrders() | requests.AskCompletedOrders() if self._tricks.read_only:
                client.refuse(ABOUT_NOTHING, VALIDATION, READ_ONLY_TEXT)
            case requests.AskOpenOrders(of_all):
                self.open_orders(client, of_all=of_all)
            case requests.AskCompletedOrders(api_only):
                self._completed_orders(client, api_only)
            case requests.AskExecutions():
                self._executions(client, request)
            case requests.AskPositions():
                self._positions(client)
            case requests.StopPositions():
                client.positions = None
            case requests.AskAccountUpdates():
                self._account_updates(client, request)
            case requests.AskAccountUpdatesMulti():
                self._numbered_account_updates(client, request)
            case requests.StopAccountUpdatesMulti(request_id):
                client.accounts.pop(request_id, None)
            case requests.AskAccountSummary(request_id, _, tags):
                self._say(client, self._money.summary(request_id, tags))
            case requests.AskContractDetails():
                self._contract_details(client, request)
            case requests.AskMarketRule(rule_id):
                self._market_rule(client, rule_id)
            case _:
                self._answer_shortly(client, request)

    def _answer_shortly(self, client: Client, request: requests.Request) -> None:
        match request:
            case requests.AskPrices():
                self._follow_prices(client, request)
            case requests.StopPrices(request_id):
                if client.prices.pop(request_id, None) is None:
                    client.refuse(request_id, UNKNOWN_TICKER, f"Can't find EId with tickerId:{request_id}")
            case requests.AskProfit(request_id, account):
                if self._is_ours(client, request_id, account):
                    self._followers.follow_profit(client, request_id, None)
            case requests.AskProfitOfOne():
                self._follow_profit_of_one(client, request)
            case requests.StopProfit(request_id) | requests.StopProfitOfOne(request_id):
                client.profits.pop(request_id, None)
            case requests.AskTime():
                self._time(client)
            case requests.AskIds():
                client.say(replies.NextValidId(self._next_id(client)))
            case requests.AskAccounts():
                client.say(replies.ManagedAccounts(self._tricks.accounts or (self._money.account,)))
            case requests.NotSimulated(name, request_id):
                client.refuse(request_id, NOT_SIMULATED, f"{name} is not simulated here")
            case _:
                return

    def _is_ours(self, client: Client, request_id: int, account: str) -> bool:
        """Whether an account may be asked about; refused to the client otherwise."""
        if account in ("", self._money.account, *(self._tricks.accounts or ())):
            return True
        client.refuse(request_id, VALIDATION, f"Error validating request: invalid account code '{account}'")
        return False

    def _next_id(self, client: Client) -> int:
        """One above all that the client used, those included that it holds back."""
        known = self._engine.ask(lambda: self._engine.world.book.next_session_order_id(client.number), self._now())
        return max(known, *(order_id + 1 for order_id in client.untransmitted), 1)

    def _account_updates(self, client: Client, request: requests.AskAccountUpdates) -> None:
        if not request.subscribe:
            client.account = None
        elif self._is_ours(client, ABOUT_NOTHING, request.account):
            client.account = AccountFollower()
            self._say(client, self._money.account_updates(client.account))

    def _numbered_account_updates(self, client: Client, request: requests.AskAccountUpdatesMulti) -> None:
        if self._is_ours(client, request.request_id, request.account):
            client.accounts[request.request_id] = follower = AccountFollower()
            self._say(client, self._money.numbered_values(request.request_id, follower))

    def _follow_profit_of_one(self, client: Client, request: requests.AskProfitOfOne) -> None:
        pair = self._securities.pair_of_number(request.contract_id)
        if pair is None:
            client.refuse(request.request_id, NO_SECURITY, _NO_SECURITY_TEXT)
        elif self._is_ours(client, request.request_id, request.account):
            self._followers.follow_profit(client, request.request_id, pair)

    def tell_follower(self, client: Client) -> None:
        """Send what is new to a client that follows it."""
        self._followers.tell(client)

    def open_orders(self, client: Client, *, of_all: bool = False, is_asked: bool = True) -> None:
        """The open orders of a client, or of all; they are pushed to a client that starts its session, too."""
        world = self._engine.world
        orders: list[Order] | NoAnswer = list(world.book.live.values())
        if is_asked:
            orders = self._engine.ask(self._engine.answers.open_orders, self._now())
        if isinstance(orders, NoAnswer):
            return
        for order in orders:
            if of_all or order.request.client_id == client.number:
                client.say(replies.OpenOrder(self._views.order(order)))
                client.say(self._views.status(order))
        if is_asked:
            self._end(client, "open_orders", replies.OpenOrderEnd())

    # --- books ---------------------------------------------------------------------------------------------------

    def _completed_orders(self, client: Client, api_only: bool) -> None:
        orders = self._engine.ask(self._engine.answers.completed_orders, self._now())
        if isinstance(orders, NoAnswer):
            return
        ends = self._views.ends()
        for order in orders:
            if not api_only or order.request.client_id != FOREIGN_CLIENT:
                client.say(self._views.completed(order, ends))
        self._end(client, "completed_orders", replies.CompletedOrdersEnd())

    def _executions(self, client: Client, request: requests.AskExecutions) -> None:
        """All executions, then all commissions, then the end."""
        known = self._engine.ask(self._engine.answers.executions, self._now())
        if isinstance(known, NoAnswer):
            return
        try:
            wanted = chosen(known, request.filter, self._securities, self._zone())
        except UnreadableTime as error:
            client.refuse(request.request_id, VALIDATION, f"Error validating request: {error}")
            return
        for execution in wanted:
            client.say(self._views.execution(request.request_id, execution))
        if self._engine.world.options.commission_rate != ZERO:
            for execution in wanted:
                if not execution.is_bust:
                    client.say(self._views.commission(execution))
        self._end(client, "executions", replies.ExecutionsEnd(request.request_id))

    def _positions(self, client: Client) -> None:
        nets = self._engine.ask(self._engine.answers.holdings, self._now())
        if isinstance(nets, NoAnswer):
            return
        client.positions = holdings_told(self._engine, nets)
        for pair, net in nets.items():
            client.say(position_of(self._money.account, self._securities.of(pair), net))
        self._end(client, "positions", replies.PositionsEnd())

    def _end(self, client: Client, name: str, marker: Reply) -> None:
        if name not in self._tricks.unending:
            client.say(marker)

    # --- contracts, prices, time ---------------------------------------------------------------------------------

    def _contract_details(self, client: Client, request: requests.AskContractDetails) -> None:
        pairs = self._securities.find(request.contract)
        if not pairs:
            client.refuse(request.request_id, NO_SECURITY, _NO_SECURITY_TEXT)
            return
        for pair in pairs:
            known = self._engine.ask(partial(self._engine.answers.instrument, pair), self._now())
            if isinstance(known, NoAnswer):
                return
            client.say(replies.ContractDetails(request.request_id, self._securities.of(pair)))
        client.say(replies.ContractDetailsEnd(request.request_id))

    def _market_rule(self, client: Client, rule_id: int) -> None:
        tick = self._securities.rule_tick(rule_id)
        if tick is not None:
            client.say(replies.MarketRule(rule_id, ((ZERO, tick),)))

    def _follow_prices(self, client: Client, request: requests.AskPrices) -> None:
        pairs = self._securities.find(request.contract)
        if len(pairs) != 1:
            client.refuse(request.request_id, NO_SECURITY, _NO_SECURITY_TEXT)
            return
        if request.request_id in client.prices:
            client.refuse(request.request_id, DUPLICATE_TICKER, "Duplicate ticker id")
            return
        self._followers.follow_prices(client, PriceFollower(request.request_id, pairs[0], request.is_snapshot))

    def _time(self, client: Client) -> None:
        instant = self._engine.ask(self._engine.answers.server_time, self._now())
        if not isinstance(instant, NoAnswer):
            client.say(replies.CurrentTime(int(instant.timestamp())))

    @staticmethod
    def _say(client: Client, what: _Replies) -> None:
        for reply in what:
            client.say(reply)
