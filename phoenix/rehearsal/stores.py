"""Stores for what happens between two lines of the executor: files that several share, and hooks around a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.container import StoreFactory
from phoenix.domain.beads.envelope import Bead, SealedBead
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.state import State
from phoenix.domain.vocabulary import IntentKind, OrderEvent
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import BeadStore, Committed, Fold, Head, Proposal, Verification, View

R = TypeVar("R")
Hook = Callable[[Sequence[Bead]], None]


def nothing(_: Sequence[Bead]) -> None:
    """A hook that does nothing."""


class WatchedStore(BeadStore[State]):
    """A store that calls back with the beads of a unit of work just before they are durable, and just after."""

    def __init__(self, inner: BeadStore[State], before: Hook = nothing, after: Hook = nothing) -> None:
        self._inner = inner
        self._before = before
        self._after = after

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        def watched(view: View[State]) -> Proposal[R]:
            proposal = work(view)
            self._before(proposal.beads)
            return proposal

        committed = self._inner.transact(watched)
        self._after([sealed.bead for sealed in committed.sealed])
        return committed

    def view(self) -> View[State]:
        return self._inner.view()

    def head(self) -> Head:
        return self._inner.head()

    def read(self, after_seq: int = 0, limit: int | None = None) -> Iterator[SealedBead]:
        return self._inner.read(after_seq, limit)

    def verify(self, *, thorough: bool = True) -> Verification:
        return self._inner.verify(thorough=thorough)

    def close(self) -> None:
        self._inner.close()


def watched(inner: StoreFactory = MemoryStore, before: Hook = nothing, after: Hook = nothing) -> StoreFactory:
    """A factory of watched stores."""

    def create(fold: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        return WatchedStore(inner(fold, office), before, after)

    return create


def created_file(path: Path, kind: type[SqliteStore[State]] = SqliteStore) -> StoreFactory:
    """A new bead store in a file."""

    def create(fold: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        return kind.create(path, fold, office)

    return create


def opened_file(path: Path) -> StoreFactory:
    """An existing bead store in a file."""

    def open_store(fold: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        return SqliteStore.open(path, fold, office)

    return open_store


def is_event(bead: Bead, event: OrderEvent, kind: IntentKind | None = None) -> bool:
    """Whether a bead is an ORDER bead of this event, and of this kind of intent if one is named."""
    payload = bead.payload
    return (
        isinstance(payload, OrderPayload) and payload.event is event and (kind is None or payload.intent_kind is kind)
    )
