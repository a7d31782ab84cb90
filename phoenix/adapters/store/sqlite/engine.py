"""Connections that keep the store's promises, or none: what was asked of SQLite is read back on every one."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from phoenix.adapters.store.sqlite.faults import Translated, translate
from phoenix.ports.errors import StoreMisconfigured, StoreUnavailable

_DURABLE = {"FULL": 2, "EXTRA": 3}


@dataclass(frozen=True, slots=True)
class SqliteSettings:
    """How a database file is used. Times are in seconds; `synchronous` is FULL or EXTRA, nothing less is opened."""

    synchronous: str = "FULL"
    busy_timeout_s: float = 5.0
    connections_max: int = 32


def make_engine(path: Path, settings: SqliteSettings) -> Engine:
    """An engine whose every connection is durable. Nothing is opened yet."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": settings.busy_timeout_s},
        pool_size=settings.connections_max,
        max_overflow=0,
        pool_timeout=settings.busy_timeout_s,
    )

    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        with Translated("opening a connection"):
            _ask(connection, settings)
            require_promises(connection)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


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


def borrow(engine: Engine) -> PoolProxiedConnection:
    """A pooled connection, to be closed after use. Raises StoreUnavailable when none is to be had."""
    try:
        return engine.raw_connection()
    except PoolTimeout as error:
        raise StoreUnavailable("all connections to the store are in use; nothing was stored. Try again") from error
    except sqlite3.Error as error:
        raise translate(error, "opening the store") from error
    except DBAPIError as error:
        raise translated(error, "opening the store") from error


def driver_of(pooled: PoolProxiedConnection) -> sqlite3.Connection:
    """SQLite's own connection behind a pooled one."""
    connection = pooled.driver_connection
    if not isinstance(connection, sqlite3.Connection):
        raise StoreMisconfigured(f"the store needs the sqlite3 driver, not {type(connection).__name__}")
    return connection


def translated(error: DBAPIError, doing: str) -> Exception:
    return translate(error.orig, doing) if isinstance(error.orig, sqlite3.Error) else StoreUnavailable(str(error))


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
