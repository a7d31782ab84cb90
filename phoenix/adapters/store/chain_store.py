"""The bead store over a database: sequencing, folding and claims are here, SQL is behind the chain ports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from phoenix.adapters.store.batch import Batch
from phoenix.adapters.store.chain import GENESIS, head_behind, key_rows_of, rows_of, seal, unseal, unseal_alone
from phoenix.adapters.store.chain_ports import ChainReader, ChainSource, ChainWriter, DurabilityLost
from phoenix.adapters.store.claims import claims_in
from phoenix.adapters.store.group_commit import Fetch, GroupCommit, Unit
from phoenix.adapters.store.lookup import StoredLookup, UnitLookup
from phoenix.adapters.store.snapshot_fit import require_in_chain
from phoenix.adapters.store.verification import verify_all, verify_links
from phoenix.domain.beads.envelope import BeadType, SealedBead
from phoenix.domain.errors import DomainError
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreConflict, StoreCorrupt, StoreError, StoreUnavailable
from phoenix.ports.snapshots import Snapshot
from phoenix.ports.store import BeadStore, Committed, Fold, Head, Proposal, Verification, View

S = TypeVar("S")
R = TypeVar("R")

_Done: TypeAlias = tuple[Unit[S], Committed[Any]]


class ChainStore(BeadStore[S]):
    """A bead store over one writer and one source of the same database.

    When it is made it folds the whole chain, or what stands behind a snapshot. Of the beads before that it makes sure
    only that the last is the snapshot's; the rest is checked as it is read, and by `verify`.
    """

    def __init__(
        self, writer: ChainWriter, source: ChainSource, fold: Fold[S], office: ClaimOffice,
        snapshot: Snapshot[S] | None = None,
    ) -> None:  # fmt: skip
        self._writer = writer
        self._source = source
        self._fold = fold
        self._office = office
        self._group: GroupCommit[S] = GroupCommit(self._carry_out)
        self._publishing = Lock()
        self._failure: StoreError | None = None
        if snapshot is not None:
            require_in_chain(snapshot.head, source)
        self._folded = self._caught_up(snapshot or Snapshot(GENESIS, fold.initial), source)

    def transact(self, work: Callable[[View[S]], Proposal[R]]) -> Committed[R]:
        self._require_usable()
        return self._group.submit(work)

    def view(self) -> View[S]:
        self._require_usable()
        folded = self._caught_up(self._folded, self._source)
        self._publish(folded)
        return View(folded.state, StoredLookup(self._source, folded.head.seq), folded.head)

    def head(self) -> Head:
        self._require_usable()
        return self._source.head()

    def read(self, after_seq: int = 0, limit: int | None = None) -> Iterator[SealedBead]:
        self._require_usable()
        return map(unseal_alone, self._source.rows_behind(after_seq, limit))

    def read_of(self, kinds: Collection[BeadType], after_seq: int = 0) -> Iterator[SealedBead]:
        self._require_usable()
        return map(unseal_alone, self._source.rows_of_types([kind.value for kind in kinds], after_seq))

    def read_story(self, position_id: str) -> Iterator[SealedBead]:
        self._require_usable()
        return map(unseal_alone, self._source.rows_of_story(position_id, self._source.head().seq))

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
                if not unit.is_settled:
                    unit.error = _again(error)
            return
        for unit, committed in done:
            unit.committed = committed

    def _run(self, units: Sequence[Unit[S]]) -> list[_Done[S]]:
        """Run the units and make durable what they add; those that failed by themselves are left out."""
        try:
            done, folded = self._run_together(units)
        except StoreConflict as conflict:
            if len(units) == 1:
                units[0].error = conflict
                return []
            done, folded = self._run_apart(units)
        if any(committed.sealed for _, committed in done):
            self._writer.commit()
        self._publish(folded)
        for _, committed in done:
            for claim in claims_in(committed.sealed):
                self._office.issue(claim)
        return done

    def _run_together(self, units: Sequence[Unit[S]]) -> tuple[list[_Done[S]], Snapshot[S]]:
        """Run the units and store what they add at once. Raises StoreConflict, whosever fault it is, and undoes all."""
        batch = Batch()
        ran = self._run_each(units, batch, batch.sealed.extend)
        if batch.sealed:
            self._writer.append(rows_of(batch.sealed), key_rows_of(batch.sealed))
        return ran

    def _run_apart(self, units: Sequence[Unit[S]]) -> tuple[list[_Done[S]], Snapshot[S]]:
        """Run the units once more and store what each adds by itself, so that a conflict is only its own."""

        def store(sealed: Sequence[SealedBead]) -> None:
            rows, keys = rows_of(sealed), key_rows_of(sealed)
            self._writer.require_free(rows, keys)
            self._writer.append(rows, keys)

        for unit in units:
            unit.error = None
        self._writer.begin()
        return self._run_each(units, Batch(), store)

    def _run_each(
        self, units: Sequence[Unit[S]], batch: Batch, keep: Callable[[Sequence[SealedBead]], None]
    ) -> tuple[list[_Done[S]], Snapshot[S]]:
        """Run each unit on what the former ones left. One that fails concerns nobody else."""
        folded = self._caught_up(self._folded, self._writer)
        done: list[_Done[S]] = []
        for unit in units:
            try:
                committed, behind = self._run_one(unit, folded, batch)
                keep(committed.sealed)
            except (StoreUnavailable, StoreCorrupt):
                raise
            except Exception as error:  # noqa: BLE001 - what the work raises goes to whoever brought it, on its thread
                unit.error = error
            else:
                folded = behind
                done.append((unit, committed))
        return done, folded

    def _run_one(self, unit: Unit[S], folded: Snapshot[S], batch: Batch) -> tuple[Committed[Any], Snapshot[S]]:
        """What one unit proposes, at its place in the chain, and the state behind it."""
        lookup = UnitLookup(batch, StoredLookup(self._writer, folded.head.seq))
        try:
            proposal = unit.work(View(folded.state, lookup, folded.head))
            sealed = seal(proposal.beads, folded.head)
            state = self._fold.behind(folded.state, proposal)
        finally:
            lookup.end()
        return Committed(proposal.result, sealed), Snapshot(head_behind(sealed, folded.head), state)

    def _caught_up(self, folded: Snapshot[S], reader: ChainReader) -> Snapshot[S]:
        """`folded` with what others committed since. Raises StoreCorrupt when the chain is not a continuation of it."""
        head, state = folded.head, folded.state
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
        return Snapshot(head, state)

    def _publish(self, folded: Snapshot[S]) -> None:
        with self._publishing:
            if folded.head.seq > self._folded.head.seq:
                self._folded = folded


def _again(error: StoreError) -> StoreError:
    """The same error for another thread or a later call, with a trace of its own."""
    return type(error)(str(error))
