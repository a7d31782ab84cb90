"""An executor at work: what both the long-lived process and a one-shot command do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from phoenix.application.decisions import NEED_FRESH_BOOKS
from phoenix.application.watch.workers import Worker
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.position import LegState
from phoenix.ports.broker import SimulatedBroker
from phoenix.ports.checkpoints import Checkpoint
from phoenix.runtime.faults.wrappers import with_faults_in_checkpoints
from phoenix.runtime.process.checkpointing import Checkpoints
from phoenix.runtime.process.opening import Parts
from phoenix.runtime.process.status_board import StatusBoard

_SHORTEST_S = 0.002
"""A sleep that is over before it began would leave no time for anything else."""


def _awaits_word(leg: LegState) -> bool:
    return not leg.is_acknowledged or leg.cancel_requested_at is not None


class RunningExecutor:
    """Starts an executor, lets it live turn by turn, and lets it go. The caller holds the executor's lock."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.executor = parts.executor
        self.board = StatusBoard(parts)
        self._simulated = parts.broker if isinstance(parts.broker, SimulatedBroker) else None
        self._wake = asyncio.Event()
        parts.events.wake_with(self._wake.set)
        taken = parts.window.checkpoint
        self._checkpoints = Checkpoints(
            parts.store, with_faults_in_checkpoints(parts.checkpoints, parts.faults), parts.home.settings.checkpoints,
            parts.ids, 0 if taken is None else taken.seq, parts.clock.now() if taken is None else taken.taken_at,
        )  # fmt: skip

    async def start(self) -> None:
        """Connect, recover, register the configured strategies, and do what fell due meanwhile.

        A simulated broker first lives through the time that nobody was here; a real one has, and its books are read
        before any timer is looked at.
        """
        self.parts.courier.wake_with(self._waker())
        self._live_on()
        await self.executor.start(self.parts.home.settings.document())
        known = self.executor.state.strategies
        for strategy_id, description in sorted(self.parts.home.settings.strategies.items()):
            if strategy_id not in known:
                await self.executor.register_strategy(strategy_id, description, SYSTEM)
        await self.parts.neighbours.start()
        await self.turn()

    async def turn(self) -> None:
        """Take in what the broker said, what other processes appended, and what has fallen due.

        Raises StoreUnavailable where another process may be the executor by now, and WorkerDied.
        """
        self.parts.lock.require_held()
        workers = self.parts.workers
        with workers.turn_of(Worker.BROKER):
            self._live_on()
            await self.executor.pump()
        with workers.turn_of(Worker.REQUESTS):
            await self.executor.catch_up()
        with workers.turn_on_time():
            await self.executor.on_time()
        with workers.turn_of(Worker.NEIGHBOURS):
            await self.parts.neighbours.turn(self.parts.clock.now())
        with workers.turn_of(Worker.BROKER):
            self._live_on()
            await self.executor.pump()

    async def decide(self, decision: DecisionPayload, signer: Signer) -> None:
        """Carry out a decision of this process; about what the broker has, it is asked anew. Raises the refusal."""
        if decision.kind in NEED_FRESH_BOOKS:
            await self.executor.read_books()
        await self.executor.decide(decision, signer)

    async def leave(self, reason: str) -> None:
        """Wait a little for alerts that are on their way, let go of the broker session, cover the chain with a
        checkpoint, and keep a snapshot for the next start.

        What works at the broker goes on.
        """
        await self.parts.neighbours.turn(self.parts.clock.now())
        await self.wait_for_alerts(self.parts.home.settings.alerts.leave_s)
        quotes = await self.board.quotes()
        await self.executor.leave(reason)
        self.checkpoint()
        self.parts.snapshots.keep()
        self.board.write(quotes)

    def checkpoint(self) -> Checkpoint:
        """Take a checkpoint now."""
        return self._checkpoints.take(self.parts.clock.now())

    def checkpoint_if_due(self) -> None:
        """Take a checkpoint, and keep a snapshot for the next start, where they are due."""
        self._checkpoints.take_if_due(self.parts.clock.now())
        self.parts.snapshots.keep_if_due()

    def wakes_at(self) -> datetime | None:
        """The next instant at which a timer or the simulated broker has something to do."""
        candidates = [self.executor.next_due(), self.parts.workers.next_due()]
        if self._simulated is not None:
            candidates.append(self._simulated.next_due())
        return min((instant for instant in candidates if instant is not None), default=None)

    async def stay(self) -> None:
        """Stay for what follows at once, such as the broker's first word on an order, within `commands.linger_s`."""
        clock = self.parts.clock
        until = clock.now() + timedelta(seconds=self.parts.home.settings.commands.linger_s)
        await self.turn()
        while self.awaits_first_word and clock.now() < until:
            await self.sleep((until - clock.now()).total_seconds())
            await self.turn()

    async def sleep(self, at_most_s: float) -> None:
        """Sleep until the broker says something, something falls due, `wake` is called, or the time is over."""
        due = self.wakes_at()
        pause_s = at_most_s if due is None else min(at_most_s, (due - self.parts.clock.now()).total_seconds())
        try:
            await asyncio.wait_for(self._wake.wait(), max(_SHORTEST_S, pause_s))
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    def wake(self) -> None:
        """End a sleep, the present one or the next."""
        self._wake.set()

    @property
    def awaits_first_word(self) -> bool:
        """Whether an order that was sent, or a cancel, has not been answered by the broker yet."""
        living = self.executor.state.positions.values()
        return any(leg.is_alive and _awaits_word(leg) for position in living for leg in position.legs)

    async def wait_for_alerts(self, for_s: float) -> None:
        """Stay for what comes of alerts that are on their way, for so long at most; the rest goes out later."""
        clock = self.parts.clock
        until = clock.now() + timedelta(seconds=for_s)
        await self.executor.pump()
        while self.executor.is_delivering and clock.now() < until:
            await self.sleep((until - clock.now()).total_seconds())
            await self.executor.pump()

    def _waker(self) -> Callable[[], None]:
        """A way to wake this from any thread, as long as it lives."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._wake.set)

        return wake

    def _live_on(self) -> None:
        if self._simulated is not None:
            self.parts.faults.reach("broker.advance.before")
            self._simulated.advance(self.parts.clock.now())
            self.parts.faults.reach("broker.advance.after")
