"""What happens beside the executor of a scenario: another process at the same store, another executor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.state import State
from phoenix.ports.claims import Claim, ClaimOffice
from phoenix.ports.store import Committed, Fold, Proposal, View
from phoenix.rehearsal.other_process import title

R = TypeVar("R")


class ForgetfulStore(MemoryStore[State]):
    """A store whose folded state can be made to stay behind its beads."""

    memory: State | None = None

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        if self.memory is None:
            return super().transact(work)
        old = self.memory
        return super().transact(lambda view: work(View(old, view.lookup, view.head)))


class CommitLog(MemoryStore[State]):
    """A store that remembers which beads came together. A bead reads TYPE(EVENT), or TYPE(STATE) for a position."""

    def __init__(self, fold: Fold[State], office: ClaimOffice) -> None:
        super().__init__(fold, office)
        self.commits: list[list[str]] = []

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        committed = super().transact(work)
        self.commits.append([title(sealed.bead.payload) for sealed in committed.sealed])
        return committed


class ClaimKeeper(ClaimOffice):
    """Keeps a hold of every claim on its way to the office."""

    def __init__(self, office: ClaimOffice) -> None:
        super().__init__()
        self._office = office
        self.kept: list[Claim] = []

    def issue(self, claim: Claim) -> Claim:
        self.kept.append(claim)
        return self._office.issue(claim)


class ProcessDied(BaseException):
    """The process is gone between two instructions."""


class MortalStore(SqliteStore[State]):
    """A store in whose process nothing runs any more once an order attempt is durable."""

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        committed = super().transact(work)
        if any(title(sealed.bead.payload) == "ORDER(PREPARED)" for sealed in committed.sealed):
            raise ProcessDied
        return committed


def at_the_same_moment(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Carry out acts in a thread each, let go together. Answers what each came to, errors included, in order."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        running = [threads.submit(run, act) for act in acts]
    return [one.exception() or one.result() for one in running]
