"""The bead store port: units of work over an append-only chain (SPEC 4, 11.5)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, Protocol, TypeVar

from phoenix.domain.beads.catalogue import Key, story_of
from phoenix.domain.beads.envelope import Bead, BeadType, SealedBead

S = TypeVar("S")
R = TypeVar("R")
S_co = TypeVar("S_co", covariant=True)


class Lookup(Protocol):
    """Finds what is no longer in the folded state. Answers are as of the unit of work it belongs to."""

    def find(self, key: Key) -> Bead | None:
        """The bead that bears a unique key, or None when there surely is none."""

    def story(self, position_id: str) -> Sequence[Bead]:
        """Every bead of one position, oldest first."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last place of the chain: 0 and the genesis hash when it is empty."""

    seq: int
    bead_hash: bytes


@dataclass(frozen=True, slots=True)
class View(Generic[S]):
    """What a unit of work sees: the state folded from every bead up to `head`, and the way to older ones."""

    state: S
    lookup: Lookup
    head: Head


@dataclass(frozen=True, slots=True)
class Proposal(Generic[R]):
    """What a unit of work wants to append, and what it answers once that is durable."""

    beads: Sequence[Bead]
    result: R


@dataclass(frozen=True, slots=True)
class FoldedProposal(Proposal[R], Generic[R, S]):
    """A proposal whose work has folded its beads already: `state` is what the store's own fold makes of them."""

    state: S


@dataclass(frozen=True, slots=True)
class Committed(Generic[R]):
    """A unit of work that is durable. `sealed` are its beads at their places in the chain."""

    result: R
    sealed: tuple[SealedBead, ...]


@dataclass(frozen=True, slots=True)
class Fold(Generic[S]):
    """How state comes from beads."""

    initial: S
    evolve: Callable[[S, Bead], S]

    def behind(self, state: S, proposal: Proposal[Any]) -> S:
        """The state behind a proposal's beads, which is not worked out again where the proposal brings it along."""
        if isinstance(proposal, FoldedProposal):
            folded: S = proposal.state
            return folded
        return reduce(self.evolve, proposal.beads, state)


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of walking the chain. `first_bad_seq` names the first bead that is not what it should be."""

    checked: int
    head: Head
    first_bad_seq: int | None
    problem: str | None

    @property
    def ok(self) -> bool:
        return self.first_bad_seq is None


class BeadStore(ABC, Generic[S]):
    """An append-only chain with a state folded from it.

    `transact` may be called from several threads and processes; units of work happen one after another, and several
    may share one commit. The claim office of the store holds a claim for every token use committed by this process.
    """

    @abstractmethod
    def transact(self, work: Callable[[View[S]], Proposal[R]]) -> Committed[R]:
        """Run `work` on the current state and append what it proposes, durably, or nothing at all.

        `work` must be pure: it may be run again. Raises StoreConflict when a unique key is taken, StoreUnavailable or
        StoreCorrupt; whatever `work` raises passes through and leaves nothing behind.
        """

    @abstractmethod
    def view(self) -> View[S]:
        """The current state, caught up with what other processes committed."""

    @abstractmethod
    def head(self) -> Head: ...

    @abstractmethod
    def read(self, after_seq: int = 0, limit: int | None = None) -> Iterator[SealedBead]:
        """Committed beads in order, starting behind `after_seq`. Raises StoreCorrupt for one that does not decode."""

    def read_of(self, kinds: Collection[BeadType], after_seq: int = 0) -> Iterator[SealedBead]:
        """As `read`, beads of some types only; the others need not be decoded."""
        return (item for item in self.read(after_seq) if item.bead.payload.bead_type in kinds)

    def read_story(self, position_id: str) -> Iterator[SealedBead]:
        """The beads of one position in order; the others need not be looked at."""
        return (item for item in self.read() if story_of(item.bead.payload) == position_id)

    @abstractmethod
    def verify(self, *, thorough: bool = True) -> Verification:
        """Walk the whole chain: hashes, links, gaps and, if thorough, every decoded bead against columns and keys."""

    @abstractmethod
    def close(self) -> None: ...
