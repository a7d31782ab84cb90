"""A gateway on loopback sockets, and a client of nothing but bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.wire.framing import Deframer, frame, prefixed
from tests.adapters.gateway.bench import ZONE, Bench

PATIENCE_S = 5.0
ASK_TIME = ("49", "1")
START_API = ("71", "2")
MANAGED_ACCOUNTS, NEXT_VALID_ID, ERROR, CURRENT_TIME, OPEN_ORDER = "15", "9", "4", "49", "5"


class Wire:
    """One connection to the gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._deframer = Deframer()
        self._messages: list[list[str]] = []

    def send(self, *fields: str) -> None:
        self.writer.write(frame(fields))

    async def greet(self, versions: str = "v157..176") -> list[str]:
        """Shake hands; the version and the time that the server names."""
        self.writer.write(b"API\0" + prefixed(versions.encode()))
        return await self.hear()

    async def start(self, client_id: int = 1, versions: str = "v157..176") -> None:
        """Shake hands and start a session."""
        await self.greet(versions)
        self.send(*START_API, str(client_id), "")
        await self.hear_of(NEXT_VALID_ID)

    async def hear(self) -> list[str]:
        """The next message. Raises EOFError where there is none any more."""
        while not self._messages:
            data = await asyncio.wait_for(self.reader.read(65_536), PATIENCE_S)
            if not data:
                raise EOFError
            self._messages += self._deframer.feed(data)
        return self._messages.pop(0)

    async def hear_of(self, message_id: str) -> list[str]:
        """The next message of a kind."""
        while (message := await self.hear())[0] != message_id:
            continue
        return message

    async def is_over(self) -> bool:
        """Whether the server has ended the connection, whatever it said before."""
        try:
            while True:
                await self.hear()
        except (EOFError, ConnectionError):
            return True

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):  # the server may have been first
            await self.writer.wait_closed()


class Socketed:
    """A served bench, and its connections."""

    def __init__(self, bench: Bench, server: GatewayServer) -> None:
        self.bench = bench
        self.server = server
        self._open: list[Wire] = []

    async def dial(self) -> Wire:
        """A connection on which nothing was said yet."""
        wire = Wire(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self._open.append(wire)
        return wire

    async def client(self, client_id: int = 1, versions: str = "v157..176") -> Wire:
        """A connection whose session has started."""
        wire = await self.dial()
        await wire.start(client_id, versions)
        return wire

    async def direct(self, *lines: object) -> list[dict[str, Any]]:
        """The answers of the control channel; text is sent as it is."""
        assert self.server.control_port is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.control_port)
        answers = []
        for line in lines:
            writer.write((line if isinstance(line, str) else json.dumps(line)).encode() + b"\n")
            answers.append(json.loads(await asyncio.wait_for(reader.readline(), PATIENCE_S)))
        writer.close()
        await writer.wait_closed()
        return answers

    async def until_clients_are(self, count: int) -> None:
        """Let the server notice who has gone."""
        async with asyncio.timeout(PATIENCE_S):
            while len(list(self.bench.gateway.clients)) != count:
                await asyncio.sleep(0)

    async def close(self) -> None:
        for wire in self._open:
            await wire.close()


@asynccontextmanager
async def served(bench: Bench | None = None, *, paces: bool = False) -> AsyncIterator[Socketed]:
    """A bench on sockets. What its server left behind when it stopped is an error."""
    bench = bench or Bench()
    server = GatewayServer(bench.gateway, bench.time, ZONE, Listening(), paces=paces)
    before = asyncio.all_tasks()
    socketed = Socketed(bench, server)
    try:
        async with server:
            yield socketed
        assert asyncio.all_tasks() <= before
    finally:
        await socketed.close()
