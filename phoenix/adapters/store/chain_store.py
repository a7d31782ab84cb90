"""The bead store over a database: sequencing, folding and claims are here, SQL is behind the chain ports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

from phoenix.adapters.store.chain import GENESIS, head_behind, key_rows_of, rows_of, seal, unseal, unseal_alone
from phoenix.adapters.store.chain_ports import ChainReader, ChainSource, ChainWriter, DurabilityLost
from phoenix.adapters.store.claims import claims_in
from phoenix.adapters.store.group_commit import Fetch, GroupCommit, Unit
from phoenix.adapters.store.verification import verify_all, verify_links
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead, BeadType, SealedBead
from phoenix.domain.errors import DomainError
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt, StoreError, StoreUnavailable
from phoenix.ports.store import BeadStore, Committed, Fold, Head, Proposal, Verification, View

S = TypeVar("S")
R = TypeVar("R")


class _Folded(NamedTuple, Generic[S]):
    """A state and the place in the chain up to which it was folded."""

    head: Head
    state: S


class ChainStore(BeadStore[S]):
    """A bead store over one writer and one source of the same database. Folds the whole chain when it is made."""

    def __init__(self, writer: ChainWriter, source: ChainSource, fold: Fold[S], office: ClaimOffice) -> None:
        self._writer = writer
        self._source = source
        self._fold = fold
        self._office = office
        self._group: GroupCommit[S] = GroupCommit(self._carry_out)
        self._publishing = Lock()
        self._failure: StoreError | None = None
        self._folded: _Folded[S] = self._caught_up(_Folded(GENESIS, fold.initial), source)

    def transact(self, work: Callable[[View[S]], Proposal[R]]) -> Committed[R]:
        self._require_usable()
        return self._group.submit(work)

    def view(self) -> View[S]:
        self._require_usable()
        folded = self._caught_up(self._folded, self._source)
        self._publish(folded)
        return View(folded.state, _Lookup(self._source, folded.head.seq), folded.head)

    def head(self) -> Head:
        self._require_usable()
        return self._source.head()

    def read(self, after_seq: int = 0, limit: int | None = None) -> Iterator[SealedBead]:
        self._require_usable()
        return map(unseal_alone, self._source.rows_behind(after_seq, limit))

    def read_of(self, kinds: Collection[BeadType], after_seq: int = 0) -> Iterator[SealedBead]:
        self._require_usable()
        wanted = {kind.value for kind in kinds}
        return (unseal_alone(row) for row in self._source.rows_behind(after_seq, None) if row.bead_type in wanted)

    def verify(self, *, thorough: bool = True) -> Verification:
        self._require_usable()
        with self._source.scan() as scan:
            return verify_all(scan) if thorough else verify_links(scan.rows())

    def close(self) -> None:
        """Close the store; whatever is asked of it afterwards is refused."""
        if self._failure is None:
            self._failure = StoreUnavailable("the store is closed; nothing was stored. Open it again")
        self._writer.close()
        self._source.close()

    def _require_usable(self) -> None:
        if self._failure is not None:
            raise _again(self._failure)

    def _carry_out(self, fetch: Fetch[S]) -> None:
        """Carry out a batch in one commit. When that fails, so does every unit that had not failed by itself."""
        try:
            self._require_usable()
            self._writer.begin()
            try:
                done = self._run(fetch())
            finally:
                self._writer.rollback()
        except StoreError as error:
            if isinstance(error, DurabilityLost | StoreCorrupt):
                self._failure = error
            for unit in fetch():
                unit.settle_unless_settled(_again(error))
            return
        for unit, committed in done:
            unit.committed = committed

    def _run(self, units: Sequence[Unit[S]]) -> list[tuple[Unit[S], Committed[Any]]]:
        folded = self._caught_up(self._folded, self._writer)
        done: list[tuple[Unit[S], Committed[Any]]] = []
        for unit in units:
            outcome = self._run_one(unit, folded, is_alone=len(units) == 1)
            if outcome is not None:
                committed, folded = outcome
                done.append((unit, committed))
        if any(committed.sealed for _, committed in done):
            self._writer.commit()
        self._publish(folded)
        for _, committed in done:
            for claim in claims_in(committed.sealed):
                self._office.issue(claim)
        return done

    def _run_one(self, unit: Unit[S], folded: _Folded[S], is_alone: bool) -> tuple[Committed[Any], _Folded[S]] | None:
        """Run one unit on what the former ones left. None when it failed, which concerns nobody else."""
        lookup = _Lookup(self._writer, folded.head.seq)
        try:
            proposal = unit.work(View(folded.state, lookup, folded.head))
            sealed = seal(proposal.beads, folded.head)
            state = folded.state
            for item in sealed:
                state = self._fold.evolve(state, item.bead)
            if sealed:
                self._writer.append(rows_of(sealed), key_rows_of(sealed), is_alone)
        except (StoreUnavailable, StoreCorrupt):
            raise
        except Exception as error:  # noqa: BLE001 - what the work raises goes to whoever brought it, on its own thread
            unit.error = error
            return None
        finally:
            lookup.end()
        return Committed(proposal.result, sealed), _Folded(head_behind(sealed, folded.head), state)

    def _caught_up(self, folded: _Folded[S], reader: ChainReader) -> _Folded[S]:
        """`folded` with what others committed since. Raises StoreCorrupt when the chain is not a continuation of it."""
        head, state = folded
        there = reader.head()
        if there == head:
            return folded
        if there.seq <= head.seq:
            raise StoreCorrupt(
                f"the chain ends at bead {there.seq}, but this process has seen another end at bead {head.seq}. "
                "Nothing was stored; the database was replaced or cut: verify it against its checkpoints"
            )
        for row in reader.rows_behind(head.seq):
            item = unseal(row, head)
            try:
                state = self._fold.evolve(state, item.bead)
            except DomainError as error:
                raise StoreCorrupt(f"bead {item.seq} contradicts those before it: {error}") from error
            head = Head(item.seq, item.bead_hash)
        return _Folded(head, state)

    def _publish(self, folded: _Folded[S]) -> None:
        with self._publishing:
            if folded.head.seq > self._folded.head.seq:
                self._folded = folded


def _again(error: StoreError) -> StoreError:
    """The same error for another thread or a later call, with a trace of its own."""
    return type(error)(str(error))


class _Lookup:
    """Finds beads as of one place in the chain."""

    def __init__(self, reader: ChainReader, last_seq: int) -> None:
        self._reader = reader
        self._last_seq = last_seq
        self._is_over = False

    def end(self) -> None:
        """From here on nothing is answered: the transaction that was looked into is no longer this one."""
        self._is_over = True

    def find(self, key: Key) -> Bead | None:
        self._require_current()
        row = self._reader.row_with(key, self._last_seq)
        return None if row is None else unseal_alone(row).bead

    def story(self, position_id: str) -> Sequence[Bead]:
        self._require_current()
        return tuple(unseal_alone(row).bead for row in self._reader.rows_of_story(position_id, self._last_seq))

    def _require_current(self) -> None:
        if self._is_over:
            raise StoreError("the unit of work that this look-up belongs to is over. Use the store's view instead")
