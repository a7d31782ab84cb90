"""What is said, when, and whether anybody hears it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from phoenix.adapters.simulation.agenda import Agenda, Task
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.orders import Order

Listener: TypeAlias = Callable[[Message], None]
BeforeTelling: TypeAlias = Callable[[], None]
"""Called before each message is handed over: what it tells of must outlive the process by then."""


class Delivery:
    """Hands messages to the listener in order. What is said while the line is down is lost."""

    def __init__(self, agenda: Agenda, listener: Listener, before_telling: BeforeTelling) -> None:
        self._agenda = agenda
        self._listener = listener
        self._before_telling = before_telling
        self._outbox: deque[Message] = deque()
        self._is_delivering = False
        self.clients: set[int] = set()
        self.upstream_is_up = True
        self.socket_is_up = True

    @property
    def is_heard(self) -> bool:
        return bool(self.clients) and self.upstream_is_up

    def about(self, order: Order, message: Message, now: datetime) -> None:
        """Say something of an order, now or when what is said of it is no longer held."""
        if order.fate.is_unheard:
            return
        if order.hold_until is not None and now < order.hold_until:
            self._agenda.put(order.hold_until, Task.DELIVER, message=message)
        else:
            self.say(message)

    def say(self, message: Message) -> None:
        """Say something now."""
        if self.upstream_is_up and self.clients:
            self._outbox.append(message)

    def note_locally(self, message: Message) -> None:
        """Tell what a client notices by itself, the line being down."""
        if self.clients:
            self._outbox.append(message)

    def flush(self) -> None:
        """Hand over what was said. A listener that acts on the broker meanwhile is served after that."""
        if self._is_delivering:
            return
        self._is_delivering = True
        try:
            while self._outbox:
                self._before_telling()
                self._listener(self._outbox.popleft())
        finally:
            self._is_delivering = False

    def forget(self) -> None:
        """Drop what was not handed over yet: it tells of something that did not come to stay."""
        self._outbox.clear()
