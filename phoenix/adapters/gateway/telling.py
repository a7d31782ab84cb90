"""What the simulated broker says by itself, put into the protocol's replies and sent to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from phoenix.adapters.gateway import words
from phoenix.adapters.gateway.client import ABOUT_NOTHING, Client
from phoenix.adapters.gateway.views import Views
from phoenix.adapters.gateway.wire import replies
from phoenix.adapters.gateway.wire.replies import ErrorReply, Reply
from phoenix.adapters.gateway.wire.requests import PlaceOrder
from phoenix.adapters.simulation import messages as said
from phoenix.adapters.simulation.engine import NOT_CANCELLABLE, UNKNOWN_TO_CANCEL
from phoenix.adapters.simulation.faults import CANCEL_REFUSED
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order
from phoenix.adapters.simulation.world import World
from phoenix.domain.vocabulary import OrderStatus

LINE_LOST = 1100
LINE_BACK_DATA_LOST = 1101
LINE_BACK_DATA_KEPT = 1102
FARM_DOWN = 2103
FARM_UP = 2104
_REFUSED_BY_BROKER = 201
"""A refusal that shows the order as inactive; those before it was looked at only come as an error."""


class Telling:
    """Orders concern the client that placed them; those entered by hand, client 0; the line and farms, everybody."""

    def __init__(self, world: World, views: Views) -> None:
        self._world = world
        self._views = views
        self._asking: tuple[Client, int] | None = None
        self._names: dict[str, tuple[int, int]] = {}

    def placed(self, client: Client, order: PlaceOrder) -> None:
        """An order came in; a script may speak of it by its reference, whether or not the broker ever has it."""
        if order.order.reference:
            self._names[order.order.reference] = (client.number, order.order_id)

    @contextmanager
    def about_request(self, client: Client, order_id: int) -> Iterator[None]:
        """What the broker says meanwhile of no order it knows, answers this client about this order."""
        self._asking = (client, order_id)
        try:
            yield
        finally:
            self._asking = None

    def tell(self, clients: Iterable[Client], message: Message) -> None:
        """Send a message to those it concerns."""
        match message:
            case said.LineLost():
                self._to_all(clients, LINE_LOST, "Connectivity between IBKR and Trader Workstation has been lost.")
            case said.LineRestored():
                self._line_back(clients, message)
            case said.PricesFrozen(pair):
                self._to_all(clients, FARM_DOWN, f"Market data farm connection is broken:cashfarm.{pair.lower()}")
            case said.PricesFlowing(pair):
                self._to_all(clients, FARM_UP, f"Market data farm connection is OK:cashfarm.{pair.lower()}")
            case said.Notice():
                self._notice(clients, message)
            case _:
                self._of_order(clients, message)

    def _line_back(self, clients: Iterable[Client], message: said.LineRestored) -> None:
        kept = "data maintained" if message.data_kept else "data lost"
        code = LINE_BACK_DATA_KEPT if message.data_kept else LINE_BACK_DATA_LOST
        if not message.data_kept:
            for client in clients:
                client.forget_subscriptions()
        self._to_all(
            clients, code, f"Connectivity between IBKR and Trader Workstation has been restored - {kept}."
        )  # fmt: skip

    def _notice(self, clients: Iterable[Client], message: said.Notice) -> None:
        if message.ids is not None:
            order = self._order(message.ids)
            text = _refused_cancel(order, message.code) or message.text
            reply = ErrorReply(order.ids.session_order_id or 0, message.code, text)
            self._to_owner(clients, message.ids, message.occurred_at, reply)
        elif self._asking is not None and message.code == UNKNOWN_TO_CANCEL:
            client, order_id = self._asking
            client.refuse(order_id, message.code, words.NOT_FOUND.format(order_id=order_id))
        elif (about := self._names.get(message.reference or "")) is not None:
            owner, order_id = about
            for client in clients:
                if client.client_id == owner:
                    client.refuse(order_id, message.code, message.text)
        else:
            self._to_all(clients, message.code, message.text)

    def _of_order(self, clients: Iterable[Client], message: Message) -> None:
        ids = getattr(message, "ids", None)
        if isinstance(ids, said.OrderIds):
            self._to_owner(clients, ids, message.occurred_at, *self._replies(message, self._order(ids)))

    def _replies(self, message: Message, order: Order) -> Iterable[Reply]:
        """The replies that TWS makes of one word of the broker, in its order."""
        match message:
            case said.StatusChanged():
                yield replies.OpenOrder(self._views.told_order(order, message))
                yield self._views.told_status(order, message)
            case said.Executed():
                yield self._views.executed(message)
            case said.CommissionCharged():
                yield self._views.charged(message)
            case said.Rejected(_, code, reason):
                yield ErrorReply(order.ids.session_order_id or 0, code, _refusal(code, reason))
                if code == _REFUSED_BY_BROKER:
                    yield replies.OpenOrder(self._views.order(order))
                    yield self._views.ended_status(order, OrderStatus.REJECTED, order.filled)
            case said.Cancelled(_, filled, code, reason):
                yield self._views.ended_status(order, OrderStatus.CANCELLED, filled)
                yield ErrorReply(order.ids.session_order_id or 0, code, f"Order Canceled - reason:{reason}")
            case _:
                return

    def _order(self, ids: said.OrderIds) -> Order:
        order = self._world.book.by_permanent_id(ids.permanent_id)
        if order is None:
            raise LookupError(f"the book has no order {ids.permanent_id}")
        return order

    def _to_owner(self, clients: Iterable[Client], ids: said.OrderIds, at: datetime, *what: Reply) -> None:
        """A word that was held up beyond a reconnect is dropped: a new session is told how things stand, not stood."""
        owner = FOREIGN_CLIENT if ids.session_order_id is None else ids.client_id
        for client in clients:
            if client.client_id == owner and client.was_there(at):
                for reply in what:
                    client.say(reply)

    def _to_all(self, clients: Iterable[Client], code: int, text: str) -> None:
        for client in clients:
            client.refuse(ABOUT_NOTHING, code, text)


def _refusal(code: int, reason: str) -> str:
    return f"Order rejected - reason:{reason}" if code == _REFUSED_BY_BROKER else reason


def _refused_cancel(order: Order, code: int) -> str | None:
    """In the words of TWS, why a cancel was refused; None for what is no such refusal."""
    if code == NOT_CANCELLABLE:
        state = words.status_word(order.status, order.request.order_type)
        return words.NOT_CANCELLABLE.format(order_id=order.ids.session_order_id or 0, state=state)
    if code == CANCEL_REFUSED:
        return f"Cancel attempted when order is not in a cancellable state.  Order permId ={order.permanent_id}"
    return None
