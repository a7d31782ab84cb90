"""A gateway of a few lines on the loopback, and a client library's line in a process of its own that talks to it."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests import children
from tests.adapters.brokers.tws_scripts import managed_accounts, next_valid_id

ROOT = Path(__file__).parents[3]
LIMIT_S = 30
CLIENT_ID = 3

Answer = TypeVar("Answer")
Heard = dict[str, Any]


class Gateway:
    """One connection of one client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def handshake(self, version: int) -> list[str]:
        """Answer the offer of versions; the fields of the client's startApi."""
        assert await self._reader.readexactly(4) == b"API\0"
        await self._message()
        self.say([str(version), "20260302 10:00:00 UTC"])
        return await self.request()

    async def welcome(self, version: int, *pushed: Sequence[str]) -> None:
        """A whole opening, with what is pushed before the session is ready."""
        await self.handshake(version)
        self.say(*pushed, managed_accounts(), next_valid_id(7))

    def say(self, *messages: Sequence[str]) -> None:
        self.send(b"".join(wire(fields) for fields in messages))

    def send(self, raw: bytes) -> None:
        self._writer.write(raw)

    async def sent(self) -> None:
        """Until what was sent has left."""
        await self._writer.drain()

    async def request(self) -> list[str]:
        """The fields of the next request."""
        return (await self._message()).decode().split("\0")[:-1]

    async def hang_up(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def rest(self) -> bytes:
        """All that comes until the client is gone."""
        return await self._reader.read()

    async def _message(self) -> bytes:
        return await self._reader.readexactly(int.from_bytes(await self._reader.readexactly(4)))


class LineProcess:
    """A line that is being driven."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    def ask(self, request: str, **arguments: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": request, "with": arguments}).encode() + b"\n")

    async def until(self, key: str, value: object = None) -> list[Heard]:
        """What is said up to and with the first that has this key, and value if one is given."""
        assert self._process.stdout is not None
        heard: list[Heard] = []
        while line := await self._process.stdout.readline():
            heard.append(json.loads(line))
            if key in heard[-1] and value in (None, heard[-1][key]):
                return heard
        raise AssertionError(f"{key} was not said, but {heard}: {await self.complaints()}")

    async def end(self) -> Heard:
        """How it closed. Nothing may have gone to stderr."""
        closed = (await self.until("closed_in_s"))[-1]
        assert await self.complaints() == ""
        assert await self._process.wait() == 0
        return closed

    async def complaints(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()


def wire(fields: Sequence[str]) -> bytes:
    """A message behind its length."""
    body = "".join(f"{field}\0" for field in fields).encode()
    return len(body).to_bytes(4) + body


@asynccontextmanager
async def line_at(library: str, port: int, timeout_s: float = 10, zone: str = "") -> AsyncIterator[LineProcess]:
    """A line of this library that opens against a port. Warnings are errors in its process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "tools.probes.line_driver",
        library, "127.0.0.1", str(port), str(CLIENT_ID), str(timeout_s), zone,
        cwd=ROOT, env=children.environment(TZ="Asia/Tokyo"), stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    try:
        yield LineProcess(process)
    finally:
        process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def talk(library: str, timeout_s: float = 10, zone: str = "") -> AsyncIterator[tuple[Gateway, LineProcess]]:
    """A line and the gateway it is connected to."""
    accepted: asyncio.Queue[Gateway] = asyncio.Queue()
    writers: list[asyncio.StreamWriter] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        accepted.put_nowait(Gateway(reader, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server, line_at(library, server.sockets[0].getsockname()[1], timeout_s, zone) as line:
        yield await accepted.get(), line
        for writer in writers:
            writer.close()


def within_the_limit(conversation: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a conversation that may not hang."""
    return asyncio.run(asyncio.wait_for(conversation, LIMIT_S))
