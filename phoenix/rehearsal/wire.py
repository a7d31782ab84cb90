"""An IBKR adapter before a gateway simulator, both in one simulated time: real client library, real sockets.

The adapter is found by its entry point, as a configuration would name it; nothing here imports a client library.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from phoenix.adapters.brokers.chaos_mock import ChaosMockSettings
from phoenix.adapters.brokers.loader import load_broker_factory
from phoenix.adapters.gateway.client import ABOUT_NOTHING
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.ibkr.broker import IbkrBroker
from phoenix.adapters.pauses import pause
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.messages import Message
from phoenix.domain.order_plan import OrderPlan
from phoenix.ports.answers import Answer
from phoenix.ports.broker import Broker, EventSink, SendOutcome, SimulatedBroker
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
from phoenix.ports.claims import Claim, ClaimOffice
from phoenix.rehearsal.loop_thread import LoopThread

T = TypeVar("T")

MARK = 999_999
"""The code of a message that only says: everything before this has been heard."""
_HEARD_WITHIN_S = 10.0
_LOOK_S = 0.001


class SharedTime(GatewayTime):
    """The gateway lives by the clock of those who simulate, and goes on when they say so."""

    @property
    def is_told(self) -> bool:
        return True

    def move_to(self, instant: datetime) -> None:
        """Whoever moves the clock has moved it."""


@dataclass(frozen=True, slots=True)
class WireOptions:
    """Which adapter, and how it is set; an answer that does not come is waited for in real time."""

    adapter: str
    query_timeout_s: float = 0.5
    client_id: int = 1
    options: tuple[tuple[str, object], ...] = ()


class WireRig:
    """A gateway on a loop of its own, and an adapter that talks to it. `heard` takes the adapter's events, in order."""

    def __init__(self, wire: WireOptions, settings: ChaosMockSettings, context: BrokerContext) -> None:
        self._wire = wire
        self._settings = settings
        self._waiting: list[BrokerEvent] = []
        self._marks = 0
        self._is_closed = False
        self._marked = asyncio.Event()
        self._sink: EventSink = context.sink
        self._thread = LoopThread(f"wire of {wire.adapter}")
        self.gateway = Gateway(self._make_engine, settings.clock.now)
        self.server = GatewayServer(
            self.gateway, SharedTime(settings.clock), UTC, Listening(control_port=None), paces=False
        )  # fmt: skip
        self._thread.call(self.server.__aenter__())
        self.adapter = self._make_adapter(context)

    @property
    def engine(self) -> BrokerEngine:
        return self.gateway.engine

    def call(self, coroutine: Coroutine[Any, Any, T], *, has_sent: bool = False) -> T:
        """What a coroutine of the adapter answers, after everything that came of it was heard.

        `has_sent`: it hands something over without waiting for an answer.
        """
        try:
            return self._thread.call(coroutine)
        finally:
            self._thread.call(self._settle(has_sent=has_sent))
            self._deliver()

    def advance(self) -> None:
        """Let the gateway live up to the clock's instant, and what it says be heard."""
        self._thread.call(self._advance())
        self._deliver()

    def next_due(self) -> datetime | None:
        return self.gateway.next_due()

    def close(self) -> None:
        """End the session, the gateway and the thread; harmless when they have ended."""
        if not self._is_closed:
            self._is_closed = True
            self._thread.call(self.adapter.disconnect())
            self._thread.call(self.server.__aexit__(None, None, None))
            self._thread.close()

    def _make_engine(self, hear: Callable[[Message], None]) -> BrokerEngine:
        settings = self._settings
        return BrokerEngine(
            settings.options, settings.feeds, hear, settings.starts_at, settings.faults, settings.keeper()
        )  # fmt: skip

    def _make_adapter(self, context: BrokerContext) -> IbkrBroker:
        options: dict[str, object] = {
            "port": self.server.port, "client_id": self._wire.client_id, "gateway_zone": "UTC",
            "query_timeout_s": self._wire.query_timeout_s, **dict(self._wire.options),
        }  # fmt: skip
        adapter = load_broker_factory(self._wire.adapter)(replace(context, options=options, sink=self._hear))
        if not isinstance(adapter, IbkrBroker):
            raise TypeError(f"{self._wire.adapter} is no IBKR adapter")
        return adapter

    def _hear(self, event: BrokerEvent) -> None:
        if isinstance(event, BrokerNotice) and event.code == MARK:
            if event.text == str(self._marks):
                self._marked.set()
        else:
            self._waiting.append(event)

    def _deliver(self) -> None:
        """Hand over what was heard, on the caller's own thread."""
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            self._sink(event)

    async def _advance(self) -> None:
        self.gateway.advance()
        await self._settle(has_sent=False)

    async def _settle(self, *, has_sent: bool) -> None:
        """Wait until the gateway has heard what was sent, and the adapter what the gateway said."""
        if self.gateway.tricks.silent:
            return
        if not self.adapter.is_connected:
            await self._until(lambda: self._client() is None)
            return
        if has_sent:
            await self.adapter.server_time()
        client = self._client()
        if client is None:
            await self._until(lambda: not self.adapter.is_connected)
            return
        self._marks += 1
        self._marked.clear()
        client.refuse(ABOUT_NOTHING, MARK, str(self._marks))
        await asyncio.wait_for(self._marked.wait(), _HEARD_WITHIN_S)

    def _client(self) -> Any:
        number = self._wire.client_id
        return next((client for client in self.gateway.clients if client.client_id == number), None)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(_HEARD_WITHIN_S):
            while not is_so():
                await pause(_LOOK_S)


