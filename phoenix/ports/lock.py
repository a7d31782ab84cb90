"""One executor to a store: who holds its lock, and nobody else (SPEC 3.13)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from phoenix.domain.instants import instant_text
from phoenix.ports.errors import ExecutorRunning


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the lock. `command` says in a word what it does, such as serve."""

    pid: int
    host: str
    user: str
    command: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.command} (process {self.pid} of {self.user} on {self.host}) since {instant_text(self.since)}"


class ExecutorLock(ABC):
    """Held for the life of a process or of its connection. It is never taken over by a time-out: a holder that died
    has let go, and one that is slow has not."""

    @abstractmethod
    def take(self, holder: Holder) -> None:
        """Take the lock. Raises ExecutorRunning, naming who holds it since when, and changes nothing then."""

    @abstractmethod
    def release(self) -> None:
        """Let go; harmless when the lock is not held here."""

    @abstractmethod
    def require_held(self) -> None:
        """Raises StoreUnavailable where this lock is not what keeps others out any more, so that they may be at work.

        The holder must then end: what it does next could be done twice.
        """

    @abstractmethod
    def holder(self) -> Holder | None:
        """Who holds the lock this instant, here or elsewhere; None while nobody does."""


def refused(holder: Holder | None) -> ExecutorRunning:
    """The error for a second executor."""
    who = "a process that has not given its name" if holder is None else str(holder)
    return ExecutorRunning(
        f"this store has its executor: {who}. Nothing was changed. Let it work, or stop it before starting another"
    )
