"""Gateways in real time, as a process beside ours would be, and homes that are configured for them."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from decimal import Decimal

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.gateway.tricks import Tricks
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.adapters.wired.loop_thread import LoopThread
from phoenix.domain.instrument import Instrument
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.runtime.home import Home

ADAPTERS = ("ib_insync", "ibapi")


class RunningGateway:
    """A gateway at a free port, on a thread of its own; `call` runs something on that thread."""

    def __init__(self, instrument: Instrument, tricks: Tricks) -> None:
        self._instrument = instrument
        self._starts_at = SystemClock().now()
        self._thread = LoopThread("gateway of a test")
        time = GatewayTime(SystemClock())
        self.gateway = Gateway(self._make_engine, time.now, tricks)
        self.server = GatewayServer(self.gateway, time, UTC, Listening(control_port=None))
        self._thread.call(self.server.__aenter__())

    @property
    def port(self) -> int:
        return self.server.port

    def call(self, do: Callable[[], object]) -> None:
        """Do something on the gateway's own thread."""

        async def done() -> None:
            do()

        self._thread.call(done())

    def close(self) -> None:
        self._thread.call(self.server.__aexit__(None, None, None))
        self._thread.close()

    def _make_engine(self, hear: Callable[[Message], None]) -> BrokerEngine:
        pair = self._instrument.pair
        feed = QuoteFeed(pair, [Tick(self._starts_at, Decimal("1.26000"), Decimal("1.26020"))])
        options = EngineOptions(account="SIM0001", instruments={pair: self._instrument})
        return BrokerEngine(options, {pair: feed}, hear, self._starts_at)


@contextmanager
def gateway(instrument: Instrument = GBPUSD, **tricks: object) -> Iterator[RunningGateway]:
    """A gateway with the account of a new home, and tricks of its own."""
    turned = Tricks()
    turned.turn(tricks)
    running = RunningGateway(instrument, turned)
    try:
        yield running
    finally:
        running.close()


@contextmanager
def talker(answers: bytes, *, hangs_up: bool = False) -> Iterator[int]:
    """The port of a program that is no gateway: it says the same to whoever sends it anything."""
    thread = LoopThread("talker of a test")
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answers)
        if not hangs_up:
            await gone.wait()
        writer.close()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(serve, "127.0.0.1", 0)

    async def end() -> None:
        gone.set()
        server.close()
        await server.wait_closed()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

    server = thread.call(begin())
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        thread.call(end())
        thread.close()


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def configured_for(home: Home, adapter: str, port: int | None, **options: object) -> Home:
    """The home once its broker is an IBKR adapter at a port."""
    file = home.directory / "phoenix.toml"
    table = {"port": port, "client_id": 7, "query_timeout_s": 1, "connect_timeout_s": 2, **options}
    lines = [f"{name} = {_toml(value)}" for name, value in table.items() if value is not None]
    text = file.read_text().replace('adapter = "chaos_mock"', f'adapter = "{adapter}"')
    file.write_text("\n".join([text, f"[broker.{adapter}]", *lines, ""]))
    return Home.open(home.directory)


def _toml(value: object) -> str:
    return json.dumps(value)
