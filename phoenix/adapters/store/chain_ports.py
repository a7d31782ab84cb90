"""What `ChainStore` needs from a database: one connection that writes, and readers of what is committed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager

from phoenix.adapters.store.chain import KeyRow, KeyValues, Row, RowValues
from phoenix.domain.beads.catalogue import Key
from phoenix.ports.errors import StoreUnavailable
from phoenix.ports.store import Head


class DurabilityLost(StoreUnavailable):
    """The disk failed under a write. Nothing that follows could be trusted, so the store refuses everything."""


class Scan(ABC):
    """A walk over everything there is, as of one instant."""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Every row in order."""

    @abstractmethod
    def keys(self) -> Iterator[KeyRow]:
        """Every key, in the order of their beads."""

    @abstractmethod
    def structural_fault(self) -> tuple[int, str] | None:
        """What the database itself finds wrong with its indexes, and the first bead that it concerns."""


class ChainReader(ABC):
    """Reads a chain. Every method raises StoreUnavailable or StoreCorrupt where the database fails."""

    @abstractmethod
    def head(self) -> Head: ...

    @abstractmethod
    def rows_behind(self, seq: int, limit: int | None = None) -> Iterator[Row]:
        """Rows in order, behind `seq`."""

    @abstractmethod
    def row_with(self, key: Key, last_seq: int) -> Row | None:
        """The row that bears a key, no later than `last_seq`."""

    @abstractmethod
    def rows_of_story(self, position_id: str, last_seq: int) -> Sequence[Row]:
        """The rows of one position in order, no later than `last_seq`."""

    @abstractmethod
    def close(self) -> None: ...


class ChainSource(ChainReader):
    """Reads what is committed; safe from any thread."""

    @abstractmethod
    def rows_of_types(self, types: Collection[str], seq: int) -> Iterator[Row]:
        """Rows of beads of some types in order, behind `seq`."""

    @abstractmethod
    def scan(self) -> AbstractContextManager[Scan]:
        """The whole chain as of one instant; open as long as the context."""


class ChainWriter(ChainReader):
    """The one connection that writes; used by one thread at a time. It also reads what it has not yet committed."""

    @abstractmethod
    def begin(self) -> None:
        """Take the write lock within a bounded time. Raises StoreUnavailable."""

    @abstractmethod
    def append(self, rows: Sequence[RowValues], keys: Sequence[KeyValues]) -> None:
        """Add rows and keys. Raises StoreConflict when a unique key is taken, having undone all since `begin`."""

    @abstractmethod
    def require_free(self, rows: Sequence[RowValues], keys: Sequence[KeyValues]) -> None:
        """Raises StoreConflict when one of their unique keys is taken, by what is stored or among themselves."""

    @abstractmethod
    def commit(self) -> None:
        """Make everything since `begin` durable. Raises StoreUnavailable, or DurabilityLost when that is not known."""

    @abstractmethod
    def rollback(self) -> None:
        """Undo everything since `begin`; harmless behind a commit."""
