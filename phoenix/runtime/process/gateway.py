"""The process of a gateway simulator: it says where it listens, and then what its broker receives and does."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from phoenix.adapters.gateway.server import GatewayServer
from phoenix.adapters.pauses import pause
from phoenix.adapters.simulation.ledger import LedgerRecord
from phoenix.domain.encoding import Json
from phoenix.domain.instants import instant_text
from phoenix.ports.errors import ConfigurationError

_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class GatewayReady:
    """Where a gateway listens, and whose account it is."""

    host: str
    port: int
    control_port: int | None
    account: str
    is_time_told: bool
    now: str

    def document(self) -> Json:
        return {
            "host": self.host, "port": str(self.port),
            "control_port": None if self.control_port is None else str(self.control_port), "account": self.account,
            "is_time_told": self.is_time_told, "now": self.now,
        }  # fmt: skip


OnReady: TypeAlias = Callable[[GatewayReady], None]
OnRecord: TypeAlias = Callable[[LedgerRecord], None]


async def run_gateway(server: GatewayServer, on_ready: OnReady, on_record: OnRecord) -> None:
    """Serve until SIGINT or SIGTERM, and let go in order. Raises ConfigurationError where a port is taken."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with server:
            on_ready(_ready(server))
            await _serve(server, stop, on_record)
    except OSError as error:
        raise ConfigurationError(
            f"gateway.port: it cannot listen ({error.strerror or error}). Choose another port, or end who has it"
        ) from error
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _serve(server: GatewayServer, stop: asyncio.Event, on_record: OnRecord) -> None:
    running = asyncio.ensure_future(server.run())
    told = len(server.gateway.engine.ledger.records)
    try:
        while not stop.is_set() and not running.done():
            records = server.gateway.engine.ledger.records
            for record in records[told:]:
                on_record(record)
            told = len(records)
            await pause(_LOOK_S)
        if running.done():
            await running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _ready(server: GatewayServer) -> GatewayReady:
    return GatewayReady(
        server.host, server.port, server.control_port, server.gateway.account, server.time.is_told,
        instant_text(server.time.now()),
    )  # fmt: skip
