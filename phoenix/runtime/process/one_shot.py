"""A command that is its own executor for a moment: take the lock, catch up, act, let go (SPEC 3.13)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from phoenix.ports.errors import NotYetKnown, StoreError
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
    whatever `act` raises, after letting go in order. Where the store fails with part of it on record, NotYetKnown.
    """
    with held_parts(home, command, say) as parts:
        return asyncio.run(_act(parts, command, act))


async def _act(parts: Parts, command: str, act: Act[R]) -> R:
    running = RunningExecutor(parts)
    await running.start()
    head_seq, has_stored = parts.store.head().seq, False
    try:
        try:
            return await act(running)
        finally:
            has_stored = _has_grown(parts, head_seq)
            await running.leave(f"{command} is done")
    except StoreError as error:
        if has_stored:
            raise _not_yet_known(error) from error
        raise


def _has_grown(parts: Parts, head_seq: int) -> bool:
    """Whether anything was put on record since. A store that cannot even say may have taken something."""
    try:
        return parts.store.head().seq != head_seq
    except StoreError:
        return True


def _not_yet_known(error: StoreError) -> NotYetKnown:
    """The error speaks of the last unit of work; an order may have been sent after one that was stored."""
    return NotYetKnown(
        f"{error}. That goes for the last step alone: what was put on record before it stands, and an order may have "
        "been sent. Put the store right, then look before deciding again: phoenix status, phoenix positions"
    )
