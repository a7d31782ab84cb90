"""ibapi as its users write it: client and wrapper in one, callbacks in a thread."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import Any

HOST = "127.0.0.1"
WITHIN_S = 3.0
Call = tuple[str, tuple[Any, ...]]


class App:
    """One connection, every callback of which is kept."""

    def __init__(self) -> None:
        client, wrapper = importlib.import_module("ibapi.client"), importlib.import_module("ibapi.wrapper")
        self.calls: list[Call] = []
        names = [name for name in vars(wrapper.EWrapper) if not name.startswith("_") and name != "logAnswer"]
        heard = {name: self._keeping(name) for name in names}
        heard["__init__"] = lambda app: client.EClient.__init__(app, app)
        kind: Any = type("App", (wrapper.EWrapper, client.EClient), heard)
        self.client: Any = kind()
        self._thread: threading.Thread | None = None

    def connect(self, port: int, client_id: int) -> None:
        """Connect, and let the callbacks come."""
        self.client.connect(HOST, port, client_id)
        self._thread = threading.Thread(target=self.client.run)
        self._thread.start()

    def disconnect(self) -> None:
        """Hang up, and wait for the threads to end: while the reader's reads, the socket stays open."""
        reader = self.client.reader
        self.client.disconnect()
        reader.join(WITHIN_S)
        self.ended()

    def ended(self) -> bool:
        """Whether the thread of the callbacks ends."""
        if self._thread is not None:
            self._thread.join(WITHIN_S)
        return self._thread is None or not self._thread.is_alive()

    def heard(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every such callback."""
        return [arguments for called, arguments in list(self.calls) if called == name]

    def codes(self, about: int) -> list[int]:
        """The codes of the errors about an order or a request."""
        return [code for request_id, code, *_ in self.heard("error") if request_id == about]

    def _keeping(self, name: str) -> Callable[..., None]:
        def keep(_: object, *arguments: Any, **named: Any) -> None:
            self.calls.append((name, (*arguments, *named.values())))

        return keep
