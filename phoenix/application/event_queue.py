"""What the broker has said and nobody has taken in yet, in the order it was said."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.ports.broker_events import BrokerEvent


def _nobody() -> None:
    """Nobody waits."""


class EventQueue:
    """The sink that a broker is given; the executor takes everything in at once, in one unit of work."""

    def __init__(self) -> None:
        self._waiting: list[BrokerEvent] = []
        self._wake: Callable[[], None] = _nobody

    def __call__(self, event: BrokerEvent) -> None:
        self._waiting.append(event)
        self._wake()

    def wake_with(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever an event arrives, for a loop that sleeps meanwhile."""
        self._wake = wake

    def __len__(self) -> int:
        return len(self._waiting)

    def waiting(self) -> tuple[BrokerEvent, ...]:
        """Everything that waits, oldest first."""
        return tuple(self._waiting)

    def drop(self, count: int) -> None:
        """Forget the oldest events, which have been taken in durably by now."""
        del self._waiting[:count]
