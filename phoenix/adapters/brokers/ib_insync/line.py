"""A line over the low-level client of ib_insync or ib_async."""

from __future__ import annotations

import asyncio
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from phoenix.adapters.ibkr.client_line import ClientLine
from phoenix.adapters.ibkr.line import Endpoint, LineFailed, Listener

FLUSH_S = 0.2
"""How long bytes that were handed over may still leave when the line is closed."""


class IbInsyncLine(ClientLine):
    """One connection, on the event loop that opens it."""

    def __init__(self, endpoint: Endpoint, listener: Listener) -> None:
        super().__init__(endpoint, listener, _installed())
        self._connecting: asyncio.Task[None] | None = None
        self._transport: Any = None
        self._gone = asyncio.Event()

    async def _connect(self) -> None:
        from phoenix.adapters.brokers.ib_insync.client import IbEars, ReportingClient

        self._client = ReportingClient(IbEars(self, self._listener, self._endpoint), self._too_old)
        self._client.conn.disconnected += self._disconnected
        endpoint = self._endpoint
        self._connecting = asyncio.create_task(
            self._client.connectAsync(endpoint.host, endpoint.port, endpoint.client_id, None)
        )
        self._connecting.add_done_callback(self._connected)

    def _connected(self, connecting: asyncio.Task[None]) -> None:
        error = None if connecting.cancelled() else connecting.exception()
        if error is not None:
            self._fail(self._failure(str(error) or repr(error)))

    def _disconnected(self, message: str) -> None:
        self._gone.set()
        self.lost(message or "the gateway closed the connection")

    def _too_old(self, server_version: int) -> None:
        detail = f"the gateway speaks version {server_version}, {self.library} needs 157 or later"
        self._fail(LineFailed(detail, "version"))

    def _stage(self) -> str:
        if self._client is None or (self._client.conn.transport is None and not self._gone.is_set()):
            return "connect"
        return "session" if self._heard_version else "handshake"

    def _has_heard(self) -> bool:
        return self._client is not None and self._client.has_heard

    @property
    def _heard_version(self) -> bool:
        return bool(self._client.decoder.serverVersion)

    def _server_version(self) -> int:
        return int(self._client.decoder.serverVersion)

    def _vendor(self) -> Any:
        from phoenix.adapters.brokers.ib_insync import library

        return library

    async def _release(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait({self._connecting})
        transport = None if self._client is None else self._client.conn.transport
        if transport is None:
            return
        transport.close()
        try:
            async with asyncio.timeout(FLUSH_S):
                await self._gone.wait()
        except TimeoutError:
            transport.abort()
            await self._gone.wait()


def _installed() -> str:
    for name in ("ib_insync", "ib_async"):
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return "ib_insync"
