"""Real pauses, at the edge of the world: between two messages to a gateway, between two looks at a simulated one."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def pause(seconds: float) -> None:
    """Let others run for so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), max(seconds, 0.0))
