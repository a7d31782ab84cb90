"""What is timed of an adapter and of a bare library alike."""

from __future__ import annotations

from abc import ABC, abstractmethod

QUANTITY = 20_000
WITHIN_S = 10.0


class Side(ABC):
    """A session before the gateway simulator. Orders buy and sell in turn."""

    def __init__(self, library: str) -> None:
        self.library = library

    @abstractmethod
    async def connect(self, port: int, client_id: int) -> None:
        """Open the session, and follow the prices."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the next order, which is not timed."""

    @abstractmethod
    async def order(self) -> None:
        """Send a market order, until its execution is heard."""

    @abstractmethod
    async def sees(self, bid: float) -> None:
        """Read a quote with this bid, once the gateway has told its time behind it. Raises RuntimeError for another."""

    @abstractmethod
    async def executions(self) -> None:
        """Ask for all executions of the day."""

    @abstractmethod
    async def disconnect(self) -> None:
        """End the session."""


def require_bid(seen: float, bid: float) -> None:
    """Raises RuntimeError where a price is not the one that was told."""
    if seen != bid:
        raise RuntimeError(f"the bid is {seen}, not {bid}")
