"""Telling everybody who follows the chain that there may be something new."""

from __future__ import annotations

import asyncio


class News:
    """Wakes all who wait, on one event loop. It carries nothing: whoever wakes looks for themselves."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Wake everybody who waits now."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, at_most_s: float | None = None) -> None:
        """Wait for the next telling, or until the time is over."""
        try:
            await asyncio.wait_for(self._next.wait(), at_most_s)
        except TimeoutError:
            return
