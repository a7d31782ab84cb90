"""The gateway: clients on one side, the simulated broker on the other. It does no input or output of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo

from phoenix.adapters.gateway.answering import NOT_SIMULATED, Answering
from phoenix.adapters.gateway.client import ABOUT_NOTHING, Client
from phoenix.adapters.gateway.orders import (
    DUPLICATE_ID,
    PRESET_TIME_IN_FORCE,
    READ_ONLY_TEXT,
    VALIDATION,
    objection_to,
    released_by,
    requests_of,
    taken_back,
)
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.telling import Telling
from phoenix.adapters.gateway.tricks import Tricks
from phoenix.adapters.gateway.views import Views
from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.messages import LineLost, Message
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order
from phoenix.domain.vocabulary import OrderStatus

CLIENT_ID_IN_USE = 326
_CANCELLED = 202
_FARMS = (
    (2104, "Market data farm connection is OK:cashfarm"),
    (2106, "HMDS data farm connection is OK:cashhmds"),
    (2158, "Sec-def data farm connection is OK:secdefnj"),
)

EngineMaker = Callable[[Callable[[Message], None]], BrokerEngine]
"""Makes the broker behind the gateway, given who hears what it says."""


class Gateway:
    """Serves every client that started a session. `now` tells the time all of them live in, `zone` how it is written.

    Clients draw order ids from 1 on; client 0, who hears of the orders entered by hand, places none of its own.
    """

    def __init__(self, make_engine: EngineMaker, now: Callable[[], datetime], tricks: Tricks | None = None) -> None:
        self.engine = make_engine(self._hear)
        self.tricks = tricks or Tricks()
        self.requests_handled = 0
        self.zone: tzinfo = UTC
        self._now = now
        self._clients: list[Client] = []
        self._securities = Securities(self.engine.world.options.instruments)
        views = Views(self.engine.world, self._securities)
        self._answering = Answering(self.engine, self._securities, views, self.tricks, now, self._zone)
        self._telling = Telling(self.engine.world, views)
        self._take_over()

    @property
    def account(self) -> str:
        return self.engine.world.options.account

    def _zone(self) -> tzinfo:
        return self.zone

    @property
    def clients(self) -> Iterable[Client]:
        return tuple(self._clients)

    # --- time and faults -----------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Live through everything due by now, and tell those who follow prices, profits or the account."""
        self.engine.advance(self._now())
        self._tell_followers()

    def next_due(self) -> datetime | None:
        return self.engine.next_due()

    def inject(self, fault: Fault) -> None:
        self.engine.inject(fault)

    # --- clients -------------------------------------------------------------------------------------------------

    def admits(self) -> bool:
        """Whether a connection is accepted at all."""
        return self.engine.is_reachable and not self.tricks.refuses_connections

    def left(self, client: Client) -> None:
        """The client's connection is over. Orders that it did not release are forgotten."""
        if client in self._clients:
            self._clients.remove(client)
            self.engine.disconnect(client.number, self._now())

    def handle(self, client: Client, request: requests.Request) -> None:
        """Carry out a request. Before the session is started, and once it is over, nothing is listened to."""
        self.requests_handled += 1
        if isinstance(request, requests.StartApi):
            self._start(client, request)
        elif client in self._clients:
            self._carry_out(client, request)
            self._tell_followers()

    def _start(self, client: Client, request: requests.StartApi) -> None:
        if client.is_started:
            return
        if any(other.client_id == request.client_id for other in self._clients):
            client.refuse(
                ABOUT_NOTHING, CLIENT_ID_IN_USE,
                "Unable to connect as the client id is already in use. Retry with a unique client id.",
            )  # fmt: skip
            client.hang_up()
            return
        next_id = self.engine.connect(request.client_id, self._now())
        if next_id is None:
            client.hang_up()
            return
        client.client_id, client.started_at = request.client_id, self._now()
        self._clients.append(client)
        self._answering.open_orders(client, is_asked=False)
        client.say(replies.ManagedAccounts(self.tricks.accounts or (self.account,)))
        client.say(replies.NextValidId(next_id))
        for code, text in _FARMS:
            client.refuse(ABOUT_NOTHING, code, text)

    def _carry_out(self, client: Client, request: requests.Request) -> None:
        match request:
            case requests.PlaceOrder():
                self._place(client, request)
            case requests.CancelOrder(order_id):
                self._cancel(client, order_id)
            case requests.CancelAllOrders():
                self._cancel_all(client)
            case _:
                self._answering.answer(client, request)

    # --- orders --------------------------------------------------------------------------------------------------

    def _place(self, client: Client, placed: requests.PlaceOrder) -> None:
        if self.tricks.read_only:
            client.refuse(placed.order_id, VALIDATION, READ_ONLY_TEXT)
            return
        if client.number <= FOREIGN_CLIENT:
            client.refuse(placed.order_id, NOT_SIMULATED, f"orders of client {client.number} are not simulated here")
            return
        objection = objection_to(placed, self._securities, self.account)
        if objection is not None:
            client.refuse(placed.order_id, objection.code, objection.text)
            return
        self._telling.placed(client, placed)
        group = released_by(client, placed)
        if group is not None:
            self._release(client, group)
        self._count_down(client)

    def _release(self, client: Client, group: list[requests.PlaceOrder]) -> None:
        """New orders go to the broker together. The id of one at work changes it; that of one that ended is taken."""
        new: list[requests.PlaceOrder] = []
        for one in group:
            known = self._known(client, one.order_id)
            if known is None:
                new.append(one)
            elif known.is_live:
                self._amend(client, one)
            else:
                client.refuse(one.order_id, DUPLICATE_ID, "Duplicate order id")
        if new:
            self.engine.submit(requests_of(new, client.number, self._securities, self.account), self._now())
        for one in new:
            known = self._known(client, one.order_id)
            if not one.order.time_in_force and known is not None and known.status is not OrderStatus.REJECTED:
                client.refuse(
                    one.order_id, PRESET_TIME_IN_FORCE, "Order TIF was set to DAY based on order preset."
                )  # fmt: skip

    def _amend(self, client: Client, placed: requests.PlaceOrder) -> None:
        (request,) = requests_of([placed], client.number, self._securities, self.account)
        self.engine.amend(request, self._now())

    def _known(self, client: Client, order_id: int) -> Order | None:
        """The client's order with this id, if the broker ever had one."""
        return self.engine.ask(lambda: self.engine.world.book.by_session_id(client.number, order_id), self._now())

    def _count_down(self, client: Client) -> None:
        """The connection may be to break after so many orders."""
        left = self.tricks.hang_up_after_orders
        if left is not None:
            self.tricks.hang_up_after_orders = left - 1 or None
            if left == 1:
                client.hang_up()
                self.left(client)

    def _cancel(self, client: Client, order_id: int) -> None:
        if self.tricks.read_only:
            client.refuse(order_id, VALIDATION, READ_ONLY_TEXT)
        elif order_id in client.untransmitted:
            for one in taken_back(client, order_id):
                client.refuse(one.order_id, _CANCELLED, "Order Canceled - reason:")
        else:
            with self._telling.about_request(client, order_id):
                self.engine.cancel(client.number, order_id, None, self._now())

    def _cancel_all(self, client: Client) -> None:
        """Every order that lives, whoever placed it. A parent's end may have ended its children before their turn."""
        if self.tricks.read_only:
            client.refuse(ABOUT_NOTHING, VALIDATION, READ_ONLY_TEXT)
            return
        for order in self.engine.ask(lambda: list(self.engine.world.book.live.values()), self._now()):
            if order.is_live:
                request = order.request
                self.engine.cancel(
                    request.client_id, request.session_order_id, order.permanent_id, self._now()
                )  # fmt: skip

    # --- what the broker says ------------------------------------------------------------------------------------

    def _hear(self, message: Message) -> None:
        if isinstance(message, LineLost) and message.is_socket:
            for client in self.clients:
                client.hang_up()
            self._clients.clear()
            return
        self._telling.tell(self.clients, message)

    def _tell_followers(self) -> None:
        for client in self.clients:
            self._answering.tell_follower(client)

    def _take_over(self) -> None:
        """Close sessions that a gateway before this one left open in its book."""
        for client_id in sorted(self.engine.world.delivery.clients):
            self.engine.disconnect(client_id, self.engine.now)
