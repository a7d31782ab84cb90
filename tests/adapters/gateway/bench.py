"""A gateway on a bench: told time, recording clients, and short ways to order, price and ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.gateway.client import Client
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.gateway.wire.encoding import encode
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.prices import Tick
from phoenix.domain.instrument import Instrument

START = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
PAIR = "GBPUSD"
ACCOUNT = "SIM0001"
RATE = Decimal("0.00002")
GBPUSD = Instrument(
    PAIR, "GBP", "CASH", "IDEALPRO", "USD", Decimal("0.00005"), Decimal("0.0001"), Decimal(1000), Decimal(1000)
)
CABLE = requests.ContractFields(symbol="GBP", security_type="CASH", exchange="IDEALPRO", currency="USD")
VERSIONS = (157, 178)

R = TypeVar("R")


class Recorder:
    """A client's end: everything that was said to it, each of which the wire can carry."""

    def __init__(self) -> None:
        self.heard: list[Reply] = []
        self.is_hung_up = False
        self.client = Client(self._say, self._hang_up)

    def take(self) -> list[Reply]:
        """What was said since the last look."""
        heard, self.heard = self.heard, []
        return heard

    def of(self, kind: type[R]) -> list[R]:
        return [reply for reply in self.heard if isinstance(reply, kind)]

    def codes(self, request_id: int | None = None) -> list[int]:
        """The codes of the errors, of one id only where it is given."""
        return [error.code for error in self.of(replies.ErrorReply) if request_id in (None, error.request_id)]

    def tags(self, order_id: int | None = None) -> list[str]:
        """What was said about orders, in short and in order."""
        return [tag for reply in self.heard if (tag := tag_of(reply, order_id))]

    def _say(self, reply: Reply) -> None:
        assert not self.is_hung_up
        for version in VERSIONS:
            encode(reply, version, ZONE)
        self.heard.append(reply)

    def _hang_up(self) -> None:
        self.is_hung_up = True


def tag_of(reply: Reply, order_id: int | None = None) -> str:
    """A reply about an order in a word or two; blank for others."""
    match reply:
        case replies.OpenOrder(view) if order_id in (None, view.order_id):
            return f"open {view.status}"
        case replies.OrderStatus() if order_id in (None, reply.order_id):
            return f"status {reply.status}"
        case replies.ExecutionDetails() if order_id in (None, reply.order_id):
            return "execution"
        case replies.Commission():
            return "commission"
        case replies.ErrorReply() if order_id in (None, reply.request_id):
            return f"error {reply.code}"
    return ""


class Bench:
    """A gateway in told time. `quotes` are (seconds, bid) steps."""

    def __init__(
        self, *quotes: tuple[int, str], faults: Sequence[Fault] = (), **options: Any
    ) -> None:  # fmt: skip
        self.time = GatewayTime(SimulatedClock(START), START)
        self.feed = QuoteFeed(PAIR, [])
        for seconds, bid in quotes or ((0, "1.26000"),):
            self.quote(seconds, bid)

        def make(hear: Any) -> BrokerEngine:
            given: dict[str, Any] = {"instruments": {PAIR: GBPUSD}, "commission_rate": RATE, **options}
            return BrokerEngine(EngineOptions(**given), {PAIR: self.feed}, hear, START, faults)

        self.gateway = Gateway(make, self.time.now)
        self.gateway.zone = ZONE

    @property
    def engine(self) -> BrokerEngine:
        return self.gateway.engine

    def quote(self, seconds: int, bid: str) -> None:
        self.feed.add(Tick(START + timedelta(seconds=seconds), Decimal(bid), Decimal(bid) + Decimal("0.0002")))

    def client(self, client_id: int = 1) -> Recorder:
        """A client whose session has started, and who has forgotten what it was told then."""
        recorder = Recorder()
        self.gateway.handle(recorder.client, requests.StartApi(client_id))
        recorder.take()
        return recorder

    def ask(self, recorder: Recorder, *asked: requests.Request) -> list[Reply]:
        """What is said to a client once it has made these requests."""
        recorder.take()
        for request in asked:
            self.gateway.handle(recorder.client, request)
        return list(recorder.heard)

    def live_to(self, seconds: int) -> None:
        self.time.move_to(START + timedelta(seconds=seconds))
        self.gateway.advance()

    def order(self, order_id: int, client_id: int = 1) -> Order:
        found = self.engine.world.book.by_session_id(client_id, order_id)
        assert found is not None
        return found

    def ledger(self, kind: str) -> list[dict[str, object]]:
        return [dict(record.details) for record in self.engine.ledger.records if record.kind == kind]


def place(order_id: int, action: str = "BUY", kind: str = "MKT", quantity: str = "100000", **changes: Any) -> Any:
    """A placeOrder; a limit or stop price may be given as `price`."""
    price = changes.pop("price", None)
    contract = changes.pop("contract", CABLE)
    fields = requests.OrderFields(action, Decimal(quantity), kind, time_in_force="GTC", reference=f"ref-{order_id}")
    if price is not None:
        changes["limit_price" if kind == "LMT" else "auxiliary_price"] = Decimal(price)
    return requests.PlaceOrder(order_id, contract, replace(fields, **changes))


def bracket(first: int = 1, **entry: Any) -> tuple[requests.PlaceOrder, ...]:
    """An entry, its target and its stop; the stop releases all three."""
    quantity = entry.get("quantity", "100000")
    exits = {"parent_id": first, "quantity": quantity}
    return (
        place(first, transmit=False, **entry),
        place(first + 1, "SELL", "LMT", price="1.26200", transmit=False, **exits),
        place(first + 2, "SELL", "STP", price="1.25900", **exits),
    )
