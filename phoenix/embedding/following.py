"""Following a chain on one event loop: everybody who follows is woken when there may be something new."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

from phoenix.domain.beads.envelope import BeadType, SealedBead
from phoenix.ports.store import BeadStore

_BATCH = 200
"""Beads that are read at one go."""


@dataclass(slots=True, eq=False)
class _Place:
    """Where a follower is: the last bead it was given."""

    seq: int


class Following:
    """All who follow one store, and all who wait for something that its beads will tell."""

    def __init__(self, store: BeadStore[Any]) -> None:
        self._store = store
        self._next = asyncio.Event()
        self._told_seq = 0
        self._followers: list[_Place] = []
        self._tail: list[SealedBead] | None = None

    @property
    def is_over(self) -> bool:
        """Whether the store is closed to followers, or about to be."""
        return self._tail is not None

    async def follow(self, after_seq: int, kinds: Collection[BeadType] | None) -> AsyncIterator[SealedBead]:
        """Beads behind a place, then new ones as they come, each once and in order, until it is over."""
        place = _Place(after_seq)
        self._followers.append(place)
        try:
            while batch := await self._next_beads(place):
                for item in batch:
                    place.seq = item.seq
                    if kinds is None or item.bead.payload.bead_type in kinds:
                        yield item
        finally:
            self._followers.remove(place)

    async def wait(self, at_most_s: float | None = None) -> None:
        """Wait until there may be something new, or the time is over."""
        try:
            await asyncio.wait_for(self._next.wait(), at_most_s)
        except TimeoutError:
            return

    def wake(self) -> None:
        """Have everybody who waits now look for themselves."""
        self._next.set()
        self._next = asyncio.Event()

    def wake_for_new_beads(self) -> None:
        """As `wake`, where there are any since the last time."""
        seq = self._store.head().seq
        if seq != self._told_seq:
            self._told_seq = seq
            self.wake()

    def end(self, *, in_order: bool) -> None:
        """It is over. In order, followers still get what they have not seen, however slow they are."""
        places = [place.seq for place in self._followers]
        self._tail = list(self._store.read(min(places))) if places and in_order else []
        self.wake()

    async def _next_beads(self, place: _Place) -> list[SealedBead]:
        """The next beads for a follower, waited for; none when there will be no more."""
        while self._tail is None:
            batch = list(self._store.read(place.seq, _BATCH))
            if batch:
                return batch
            await self.wait()
        return [item for item in self._tail if item.seq > place.seq]
