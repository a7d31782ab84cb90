"""An executor at work: what both the long-lived process and a one-shot command do with it."""

from __future__ import annotations

from datetime import datetime

from phoenix.domain.beads.envelope import SYSTEM
from phoenix.domain.timers import next_due
from phoenix.domain.vocabulary import DecisionKind
from phoenix.ports.broker import SimulatedBroker
from phoenix.ports.checkpoints import Checkpoint
from phoenix.runtime.checkpointing import Checkpoints
from phoenix.runtime.fault_wrappers import with_faults_in_checkpoints
from phoenix.runtime.opening import Parts

_NEED_FRESH_BOOKS = frozenset({DecisionKind.ATTEST_ABSENT, DecisionKind.BIND, DecisionKind.ADOPT})
"""Decisions about what the broker has; it is asked anew before they are answered."""


class RunningExecutor:
    """Starts an executor, lets it live turn by turn, and lets it go. The caller holds the executor's lock."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.executor = parts.executor
        self._simulated = parts.broker if isinstance(parts.broker, SimulatedBroker) else None
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
        self._live_on()
        await self.executor.start(self.parts.home.settings.document())
        known = self.executor.state.strategies
        for strategy_id, description in sorted(self.parts.home.settings.strategies.items()):
            if strategy_id not in known:
                await self.executor.register_strategy(strategy_id, description, SYSTEM)
        await self.turn()

    async def turn(self) -> None:
        """Take in what the broker said, what other processes appended, and what has fallen due."""
        self._live_on()
        await self.executor.pump()
        if any(pending.payload.kind in _NEED_FRESH_BOOKS for pending in self.executor.state.decisions.values()):
            await self.executor.read_books()
        await self.executor.catch_up()
        await self.executor.on_time()
        self._live_on()
        await self.executor.pump()

    async def leave(self, reason: str) -> None:
        """Let go of the broker session and cover the chain with a checkpoint. What works at the broker goes on."""
        await self.executor.leave(reason)
        self.checkpoint()

    def checkpoint(self) -> Checkpoint:
        """Take a checkpoint now."""
        return self._checkpoints.take(self.parts.clock.now())

    def checkpoint_if_due(self) -> None:
        self._checkpoints.take_if_due(self.parts.clock.now())

    def wakes_at(self) -> datetime | None:
        """The next instant at which a timer or the simulated broker has something to do."""
        candidates = [next_due(self.executor.state, self.parts.policy)]
        if self._simulated is not None:
            candidates.append(self._simulated.next_due())
        return min((instant for instant in candidates if instant is not None), default=None)

    def _live_on(self) -> None:
        if self._simulated is not None:
            self.parts.faults.reach("broker.advance.before")
            self._simulated.advance(self.parts.clock.now())
            self.parts.faults.reach("broker.advance.after")
