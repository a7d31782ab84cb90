"""Group commit: units of work that wait at the same time share one commit.

The first thread to come leads: it carries out its own unit and all that wait by then, while the others sleep. When it
is done, the next one waiting leads. No thread is started here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock, get_ident
from typing import Any, Generic, TypeAlias, TypeVar

from phoenix.ports.errors import StoreError, StoreUnavailable
from phoenix.ports.store import Committed, Proposal, View

S = TypeVar("S")
R = TypeVar("R")

BATCH_MAX = 256


class Unit(Generic[S]):
    """One unit of work and what became of it. Exactly one of `committed` and `error` is set once it is settled."""

    __slots__ = ("_wake", "committed", "error", "is_to_lead", "work")

    def __init__(self, work: Callable[[View[S]], Proposal[Any]]) -> None:
        self.work = work
        self.committed: Committed[Any] | None = None
        self.error: Exception | None = None
        self.is_to_lead = False
        self._wake = Lock()
        self._wake.acquire()

    def wait(self) -> None:
        """Sleep until the unit is settled or its thread is to lead."""
        self._wake.acquire()

    def wake(self) -> None:
        self._wake.release()

    @property
    def is_settled(self) -> bool:
        return self.committed is not None or self.error is not None


Fetch: TypeAlias = Callable[[], Sequence[Unit[S]]]


class GroupCommit(Generic[S]):
    """Hands units of work, in the order they came, to `carry_out`, one batch at a time.

    `carry_out` is given a function that answers the batch, so that it can call it as late as possible: once the write
    lock is held. It must settle every unit.
    """

    def __init__(self, carry_out: Callable[[Fetch[S]], None]) -> None:
        self._carry_out = carry_out
        self._mutex = Lock()
        self._waiting: list[Unit[S]] = []
        self._is_led = False
        self._leader: int | None = None

    @property
    def waiting(self) -> int:
        """How many units wait for the next batch."""
        with self._mutex:
            return len(self._waiting)

    def submit(self, work: Callable[[View[S]], Proposal[R]]) -> Committed[R]:
        """What became of a unit of work; raises what it, or its commit, raised."""
        unit: Unit[S] = Unit(work)
        self._enter(unit)
        if not unit.is_to_lead:
            self._wait(unit)
        if unit.is_to_lead:
            self._lead()
        if unit.committed is None:
            raise unit.error or StoreError("the unit of work was left behind; nothing was stored")
        return unit.committed

    def _enter(self, unit: Unit[S]) -> None:
        with self._mutex:
            if self._leader == get_ident():
                raise StoreError(
                    "a unit of work may not start another one; nothing was stored. Propose all beads in one"
                )
            self._waiting.append(unit)
            if not self._is_led:
                self._appoint()

    def _wait(self, unit: Unit[S]) -> None:
        was_woken = False
        try:
            unit.wait()
            was_woken = True
        finally:
            if not was_woken:
                self._abandon(unit)

    def _abandon(self, unit: Unit[S]) -> None:
        """Withdraw a unit whose thread was interrupted, so that nobody waits for it to lead."""
        with self._mutex:
            if unit in self._waiting:
                self._waiting.remove(unit)
            successor = self._appoint() if unit.is_to_lead else None
        if successor is not None:
            successor.wake()

    def _lead(self) -> None:
        self._leader = get_ident()
        batch: list[Unit[S]] = []

        def fetch() -> Sequence[Unit[S]]:
            with self._mutex:
                batch.extend(self._waiting[:BATCH_MAX])
                del self._waiting[:BATCH_MAX]
            return batch

        try:
            self._carry_out(fetch)
        finally:
            self._hand_on(batch or fetch())

    def _hand_on(self, batch: Sequence[Unit[S]]) -> None:
        """Wake everybody who was served, and let the next one in line lead.

        The next leader wakes last, so that those who come again at once are in its batch rather than behind it.
        """
        with self._mutex:
            self._leader = None
            successor = self._appoint()
        for unit in batch:
            if not unit.is_settled:
                unit.error = StoreUnavailable(
                    "the commit was interrupted; whether it was stored is not known. Look it up in the store"
                )
            unit.wake()
        if successor is not None:
            successor.wake()

    def _appoint(self) -> Unit[S] | None:
        """Make the first unit in line the next to lead. The mutex is held."""
        self._is_led = bool(self._waiting)
        if not self._waiting:
            return None
        self._waiting[0].is_to_lead = True
        return self._waiting[0]
