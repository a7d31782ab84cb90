"""The adapter: between the broker port of Phoenix and the notebook."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.vocabulary import TimeInForce
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker import Handed, SendOutcome, SimulatedBroker
from phoenix.ports.broker_events import BrokerEvent, BrokerNotice, ExecutionReported
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.broker_facts import (
    AccountSnapshot,
    BrokerOrder,
    ContractDetails,
    Holding,
    ProfitAndLoss,
    Quote,
    Session,
)
from phoenix.ports.errors import BrokerUnavailable
from phoenix_notebook import words
from phoenix_notebook.notebook import Notebook, Order
from phoenix_notebook.options import NotebookOptions
from phoenix_notebook.prices import PriceFile

T = TypeVar("T")


class NotebookBroker(SimulatedBroker):
    """A broker whose world moves when it is told to: in `advance` it reads quotes, and orders fill at them."""

    name = "notebook"

    def __init__(self, context: BrokerContext, options: NotebookOptions, notebook: Notebook, prices: PriceFile) -> None:
        super().__init__(context.office, context.sink)
        self._context = context
        self._options = options
        self._notebook = notebook
        self._prices = prices
        self._quotes: dict[str, Quote] = {}
        self._events: list[BrokerEvent] = []
        self._session: Session | None = None

    @property
    def _now(self) -> datetime:
        return self._context.clock.now()

    # --- the session ---------------------------------------------------------------------------------------------

    async def connect(self) -> Session:
        self.advance(self._now)
        account, first_id = self._context.account, self._notebook.next_session_order_id()
        self._session = Session(self.name, account.account, account.mode, first_id, self._now, "paper")
        return self._session

    async def disconnect(self) -> None:
        self._session = None

    def session(self) -> Answer[Session]:
        return self._answer(self._session)

    # --- orders --------------------------------------------------------------------------------------------------

    async def place(self, plan: OrderPlan) -> SendOutcome:
        if self._session is None:
            return Unknown("there is no session")
        for leg in plan.legs:
            day_ends_at = self._context.calendar.session(plan.pair, self._now).ends_at
            order = words.order_of(plan, leg, self._notebook.next_permanent_id(), day_ends_at)
            self._notebook.orders.append(order)
            self._events += [words.acknowledged(order, self._now), words.status(order, self._now)]
        if plan.pair in self._quotes:
            self._fill_at(self._quotes[plan.pair], self._now)
        for order in self._notebook.alive:
            if order.time_in_force is TimeInForce.IOC:
                self._end(order, "it could not be filled at once")
        self._save_and_tell()
        return Handed()

    async def cancel(self, reference: str, session_order_id: int, permanent_id: str | None) -> None:
        if self._session is None:
            raise BrokerUnavailable("there is no session; the cancel was not handed over. Connect first")
        order = self._notebook.order(reference)
        if order is None or not order.is_alive:
            self._events.append(BrokerNotice(None, "no such order is alive", reference, "WARNING", self._now))
        else:
            self._end(order, "cancelled at the client's request")
        self._save_and_tell()

    # --- time ----------------------------------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        due = [self._prices.next_due(), *(order.lapses_at for order in self._notebook.alive)]
        return min((instant for instant in due if instant is not None), default=None)

    def advance(self, now: datetime) -> None:
        for quote in self._prices.until(now):
            self._lapse(quote.as_of)
            self._quotes[quote.pair] = quote
            self._fill_at(quote, quote.as_of)
        self._lapse(now)
        self._save_and_tell()

    def _lapse(self, now: datetime) -> None:
        for order in self._notebook.alive:
            if order.lapses_at is not None and order.lapses_at <= now:
                self._end(order, "its day is over")

    def _fill_at(self, quote: Quote, at: datetime) -> None:
        for order in self._notebook.orders:
            price = order.price_at(quote) if order.pair == quote.pair else None
            if price is not None:
                fill, children, ended = self._notebook.fill(order, price, at)
                self._events.append(words.executed(order, fill))
                self._events += [words.status(changed, at) for changed in (order, *children)]
                self._events += [words.cancelled(one, "the other one executed", at) for one in ended]

    def _end(self, order: Order, reason: str) -> None:
        self._events += [words.cancelled(ended, reason, self._now) for ended in self._notebook.end(order)]

    def _save_and_tell(self) -> None:
        """Save first. What nobody is there to hear is not told again: it is in the book, to be asked for."""
        if not self._events:
            return
        self._notebook.save()
        events, self._events = self._events, []
        if self._session is not None:
            for event in events:
                self._sink(event)

    # --- questions -----------------------------------------------------------------------------------------------

    async def account(self) -> Answer[AccountSnapshot]:
        profit = self._profit()
        if isinstance(profit, Unknown):
            return profit
        realised, unrealised, worth = profit
        balance, margin = self._options.starting_balance + realised, worth * self._options.margin_rate
        account, equity = self._context.account, balance + unrealised
        buying_power = (equity - margin) / self._options.margin_rate
        snapshot = AccountSnapshot(
            account.account, account.mode, account.currency, equity, balance, margin, buying_power, self._now
        )
        return self._answer(snapshot)

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        profit = self._profit()
        if isinstance(profit, Unknown):
            return profit
        return self._answer(ProfitAndLoss(self._context.account.account, profit[0], profit[1]))

    async def quote(self, pair: str) -> Answer[Quote]:
        if self._prices.problem is not None:
            return Unknown(self._prices.problem)
        if pair not in self._quotes:
            return Unknown(f"no quote of {pair} has come yet")
        return self._answer(self._quotes[pair])

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        known = self._context.instruments.get(pair)
        if known is None:
            return Unknown(f"{pair} is not in the notebook")
        return self._answer(ContractDetails(pair, known.tick, known.min_size, known.size_step, known.currency))

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._answer(tuple(map(words.broker_order, self._notebook.alive)))

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        ended = (order for order in self._notebook.orders if not order.is_alive)
        return self._answer(tuple(map(words.broker_order, ended)))

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        return self._answer(tuple(words.executed(order, fill) for order, fill in self._notebook.executed()))

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        account, pairs = self._context.account.account, self._context.instruments
        nets = [(pair, *self._notebook.position(pair)) for pair in pairs]
        return self._answer(tuple(Holding(account, pair, net, average) for pair, net, average, _ in nets if net != 0))

    async def server_time(self) -> Answer[datetime]:
        return self._answer(self._now)

    def _profit(self) -> tuple[Decimal, Decimal, Decimal] | Unknown:
        """Realised and unrealised profit, and what the holdings are worth; unknown while a price is missing."""
        realised, unrealised, worth = Decimal(0), Decimal(0), Decimal(0)
        for pair in self._context.instruments:
            net, average, closed = self._notebook.position(pair)
            realised += closed
            if net != 0:
                if pair not in self._quotes:
                    return Unknown(f"{pair} is held, and no quote of it has come yet")
                quote = self._quotes[pair]
                price = quote.bid if net > 0 else quote.ask
                unrealised += (price - average) * net
                worth += price * abs(net)
        return realised, unrealised, worth

    def _answer(self, value: T | None) -> Answer[T]:
        if self._session is None or value is None:
            return Unknown("there is no session")
        return Complete(value, self._now)