class WiredBroker(SimulatedBroker):
    """The rig as a simulated broker: its methods never suspend, and events come before they return."""

    def __init__(self, wire: WireOptions, settings: ChaosMockSettings, context: BrokerContext) -> None:
        super().__init__(context.office, context.sink)
        self.name = wire.adapter
        self._own_office = ClaimOffice()
        own = replace(context, office=self._own_office, sink=self._tell)
        self.rig = WireRig(wire, settings, own)
        self._adapter: Broker = self.rig.adapter

    @property
    def engine(self) -> BrokerEngine:
        """The broker behind the gateway."""
        return self.rig.engine

    def close(self) -> None:
        """Let go of threads and sockets."""
        self.rig.close()

    async def connect(self) -> Session:
        return self.rig.call(self._adapter.connect())

    async def disconnect(self) -> None:
        self.rig.call(self._adapter.disconnect())

    def session(self) -> Answer[Session]:
        return self._adapter.session()

    async def place(self, plan: OrderPlan) -> SendOutcome:
        """What came through this door passes the adapter's own with a claim of its own."""
        claim = self._own_office.issue(Claim("token", "intent", plan.order_group_id, plan.order_hash(), 1))
        return self.rig.call(self._adapter.submit(plan, claim), has_sent=True)

    async def cancel(self, reference: str, session_order_id: int, permanent_id: str | None) -> None:
        self.rig.call(self._adapter.cancel(reference, session_order_id, permanent_id), has_sent=True)

    async def account(self) -> Answer[AccountSnapshot]:
        return self._ask(self._adapter.account())

    async def quote(self, pair: str) -> Answer[Quote]:
        return self._ask(self._adapter.quote(pair))

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        return self._ask(self._adapter.contract(pair))

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._ask(self._adapter.open_orders())

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._ask(self._adapter.completed_orders())

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        return self._ask(self._adapter.executions())

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        return self._ask(self._adapter.holdings())

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        return self._ask(self._adapter.profit_and_loss())

    async def server_time(self) -> Answer[datetime]:
        return self._ask(self._adapter.server_time())

    def next_due(self) -> datetime | None:
        return self.rig.next_due()

    def advance(self, now: datetime) -> None:  # noqa: ARG002 - the gateway lives by the same clock
        self.rig.advance()

    def _tell(self, event: BrokerEvent) -> None:
        self._sink(event)

    def _ask(self, question: Coroutine[Any, Any, Answer[T]]) -> Answer[T]:
        return self.rig.call(question)
