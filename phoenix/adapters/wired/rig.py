"""An adapter, a gateway, and one clock for both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from phoenix.adapters.brokers.chaos_mock import ChaosMockSettings
from phoenix.adapters.brokers.loader import load_broker_factory
from phoenix.adapters.gateway.client import ABOUT_NOTHING, Client
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.ibkr.broker import IbkrBroker
from phoenix.adapters.pauses import pause
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.wired.loop_thread import LoopThread
from phoenix.ports.broker import EventSink
from phoenix.ports.broker_events import BrokerEvent, BrokerNotice
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.errors import ConfigurationError

T = TypeVar("T")

MARK = 999_999
"""The code of a message that only says: everything before this has been heard."""
_HEARD_WITHIN_S = 60.0
_ROUND_S = 0.02
_QUIET_ROUNDS = 3
"""After so many rounds in which nothing moves on either side, an answer will not come."""
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
    """Which adapter, and how it is set. Time-outs are real ones, so they are long: nothing here hangs on how busy the
    machine is, and what will surely not come is not waited for."""

    adapter: str
    query_timeout_s: float = 10.0
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
        self.gateway = Gateway(self._make_engine, settings.clock.now)
        self.server = GatewayServer(
            self.gateway, SharedTime(settings.clock), UTC, Listening(control_port=None), paces=False
        )  # fmt: skip
        self._thread = LoopThread(f"wire of {wire.adapter}")
        try:
            self._thread.call(self.server.__aenter__())
            self.adapter = self._make_adapter(context)
        except BaseException:
            self._end()
            raise

    @property
    def engine(self) -> BrokerEngine:
        return self.gateway.engine

    def call(self, coroutine: Coroutine[Any, Any, T], *, has_sent: bool = False) -> T:
        """What a coroutine of the adapter answers, after everything that came of it was heard.

        `has_sent`: it hands something over without waiting for an answer.
        """
        try:
            return self._thread.call(self._carry_out(coroutine))
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
            self._end()

    def _end(self) -> None:
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
            raise ConfigurationError(
                f"broker.adapter: {self._wire.adapter} talks to no gateway. Use ib_insync, ibapi or chaos_mock"
            )
        adapter.pace.lift()
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

    async def _carry_out(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What it answers. An answer that will not come is not waited for: its time-out is over at once."""
        was_connected = self.adapter.is_connected
        asking = asyncio.ensure_future(coroutine)
        while not asking.done():
            await asyncio.wait({asking}, timeout=_ROUND_S)
            if was_connected and not asking.done() and await self._is_stuck(asking):
                self._thread.loop.skip(self._wire.query_timeout_s)
        return await asking

    async def _is_stuck(self, asking: asyncio.Future[Any]) -> bool:
        """Whether the gateway has heard all there is, all it said was heard, and still nothing comes of it."""
        for _ in range(_QUIET_ROUNDS):
            handled = self.gateway.requests_handled
            if not self.gateway.tricks.silent:
                await self._mark()
            await pause(_ROUND_S)
            if asking.done() or self.gateway.requests_handled != handled:
                return False
        return True

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
        if not await self._mark():
            await self._until(lambda: not self.adapter.is_connected)

    async def _mark(self) -> bool:
        """Have the gateway say a word of no meaning, and wait until it was heard; whether there was anybody to hear."""
        client = self._client()
        if client is None:
            return False
        self._marks += 1
        self._marked.clear()
        client.refuse(ABOUT_NOTHING, MARK, str(self._marks))
        await asyncio.wait_for(self._marked.wait(), _HEARD_WITHIN_S)
        return True

    def _client(self) -> Client | None:
        number = self._wire.client_id
        return next((client for client in self.server.clients if client.client_id == number), None)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(_HEARD_WITHIN_S):
            while not is_so():
                await pause(_LOOK_S)
