"""A command that is its own executor for a moment: take the lock, catch up, act, let go (SPEC 3.13)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from phoenix.runtime.home import Home
from phoenix.runtime.process.holding import held_parts
from phoenix.runtime.process.opening import Parts
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.saying import Say

R = TypeVar("R")
Act: TypeAlias = Callable[[RunningExecutor], Awaitable[R]]


def act_once(home: Home, command: str, act: Act[R], say: Say) -> R:
    """What `act` answers, done as the store's executor. `command` names this process to others.

    Raises ExecutorRunning, with nothing changed, while another process is the executor; whatever stops a start; and
    whatever `act` raises, after letting go in order.
    """
    with held_parts(home, command, say) as parts:
        return asyncio.run(_act(parts, command, act))


async def _act(parts: Parts, command: str, act: Act[R]) -> R:
    running = RunningExecutor(parts)
    await running.start()
    try:
        return await act(running)
    finally:
        await running.leave(f"{command} is done")
