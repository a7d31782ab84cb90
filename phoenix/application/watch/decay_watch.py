"""Shows the chain to whoever watches for decay, and takes in what is said."""

from __future__ import annotations

from phoenix.application.executor import Executor
from phoenix.application.inputs import DecayRead
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.ports.decay import DecaySource
from phoenix.ports.store import BeadStore


class DecayWatch:
    """Takes a turn whenever its driver does. After a start the source is shown everything again."""

    def __init__(self, store: BeadStore[State], source: DecaySource, executor: Executor) -> None:
        self._store = store
        self._source = source
        self._executor = executor
        self._place = 0

    async def turn(self) -> None:
        """Show what is new, and record what is said of it. What is refused is on record, and stops nothing."""
        head = self._store.head().seq
        if head == self._place:
            return
        for sealed in self._store.read_of(self._source.kinds, self._place):
            self._source.observe(sealed.bead)
        self._place = head
        for reading in self._source.readings():
            try:
                await self._executor.take(DecayRead(reading))
            except Refused:
                continue
