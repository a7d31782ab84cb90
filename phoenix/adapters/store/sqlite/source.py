"""Reading what is committed, each time over a connection of its own, so that no reader waits for the writer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from phoenix.adapters.store.chain import KeyRow, Row
from phoenix.adapters.store.chain_ports import ChainSource, Scan
from phoenix.adapters.store.sqlite import statements
from phoenix.adapters.store.sqlite.connections import Connections
from phoenix.adapters.store.sqlite.faults import Translated
from phoenix.domain.beads.catalogue import Key
from phoenix.ports.store import Head

_ROW = re.compile(r"\brow (\d+)\b")  # in the complaints of PRAGMA integrity_check; a row's number is its bead's


class SqliteSource(ChainSource):
    """Reads over connections that it borrows. Closing it closes them all, for it is the last to go."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def head(self) -> Head:
        with self._connections.borrowed() as connection:
            return statements.head(connection)

    def rows_behind(self, seq: int, limit: int | None = None) -> Iterator[Row]:
        with self._connections.borrowed() as connection:
            yield from statements.rows_behind(connection, seq, limit)

    def rows_of_types(self, types: Collection[str], seq: int) -> Iterator[Row]:
        with self._connections.borrowed() as connection:
            yield from statements.rows_of_types(connection, types, seq)

    def row_with(self, key: Key, last_seq: int) -> Row | None:
        with self._connections.borrowed() as connection:
            return statements.row_with(connection, key, last_seq)

    def rows_of_story(self, position_id: str, last_seq: int) -> Sequence[Row]:
        with self._connections.borrowed() as connection:
            return statements.rows_of_story(connection, position_id, last_seq)

    @contextmanager
    def scan(self) -> Iterator[Scan]:
        with self._connections.borrowed() as connection:
            with Translated("reading the chain"):
                connection.execute("BEGIN")
            yield _SqliteScan(connection)

    def close(self) -> None:
        self._connections.close()


class _SqliteScan(Scan):
    """One read transaction; the snapshot lasts as long as it does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self) -> Iterator[Row]:
        return statements.all_rows(self._connection)

    def keys(self) -> Iterator[KeyRow]:
        return statements.all_keys(self._connection)

    def structural_fault(self) -> tuple[int, str] | None:
        complaints = statements.complaints(self._connection)
        concerned = [int(seq) for text in complaints for seq in _ROW.findall(text)]
        return (min(concerned, default=1), "; ".join(complaints[:3])) if complaints else None
