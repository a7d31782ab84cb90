"""A line over the vendor's own client, whose callbacks run in a thread of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from phoenix.adapters.ibkr.client_line import ClientLine
from phoenix.adapters.ibkr.line import Endpoint, LineFailed, Listener


class IbapiLine(ClientLine):
    """One connection. What is heard is handed, in order, to the event loop that opened it."""

    def __init__(self, endpoint: Endpoint, listener: Listener) -> None:
        super().__init__(endpoint, listener, _installed())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket: socket.socket | None = None
        self._version = 0
        self._thread: threading.Thread | None = None
        self._ended = asyncio.Event()
        self._waiting: deque[tuple[Callable[..., None], tuple[object, ...]]] = deque()
        self._is_called = False

    async def _connect(self) -> None:
        from phoenix.adapters.brokers.ibapi.client import (
            SEND_TIMEOUT_S,
            IbapiEars,
            ReportingClient,
            WholeConnection,
        )

        self._loop = asyncio.get_running_loop()
        endpoint = self._endpoint
        version_heard = await self._shake_hands()
        connected = self._socket
        if connected is None:
            raise self._failure("the line was closed")
        connected.settimeout(SEND_TIMEOUT_S)
        self._client = ReportingClient(IbapiEars(self, self._listener, endpoint))
        self._thread = threading.Thread(target=self._run, name=f"ibapi line {endpoint.client_id}")
        wire = WholeConnection(endpoint.host, endpoint.port, connected)
        self._socket = None
        try:
            self._client.begin(wire, endpoint.client_id, version_heard)
        except OSError as error:
            raise self._failure(str(error)) from error
        finally:
            self._thread.start()

    async def _shake_hands(self) -> int:
        from phoenix.adapters.brokers.ibapi.handshake import connected_socket, server_version
        from phoenix.adapters.brokers.ibapi.library import MAX_CLIENT_VER, MIN_CLIENT_VER

        try:
            self._socket = await connected_socket(self._endpoint.host, self._endpoint.port)
            heard = await server_version(self._socket, MIN_CLIENT_VER, MAX_CLIENT_VER)
        except TimeoutError:
            raise
        except (OSError, ValueError) as error:
            raise self._failure(str(error)) from error
        if heard < MIN_CLIENT_VER:
            raise LineFailed(f"the gateway speaks version {heard}, {self.library} needs {MIN_CLIENT_VER}", "version")
        self._version = heard
        return heard

    def _run(self) -> None:
        """The messages, one after the other, until the connection ends or one cannot be read."""
        from phoenix.adapters.brokers.ibapi.library import BadMessage

        detail = "the gateway closed the connection"
        try:
            self._client.run()
        except (ArithmeticError, AttributeError, BadMessage, LookupError, TypeError, ValueError) as error:
            detail = f"a message could not be read: {error!r}"
            self.hear(self._listener.undecodable, detail)
        finally:
            self._client.stop()
            self._client.listening.join()
            self.hear(self.lost, detail)
            self._hand_over(self._ended.set)

    def hear(self, said: Callable[..., None], *words: object) -> None:
        """Have something said on the event loop's thread, unless the line is over by then."""
        self._hand_over(super().hear, said, *words)

    def _hand_over(self, what: Callable[..., None], *words: object) -> None:
        """Leave it to the event loop, which is woken once for all that comes before it gets to work."""
        self._waiting.append((what, words))
        if self._is_called or self._loop is None or self._loop.is_closed():
            return
        self._is_called = True
        try:
            self._loop.call_soon_threadsafe(self._take_over)
        except RuntimeError:
            return  # the loop was closed meanwhile, and with it everybody who could hear

    def _take_over(self) -> None:
        """Carry out what has come by now. What comes from here on calls again, or is seen at the end."""
        self._is_called = False
        try:
            for _ in range(len(self._waiting)):
                what, words = self._waiting.popleft()
                what(*words)
        finally:
            if self._waiting and not self._is_called:
                self._is_called = True
                asyncio.get_running_loop().call_soon(self._take_over)

    def _stage(self) -> str:
        if self._version:
            return "session"
        return "connect" if self._socket is None else "handshake"

    def _server_version(self) -> int:
        return self._version

    def _vendor(self) -> Any:
        from phoenix.adapters.brokers.ibapi import library

        return library

    async def _release(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._client is None or self._thread is None:
            return
        self._client.stop()
        await self._ended.wait()
        self._thread.join()


def _installed() -> str:
    try:
        return f"ibapi {version('ibapi')}"
    except PackageNotFoundError:
        return "ibapi"
