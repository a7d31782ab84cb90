"""The simulated broker: what a client, or the world around it, can do with it.

Every method takes the instant it happens at. Messages reach the listener before the method returns, in order; what
lies in the future waits for `advance`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from phoenix.adapters.simulation import amending, endings, intake, tell, worldly
from phoenix.adapters.simulation.account import Account
from phoenix.adapters.simulation.agenda import Task
from phoenix.adapters.simulation.answers import Answers
from phoenix.adapters.simulation.delivery import Delivery, Listener
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.fills import run_bar
from phoenix.adapters.simulation.keeping import Keeper
from phoenix.adapters.simulation.ledger import BrokerLedger, LedgerKind
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.orders import Order, OrderRequest
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.adapters.simulation.script import Script
from phoenix.adapters.simulation.world import World
from phoenix.domain.vocabulary import OrderStatus

A = TypeVar("A")

UNKNOWN_TO_CANCEL = 10147
NOT_CANCELLABLE = 10148


class BrokerEngine:
    """A broker in virtual time. `feeds` are the prices by pair; `faults` is the script of a broker that begins now.

    `keeper` keeps its state; one that has kept a state puts it in here, with its own script and instant.
    """

    def __init__(
        self,
        options: EngineOptions,
        feeds: Mapping[str, PriceFeed],
        listener: Listener,
        starts_at: datetime,
        faults: Sequence[Fault] = (),
        keeper: Keeper | None = None,
    ) -> None:
        self._keeper = keeper = keeper or Keeper()
        agenda = keeper.new_agenda()
        self._world = World(
            options=options, feeds=feeds, book=keeper.new_book(), account=Account(options), ledger=BrokerLedger(),
            agenda=agenda, delivery=Delivery(agenda, listener, keeper.keep), script=Script(), now=starts_at,
        )  # fmt: skip
        self.answers = Answers(self._world)
        if not keeper.take_up(self._world):
            for fault in faults:
                self.inject(fault)

    @property
    def world(self) -> World:
        """The inside, for dumping, loading and inspection."""
        return self._world

    @property
    def now(self) -> datetime:
        return self._world.now

    @property
    def ledger(self) -> BrokerLedger:
        return self._world.ledger

    @property
    def is_reachable(self) -> bool:
        """Whether a client could connect now."""
        return self._world.delivery.socket_is_up

    def is_connected(self, client_id: int) -> bool:
        return client_id in self._world.delivery.clients

    def reach(self, now: datetime) -> None:
        """Take note of the time, living through nothing: what is due waits for `advance`."""
        if now > self._world.now:
            self._world.now = now

    def release(self) -> None:
        """Let go of what the state is kept in, until it is needed again."""
        self._keeper.release()

    # --- the client's side ---------------------------------------------------------------------------------------

    def connect(self, client_id: int, now: datetime) -> int | None:
        """Open a session; the next usable session order id, or None when the broker cannot be reached."""
        world = self._world
        with self._keeper:
            self._begin(now)
            if not world.delivery.socket_is_up:
                return None
            if client_id not in world.delivery.clients:
                world.delivery.clients.add(client_id)
                world.ledger.append(world.now, LedgerKind.CONNECTED, client_id=client_id)
            rollback = world.script.order_id_rollback(world.now)
            return max(1, world.book.next_session_order_id(client_id) - rollback)

    def disconnect(self, client_id: int, now: datetime) -> None:
        """Close a session; harmless when it is closed."""
        world = self._world
        with self._keeper:
            self._begin(now)
            if client_id in world.delivery.clients:
                world.delivery.clients.discard(client_id)
                world.ledger.append(world.now, LedgerKind.DISCONNECTED, client_id=client_id)

    def submit(self, requests: Sequence[OrderRequest], now: datetime) -> None:
        """Take in orders sent together, a parent before its children. During an outage they are lost."""
        with self._keeper:
            self._begin(now)
            if self._world.delivery.is_heard:
                intake.receive(self._world, requests)
            self._settle()

    def cancel(self, client_id: int, session_order_id: int, permanent_id: str | None, now: datetime) -> None:
        """Ask for an order's end, by permanent id where there is one. What becomes of it is told."""
        with self._keeper:
            self._begin(now)
            if self._world.delivery.is_heard:
                self._cancel(client_id, session_order_id, permanent_id)
            self._settle()

    def ask(self, query: Callable[[], A], now: datetime) -> A:
        """The answer of one of `answers`, as of an instant and of what the book says by now."""
        self._keeper.refresh()
        with self._keeper:
            self.reach(now)
            return query()

    def amend(self, request: OrderRequest, now: datetime) -> None:
        """Change the quantity, price or time in force of a live order, which the request's ids name.

        An amendment that cannot be is answered with a notice, and the order lives on as it was. During an outage it
        is lost.
        """
        with self._keeper:
            self._begin(now)
            if self._world.delivery.is_heard:
                amending.amend(self._world, request)
            self._settle()

    # --- the world's side ----------------------------------------------------------------------------------------

    def inject(self, fault: Fault) -> None:
        """Add a fault to the script, from now on."""
        with self._keeper:
            self._keeper.begin()
            worldly.arrange(self._world, self._world.script.add(fault), fault)

    def next_due(self) -> datetime | None:
        """The instant of the next thing to happen, or None while nothing is coming."""
        self._keeper.refresh()
        due = self._world.agenda.next_due()
        priced = self._next_price()
        if priced is None or (due is not None and due <= priced[0]):
            return due
        return priced[0]

    def advance(self, now: datetime) -> None:
        """Live through everything due up to and including `now`; at one instant, what was arranged before prices."""
        world, keeper = self._world, self._keeper
        keeper.refresh()
        with keeper:
            while True:
                due = world.agenda.next_due()
                priced = self._next_price()
                is_arranged = due is not None and due <= now and (priced is None or due <= priced[0])
                if not is_arranged and (priced is None or priced[0] > now):
                    break
                if keeper.begin():
                    continue
                if due is not None and is_arranged:
                    self.reach(due)
                    worldly.perform(world, world.agenda.take())
                elif priced is not None:
                    self._price(*priced)
                world.delivery.flush()
            self.reach(now)
            world.delivery.flush()
        self._forget_prices()

    # --- inside --------------------------------------------------------------------------------------------------

    def _begin(self, now: datetime) -> None:
        self._keeper.begin()
        self.reach(now)

    def _settle(self) -> None:
        """Do what is due at once, prices apart, and say what came of it."""
        world = self._world
        while (due := world.agenda.next_due()) is not None and due <= world.now:
            worldly.perform(world, world.agenda.take())
        world.delivery.flush()

    def _next_price(self) -> tuple[datetime, str, datetime] | None:
        """When the next price event is that an order could execute on, for which pair, and from when it is sought."""
        earliest: tuple[datetime, str, datetime] | None = None
        book, feeds = self._world.book, self._world.feeds
        for pair in book.pairs_on_market():
            sought = [order.eligible_at for order in book.on_market(pair) if order.can_execute]
            since = min(sought) if sought and pair in feeds else None
            at = None if since is None else feeds[pair].next_at(since)
            if since is not None and at is not None and (earliest is None or at < earliest[0]):
                earliest = (at, pair, since)
        return earliest

    def _price(self, at: datetime, pair: str, since: datetime) -> None:
        self.reach(at)
        run_bar(self._world, pair, self._world.feeds[pair].take(since))

    def _forget_prices(self) -> None:
        """Let feeds drop what is lived through. Quotes of a frozen pair are still asked for."""
        world = self._world
        for pair, feed in world.feeds.items():
            feed.forget(world.script.frozen_since(pair, world.now) or world.now)

    def _cancel(self, client_id: int, session_order_id: int, permanent_id: str | None) -> None:
        world = self._world
        order = self._find(client_id, session_order_id, permanent_id)
        reference = None if order is None else order.request.reference
        world.ledger.append(
            world.now, LedgerKind.CANCEL_RECEIVED, client_id=client_id, session_order_id=session_order_id,
            reference=reference, permanent_id=permanent_id if order is None else order.permanent_id,
        )  # fmt: skip
        if order is None:
            tell.notice(world, None, None, UNKNOWN_TO_CANCEL, f"order {session_order_id} is not known")
        elif not order.is_live:
            text = f"order {session_order_id} cannot be cancelled, state: {order.status.value}"
            tell.notice(world, order, reference, NOT_CANCELLABLE, text)
        elif order.fate.cancel_refused_code is not None:
            tell.notice(world, order, reference, order.fate.cancel_refused_code, "the cancel is refused")
        elif not order.fate.cancel_ignored:
            self._begin_cancel(order)

    def _begin_cancel(self, order: Order) -> None:
        world = self._world
        if order.fate.latency_s == 0:
            endings.cancel(world, order, "cancelled at the client's request")
            return
        if order.status is OrderStatus.WORKING:
            order.status = OrderStatus.PENDING_CANCEL
            tell.status(world, order)
        world.agenda.put(world.after(order.fate.latency_s), Task.CANCEL, order.sequence)

    def _find(self, client_id: int, session_order_id: int, permanent_id: str | None) -> Order | None:
        if permanent_id is not None:
            return self._world.book.by_permanent_id(permanent_id)
        return self._world.book.by_session_id(client_id, session_order_id)
