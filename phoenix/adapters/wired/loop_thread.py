"""An event loop on a thread of its own, for callers that live in simulated time and never wait."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_LONGEST_CALL_S = 120.0


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop whose time can be moved on: what waits for nothing but a time-out need not be waited for."""

    def __init__(self) -> None:
        self._skipped_s = 0.0
        super().__init__()

    def time(self) -> float:
        return super().time() + self._skipped_s

    def skip(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self._skipped_s += seconds


class LoopThread:
    """Runs coroutines to their end while the caller stands still."""

    def __init__(self, name: str) -> None:
        self.loop = SkippingLoop()
        self._thread = Thread(target=self._run, name=name)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What a coroutine answers, or raises."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(_LONGEST_CALL_S)

    def close(self) -> None:
        """End the thread; harmless when it has ended."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()
