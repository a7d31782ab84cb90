"""Connections that keep the store's promises, or none: what was asked of SQLite is read back on every one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from phoenix.adapters.store.sqlite.faults import Translated
from phoenix.ports.errors import StoreMisconfigured, StoreUnavailable

_DURABLE = {"FULL": 2, "EXTRA": 3}


@dataclass(frozen=True, slots=True)
class SqliteSettings:
    """How a database file is used. Times are in seconds; `synchronous` is FULL or EXTRA, nothing less is opened."""

    synchronous: str = "FULL"
    busy_timeout_s: float = 5.0
    connections_max: int = 32


class Connections:
    """The connections to one database file, every one durable, lent out to any thread and used again.

    Nothing is opened before the first is asked for.
    """

    def __init__(self, path: Path, settings: SqliteSettings) -> None:
        self._path = path.absolute()
        self._settings = settings
        self._free = BoundedSemaphore(settings.connections_max)
        self._idle: list[sqlite3.Connection] = []
        self._is_closed = False

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """A connection for as long as the context; a transaction that is still open then is undone.

        Raises StoreUnavailable when none is to be had, StoreMisconfigured for one that would not keep its promises.
        """
        if not self._free.acquire(timeout=self._settings.busy_timeout_s):
            raise StoreUnavailable("all connections to the store are in use; nothing was stored. Try again")
        try:
            connection = self._idle_one() or self._opened()
            try:
                yield connection
            finally:
                self._take_back(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close what nobody uses; whatever is lent out is closed when it comes back."""
        self._is_closed = True
        while (connection := self._idle_one()) is not None:
            connection.close()

    def _take_back(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()  # which ends the transaction, too; the next one gets another connection
            return
        self._idle.append(connection)
        if self._is_closed:
            self.close()

    def _idle_one(self) -> sqlite3.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _opened(self) -> sqlite3.Connection:
        with Translated("opening the store"):
            connection = sqlite3.connect(
                self._path, timeout=self._settings.busy_timeout_s, isolation_level=None, check_same_thread=False
            )
            try:
                _ask(connection, self._settings)
                require_promises(connection)
            except BaseException:
                connection.close()
                raise
        return connection


def require_promises(connection: sqlite3.Connection) -> None:
    """Raises StoreMisconfigured unless the connection is durable (WAL, synchronous FULL) and checks foreign keys."""
    journal = _pragma(connection, "journal_mode")
    if str(journal).lower() != "wal":
        _refuse("journal_mode", journal, "WAL; keep the store on a local disk")
    synchronous = _pragma(connection, "synchronous")
    if synchronous not in _DURABLE.values():
        _refuse("synchronous", synchronous, "2 (FULL) or 3 (EXTRA); a commit would not survive a power failure")
    foreign_keys = _pragma(connection, "foreign_keys")
    if foreign_keys != 1:
        _refuse("foreign_keys", foreign_keys, "1")


def _ask(connection: sqlite3.Connection, settings: SqliteSettings) -> None:
    if not settings.synchronous.isalpha():
        _refuse("synchronous", settings.synchronous, "FULL or EXTRA")
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute(f"PRAGMA synchronous = {settings.synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # undoing one unit of a batch needs a journal, never a file


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _refuse(name: str, found: object, wanted: str) -> None:
    raise StoreMisconfigured(f"SQLite's {name} is {found}; the store was not opened. It must be {wanted}")
