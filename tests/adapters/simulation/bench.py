"""A simulated broker on a bench: short ways to make prices, orders and faults, and all that it said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from phoenix.adapters.market.minute_bar import MinuteBar
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.feeds import BarFeed, QuoteFeed
from phoenix.adapters.simulation.keeping import Keeper
from phoenix.adapters.simulation.messages import Executed, Message
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.orders import Order, OrderRequest
from phoenix.adapters.simulation.prices import PriceFeed, Tick
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, OrderType, TimeInForce

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAIR = "GBPUSD"
SPREAD = Decimal("0.0002")
CLIENT = 1
MINUTE = timedelta(minutes=1)

M = TypeVar("M")


def minute(number: int) -> datetime:
    """The start of a minute, counted from the bench's own start."""
    return START + timedelta(minutes=number)


def bar(number: int, open_: str, high: str, low: str, close: str, spread: Decimal = SPREAD) -> MinuteBar:
    """A minute by its bid prices; the ask is the spread above them."""
    bids = [Decimal(text) for text in (open_, high, low, close)]
    return MinuteBar(minute(number), *bids, *(bid + spread for bid in bids))


def quotes(*steps: tuple[int, str], pair: str = PAIR, spread: Decimal = SPREAD) -> QuoteFeed:
    """A feed of (minute, bid) steps."""
    return QuoteFeed(pair, [Tick(minute(number), Decimal(bid), Decimal(bid) + spread) for number, bid in steps])


def order(action: str = "BUY", kind: str = "MARKET", quantity: str = "100000", **changes: Any) -> OrderRequest:
    """A stand-alone order; prices may be given as text."""
    fields: dict[str, Any] = {"session_order_id": 1, "reference": "ref-1", "time_in_force": "GTC", "pair": PAIR}
    fields.update(changes)
    for name in ("limit_price", "stop_price"):
        if isinstance(fields.get(name), str):
            fields[name] = Decimal(fields[name])
    fields["time_in_force"] = TimeInForce(fields["time_in_force"])
    return OrderRequest(
        account="SIM0001", action=Action(action), order_type=OrderType(kind), quantity=Decimal(quantity), **fields
    )


def bracket(
    side: str = "BUY", stop: str = "1.2590", target: str = "1.2620", first_id: int = 1, **entry: Any
) -> tuple[OrderRequest, OrderRequest, OrderRequest]:
    """An entry with its target and stop; their references end in E, T and S."""
    exit_side = "SELL" if side == "BUY" else "BUY"
    quantity = entry.get("quantity", "100000")
    child = {"quantity": quantity, "parent_session_order_id": first_id, "oca_group": f"oca-{first_id}"}
    pair = entry.get("pair", PAIR)
    return (
        order(side, **{"session_order_id": first_id, "reference": f"{first_id}-E", "role": LegRole.ENTRY, **entry}),
        order(
            exit_side, "LIMIT", limit_price=target, session_order_id=first_id + 1, reference=f"{first_id}-T",
            role=LegRole.TAKE_PROFIT, pair=pair, **child,
        ),
        order(
            exit_side, "STOP", stop_price=stop, session_order_id=first_id + 2, reference=f"{first_id}-S",
            role=LegRole.STOP_LOSS, pair=pair, **child,
        ),
    )  # fmt: skip


class Bench:
    """A connected broker, and what it said, in order."""

    def __init__(
        self,
        *feeds: PriceFeed,
        faults: Sequence[Fault] = (),
        listens: bool = True,
        keeper: Keeper | None = None,
        **options: Any,
    ) -> None:
        self.heard: list[Message] = []
        self.listener: Callable[[Message], None] = self.heard.append
        self.feeds = {feed.pair: feed for feed in feeds}
        self.engine = BrokerEngine(EngineOptions(**options), self.feeds, self._hear, START, faults, keeper)
        if listens:
            self.engine.connect(CLIENT, START)

    def _hear(self, message: Message) -> None:
        self.listener(message)

    def submit(self, *requests: OrderRequest, at: int = 0) -> None:
        self.engine.submit(requests, minute(at))

    def cancel(self, session_order_id: int, at: int = 0) -> None:
        self.engine.cancel(CLIENT, session_order_id, None, minute(at))

    def run(self, until: int) -> None:
        self.engine.advance(minute(until))

    def order(self, session_order_id: int) -> Order:
        found = self.engine.world.book.by_session_id(CLIENT, session_order_id)
        assert found is not None
        return found

    def status(self, session_order_id: int) -> OrderStatus:
        return self.order(session_order_id).status

    def said(self, kind: type[M]) -> list[M]:
        """Every message of one kind."""
        return [message for message in self.heard if isinstance(message, kind)]

    def fills(self) -> list[tuple[str | None, Decimal, Decimal, datetime]]:
        """Reference, quantity, price and instant of every execution that was told."""
        return [(e.ids.reference, e.quantity, e.price, e.executed_at) for e in self.said(Executed)]

    @property
    def net(self) -> Decimal:
        net = self.engine.world.account.nets.get(PAIR)
        return Decimal(0) if net is None else net.quantity

    @property
    def balance(self) -> Decimal:
        return self.engine.world.account.balance


def replay(bars: Iterable[MinuteBar], **options: Any) -> Bench:
    """A bench whose prices are these bars."""
    return Bench(BarFeed(PAIR, list(bars)), **options)
