"""Driving the executor through simulated time: broker events and due timers, merged by their instants (SPEC 11.2)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from phoenix.application.executor import Executor
from phoenix.ports.broker import SimulatedBroker

R = TypeVar("R")


def run_now(coroutine: Coroutine[Any, Any, R]) -> R:
    """The result of a coroutine that never waits, as all of them are over a simulated broker."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: R = done.value
        return result
    coroutine.close()
    raise RuntimeError("a simulated step tried to wait for something real")


class Simulation:
    """Moves one clock, one simulated broker and one executor forward together. Nothing sleeps."""

    def __init__(
        self, executor: Executor, broker: SimulatedBroker, now: Callable[[], datetime],
        advance_clock: Callable[[datetime], None],
    ) -> None:  # fmt: skip
        self.executor = executor
        self._broker = broker
        self._now = now
        self._advance_clock = advance_clock

    def advance(self, until: datetime) -> None:
        """Live through everything due up to and including `until`: the broker's events first, then timers.

        What the broker said and could not be made durable before is taken in as well.
        """
        while (due := self._next_due()) is not None and due <= until:
            self._step(max(due, self._now()))
        self._advance_clock(max(until, self._now()))
        self._broker.advance(self._now())
        run_now(self.executor.pump())

    def _step(self, instant: datetime) -> None:
        self._advance_clock(instant)
        self._broker.advance(instant)
        run_now(self.executor.pump())
        run_now(self.executor.on_time())

    def _next_due(self) -> datetime | None:
        candidates = (self._broker.next_due(), self.executor.next_due())
        return min((instant for instant in candidates if instant is not None), default=None)
