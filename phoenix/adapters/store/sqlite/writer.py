"""The hot write path: prepared SQL on the one connection that writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from phoenix.adapters.store.chain import KeyValues, Row, RowValues
from phoenix.adapters.store.chain_ports import ChainWriter
from phoenix.adapters.store.sqlite import statements
from phoenix.adapters.store.sqlite.connections import Connections
from phoenix.adapters.store.sqlite.faults import Translated
from phoenix.domain.beads.catalogue import Key
from phoenix.ports.errors import StoreConflict, StoreCorrupt
from phoenix.ports.store import Head


class SqliteWriter(ChainWriter):
    """Holds one connection for as long as the store is open."""

    def __init__(self, connections: Connections) -> None:
        self._until_closed = ExitStack()
        self._connection = self._until_closed.enter_context(connections.borrowed())

    def begin(self) -> None:
        with Translated("taking the write lock"):
            self._connection.execute("BEGIN IMMEDIATE")

    def append(self, rows: Sequence[RowValues], keys: Sequence[KeyValues]) -> None:
        with Translated("storing beads"):
            try:
                self._connection.executemany(statements.ADD_BEAD, rows)
                self._connection.executemany(statements.ADD_KEY, keys)
            except sqlite3.IntegrityError as error:
                self.rollback()
                self.require_free(rows, keys)
                raise StoreCorrupt(
                    f"the database refused beads for no known reason ({error}); nothing was stored"
                ) from error

    def require_free(self, rows: Sequence[RowValues], keys: Sequence[KeyValues]) -> None:
        seen: set[tuple[str, str]] = set()
        for kind, value, _ in keys:
            if (kind, value) in seen or self._has(statements.HAS_KEY, (kind, value)):
                raise StoreConflict(kind, value)
            seen.add((kind, value))
        for _, bead_id, *_ in rows:
            if ("bead_id", bead_id) in seen or self._has(statements.HAS_BEAD, (bead_id,)):
                raise StoreConflict("bead_id", bead_id)
            seen.add(("bead_id", bead_id))

    def commit(self) -> None:
        with Translated("committing"):
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            with Translated("rolling back"):
                self._connection.execute("ROLLBACK")

    def head(self) -> Head:
        return statements.head(self._connection)

    def rows_behind(self, seq: int, limit: int | None = None) -> Iterator[Row]:
        return statements.rows_behind(self._connection, seq, limit)

    def row_with(self, key: Key, last_seq: int) -> Row | None:
        return statements.row_with(self._connection, key, last_seq)

    def rows_of_story(self, position_id: str, last_seq: int) -> Sequence[Row]:
        return statements.rows_of_story(self._connection, position_id, last_seq)

    def close(self) -> None:
        self._until_closed.close()

    def _has(self, statement: str, names: tuple[str, ...]) -> bool:
        with Translated("looking up names"):
            return self._connection.execute(statement, names).fetchone() is not None
