"""The chain in memory: the same contract, without durability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import RLock
from typing import TypeVar

from phoenix.adapters.store.chain import GENESIS, KeyRow, KeyValues, Row, head_behind, key_rows_of, rows_of, seal
from phoenix.adapters.store.claims import claims_in
from phoenix.adapters.store.verification import verify_contents, verify_links
from phoenix.domain.beads.catalogue import Key, story_of
from phoenix.domain.beads.envelope import Bead, SealedBead
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreConflict, StoreError, StoreUnavailable
from phoenix.ports.store import BeadStore, Committed, Fold, Head, Proposal, Verification, View

S = TypeVar("S")
R = TypeVar("R")


class MemoryStore(BeadStore[S]):
    """A bead store that lives and dies with its process; for tests, demonstrations and benchmarks."""

    def __init__(self, fold: Fold[S], office: ClaimOffice) -> None:
        self._fold = fold
        self._office = office
        self._state = fold.initial
        self._sealed: list[SealedBead] = []
        self._keys: dict[tuple[str, str], int] = {}
        self._bead_ids: set[str] = set()
        self._stories: dict[str, list[int]] = defaultdict(list)
        self._lock = RLock()
        self._is_open = True
        self._is_working = False

    def transact(self, work: Callable[[View[S]], Proposal[R]]) -> Committed[R]:
        with self._lock:
            view = self.view()
            proposal = self._carry_out(work, view)
            sealed = seal(proposal.beads, self.head())
            keys = key_rows_of(sealed)
            self._refuse_taken(sealed, keys)
            self._append(sealed, keys, self._fold.behind(view.state, proposal))
            return Committed(proposal.result, sealed)

    def view(self) -> View[S]:
        with self._lock:
            self._require_open()
            lookup = _MemoryLookup(self._sealed, self._keys, self._stories, len(self._sealed))
            return View(self._state, lookup, head_behind(self._sealed[-1:], GENESIS))

    def head(self) -> Head:
        with self._lock:
            self._require_open()
            return head_behind(self._sealed[-1:], GENESIS)

    def read(self, after_seq: int = 0, limit: int | None = None) -> Iterator[SealedBead]:
        self._require_open()
        end = len(self._sealed) if limit is None else after_seq + limit
        return iter(self._sealed[after_seq:end])

    def verify(self, *, thorough: bool = True) -> Verification:
        rows = map(Row._make, rows_of(self.read()))
        if not thorough:
            return verify_links(rows)
        keys = (KeyRow(kind, value, seq) for (kind, value), seq in self._keys.items())
        return verify_contents(rows, sorted(keys, key=lambda key: key.seq))

    def close(self) -> None:
        self._is_open = False

    def _carry_out(self, work: Callable[[View[S]], Proposal[R]], view: View[S]) -> Proposal[R]:
        if self._is_working:
            raise StoreError("a unit of work may not start another one; nothing was stored. Propose all beads in one")
        self._is_working = True
        try:
            return work(view)
        finally:
            self._is_working = False

    def _require_open(self) -> None:
        if not self._is_open:
            raise StoreUnavailable("the store is closed; nothing was stored. Open it again")

    def _refuse_taken(self, sealed: Sequence[SealedBead], keys: Sequence[KeyValues]) -> None:
        own_keys: set[tuple[str, str]] = set()
        for kind, value, _ in keys:
            if (kind, value) in self._keys or (kind, value) in own_keys:
                raise StoreConflict(kind, value)
            own_keys.add((kind, value))
        own_ids: set[str] = set()
        for item in sealed:
            if item.bead.bead_id in self._bead_ids or item.bead.bead_id in own_ids:
                raise StoreConflict("bead_id", item.bead.bead_id)
            own_ids.add(item.bead.bead_id)

    def _append(self, sealed: Sequence[SealedBead], keys: Sequence[KeyValues], state: S) -> None:
        self._sealed.extend(sealed)
        self._keys.update({(kind, value): seq for kind, value, seq in keys})
        for item in sealed:
            self._bead_ids.add(item.bead.bead_id)
            story = story_of(item.bead.payload)
            if story is not None:
                self._stories[story].append(item.seq)
        self._state = state
        for claim in claims_in(sealed):
            self._office.issue(claim)


class _MemoryLookup:
    """Finds beads up to the place the chain had when the view was made."""

    def __init__(
        self,
        sealed: Sequence[SealedBead],
        keys: Mapping[tuple[str, str], int],
        stories: Mapping[str, Sequence[int]],
        last_seq: int,
    ) -> None:
        self._sealed = sealed
        self._keys = keys
        self._stories = stories
        self._last_seq = last_seq

    def find(self, key: Key) -> Bead | None:
        seq = self._keys.get((key.kind, key.value))
        return None if seq is None or seq > self._last_seq else self._sealed[seq - 1].bead

    def story(self, position_id: str) -> Sequence[Bead]:
        return tuple(self._sealed[seq - 1].bead for seq in self._stories.get(position_id, ()) if seq <= self._last_seq)
