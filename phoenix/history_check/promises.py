"""Keeps the promises that rules make, and calls those that were broken."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Promise

UNIT_OF_WORK_BEADS = 12
"""Beads of one unit of work follow each other: what must come with a bead comes within so many, or at its instant."""

ANYBODYS = frozenset({"SIGNAL", "STATE_ANCHOR", "DECISION", "KILL_FLAG"})
"""Beads that any process may append; they don't show that an executor lives (SPEC 11.3)."""


@dataclass(frozen=True, slots=True)
class Made:
    """A promise, by whom and at which bead."""

    invariant: str
    seq: int
    at: datetime
    promise: Promise


@dataclass(slots=True)
class Promises:
    """Promises by the instant they fall due, and those that hold for a unit of work. At `wakings` a suspended executor
    went on: nobody saw the time before."""

    tolerance: timedelta
    wakings: frozenset[datetime] = frozenset()
    _timed: list[tuple[datetime, int, Made]] = field(default_factory=list)
    _near: deque[Made] = field(default_factory=deque)
    _order: Iterator[int] = field(default_factory=count)
    _instant: datetime | None = None

    def make(self, made: Made) -> None:
        if made.promise.due is None:
            self._near.append(made)
        else:
            self._push(made.promise.due, made)

    def before(self, bead: Bead) -> Iterator[Made]:
        """Those broken by the time a bead was written. A start of the executor defers what fell due in its absence, and
        so does its waking up after it was suspended."""
        yield from self._near_before(bead)
        if bead.kind in ANYBODYS:
            return
        starts = bead.kind == "CONFIG_CHANGE" or (bead.kind == "BROKER_SESSION" and bead.event == "CONNECTED")
        starts = starts or bead.timestamp in self.wakings
        for due, made in self._due(bead.timestamp):
            if starts and not made.promise.off() and not made.promise.kept(due):
                self._push(bead.timestamp + timedelta(seconds=made.promise.grace_s), made)
            elif _is_broken(made, due + self.tolerance):
                yield made

    def _near_before(self, bead: Bead) -> Iterator[Made]:
        """Looked at between two instants only: within one, a later unit of work may have said half of what it says."""
        is_between = self._instant is None or self._instant < bead.timestamp
        self._instant = bead.timestamp
        while is_between and self._near and self._near[0].seq + UNIT_OF_WORK_BEADS < bead.seq:
            made = self._near.popleft()
            if _is_broken(made, bead.timestamp):
                yield made

    def at_end(self, ended_at: datetime) -> Iterator[Made]:
        """Those broken when the history ended. What was not due by then stays open."""
        for made in self._near:
            if _is_broken(made, ended_at):
                yield made
        for due, made in self._due(ended_at):
            if _is_broken(made, due + self.tolerance):
                yield made

    def _push(self, due: datetime, made: Made) -> None:
        heappush(self._timed, (due, next(self._order), made))

    def _due(self, now: datetime) -> Iterator[tuple[datetime, Made]]:
        late = []
        while self._timed and self._timed[0][0] + self.tolerance < now:
            due, _, made = heappop(self._timed)
            late.append((due, made))
        return iter(late)


def _is_broken(made: Made, until: datetime) -> bool:
    return not made.promise.off() and not made.promise.kept(until)
