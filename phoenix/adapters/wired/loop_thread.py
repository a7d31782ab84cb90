"""An event loop on a thread of its own, for callers that live in simulated time and never wait."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_LONGEST_CALL_S = 60.0


class LoopThread:
    """Runs coroutines to their end while the caller stands still."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name=name)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What a coroutine answers, or raises."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_LONGEST_CALL_S)

    def close(self) -> None:
        """End the thread; harmless when it has ended."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
