"""What the broker has said and nobody has taken in yet, in the order it was said."""

from __future__ import annotations

from phoenix.ports.broker_facts import BrokerEvent


class EventQueue:
    """The sink that a broker is given; the executor takes everything in at once, in one unit of work."""

    def __init__(self) -> None:
        self._waiting: list[BrokerEvent] = []

    def __call__(self, event: BrokerEvent) -> None:
        self._waiting.append(event)

    def __len__(self) -> int:
        return len(self._waiting)

    def waiting(self) -> tuple[BrokerEvent, ...]:
        """Everything that waits, oldest first."""
        return tuple(self._waiting)

    def drop(self, count: int) -> None:
        """Forget the oldest events, which have been taken in durably by now."""
        del self._waiting[:count]
