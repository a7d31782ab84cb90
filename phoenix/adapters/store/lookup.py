"""Finding beads that are no longer in the folded state."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.adapters.store.batch import Batch
from phoenix.adapters.store.chain import unseal_alone
from phoenix.adapters.store.chain_ports import ChainReader
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead
from phoenix.ports.errors import StoreError


class StoredLookup:
    """Finds stored beads as of one place in the chain."""

    def __init__(self, reader: ChainReader, last_seq: int) -> None:
        self._reader = reader
        self._last_seq = last_seq

    def find(self, key: Key) -> Bead | None:
        row = self._reader.row_with(key, self._last_seq)
        return None if row is None else unseal_alone(row).bead

    def story(self, position_id: str) -> Sequence[Bead]:
        return tuple(unseal_alone(row).bead for row in self._reader.rows_of_story(position_id, self._last_seq))


class UnitLookup:
    """What one unit of work finds: the beads of those before it in its batch, and what is stored."""

    def __init__(self, batch: Batch, stored: StoredLookup) -> None:
        self._batch = batch
        self._stored = stored
        self._is_over = False

    def end(self) -> None:
        """From here on nothing is answered: the transaction that was looked into is no longer this one."""
        self._is_over = True

    def find(self, key: Key) -> Bead | None:
        self._require_current()
        return self._batch.find(key) or self._stored.find(key)

    def story(self, position_id: str) -> Sequence[Bead]:
        self._require_current()
        return (*self._stored.story(position_id), *self._batch.story(position_id))

    def _require_current(self) -> None:
        if self._is_over:
            raise StoreError("the unit of work that this look-up belongs to is over. Use the store's view instead")
