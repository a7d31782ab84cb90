"""Watches over the workers from beside them: one that waits for something that never comes stops no watchdog."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from phoenix.application.inputs import WorkerEnded, WorkerLate
from phoenix.application.watch.workers import WorkerDied
from phoenix.runtime.process.running import RunningExecutor

_EVERY_S = 1.0
_LOOK_S = 0.05


class Watchdog:
    """Tells of a worker that is late once for each time that it is, and shows it in the status."""

    def __init__(self, running: RunningExecutor) -> None:
        self._running = running
        self._parts = running.parts
        self._told: frozenset[str] = frozenset()

    def look(self) -> None:
        """See who is late now. Raises StoreError where that cannot be put on record."""
        now = self._parts.clock.now()
        late = self._parts.workers.lateness(now)
        for worker in sorted(late.keys() - self._told):
            self._parts.say(f"{worker} is late: {late[worker]}")
            self._parts.executor.tell(WorkerLate(worker, late[worker]))
        if late:
            self._parts.executor.hand_out()
            self._running.board.write_again()
        self._told = frozenset(late)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), _EVERY_S)
            self.look()


async def tell_of_death(running: RunningExecutor, death: WorkerDied) -> None:
    """Put on record what a worker died of, and stay until that has gone out, or for as long as alerts are waited for.

    Nothing else is done any more. Raises StoreError.
    """
    parts = running.parts
    parts.executor.tell(WorkerEnded(death.worker, death.detail))
    until = parts.clock.now().timestamp() + parts.home.settings.alerts.leave_s
    while parts.executor.is_delivering and parts.clock.now().timestamp() < until:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), _LOOK_S)
        parts.executor.hand_out()
