"""The gateway on loopback sockets: one for clients, one for whoever directs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from ipaddress import ip_address
from typing import Self

from phoenix.adapters.gateway.client import Client
from phoenix.adapters.gateway.connection import Connection
from phoenix.adapters.gateway.control import Control
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.pauses import pause
from phoenix.domain.errors import InvalidValue

_LONGEST_SLEEP_S = 0.2
_SHORTEST_SLEEP_S = 0.005


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the gateway listens. Port 0 takes any free one; without a control port nobody can direct it."""

    host: str = "127.0.0.1"
    port: int = 0
    control_port: int | None = 0

    def __post_init__(self) -> None:
        if not ip_address(self.host).is_loopback:
            raise InvalidValue("host", f"{self.host} is not this machine", "Use 127.0.0.1 or ::1")


class GatewayServer:
    """Serves clients while it is entered. In real time it lives on by itself; in told time only as it is told to."""

    def __init__(
        self, gateway: Gateway, time: GatewayTime, zone: tzinfo, listening: Listening, *, paces: bool = True
    ) -> None:  # fmt: skip
        self.gateway = gateway
        gateway.zone = zone
        self.time = time
        self._zone = zone
        self._listening = listening
        self._paces = paces
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self._control = Control(self)
        self.port = 0
        self.control_port: int | None = None

    async def __aenter__(self) -> Self:
        try:
            self.port = await self._listen(self._serve_client, self._listening.port)
            if self._listening.control_port is not None:
                self.control_port = await self._listen(self._control.serve, self._listening.control_port)
        except OSError:
            await self._stop_listening()
            raise
        if not self.time.is_told:
            self.keep(asyncio.create_task(self._live()))
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        connections = tuple(self._connections)
        for connection in connections:
            connection.hang_up()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in connections:
            await connection.end()
        await self._stop_listening()
        self.gateway.engine.release()

    async def _stop_listening(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()

    @property
    def host(self) -> str:
        return self._listening.host

    @property
    def clients(self) -> tuple[Client, ...]:
        """Those who are connected by a socket, whether or not they have started a session."""
        return tuple(connection.client for connection in self._connections if connection.is_open)

    async def run(self) -> None:
        """Live until cancelled; raises what ended the life of the simulated broker."""
        await asyncio.gather(*self._tasks)
        await asyncio.Event().wait()

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant of told time, living through everything on the way in its order."""
        while (due := self.gateway.next_due()) is not None and due <= instant:
            self.time.move_to(max(due, self.time.now()))
            self.gateway.advance()
        self.time.move_to(instant)
        self.gateway.advance()

    def turn_tricks(self, given: dict[str, object]) -> None:
        """Set the gateway's own faults. Raises InvalidValue."""
        self.gateway.tricks.turn(given)
        if "garbage" in given:
            for connection in self._connections:
                connection.spoils_next = self.gateway.tricks.garbage
        if not self.gateway.tricks.silent:
            for connection in tuple(self._connections):
                connection.say_what_was_held()

    async def _live(self) -> None:
        while True:
            self.gateway.advance()
            due = self.gateway.next_due()
            pause_s = _LONGEST_SLEEP_S if due is None else (due - self.time.now()).total_seconds()
            await pause(min(max(pause_s, _SHORTEST_SLEEP_S), _LONGEST_SLEEP_S))

    async def _listen(
        self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None], port: int
    ) -> int:  # fmt: skip
        server = await asyncio.start_server(serve, self._listening.host, port)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    def _serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(
            self.gateway, reader, writer, self._zone, self.time.now, paces=self._paces
        )  # fmt: skip
        self._connections.add(connection)
        task = asyncio.ensure_future(connection.serve())
        self.keep(task)
        task.add_done_callback(lambda _: self._connections.discard(connection))

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold on to a task until it is done, or the server ends."""
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        """A connection that failed says so through the loop's own handler; nothing is swallowed."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": "a part of the gateway failed", "exception": error})
