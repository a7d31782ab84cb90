"""Getting at a store's file behind its back, as a curious operator or an attacker would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from phoenix.adapters.store.schema_facts import GUARDS


@contextmanager
def raw_connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def drop_guards(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = OFF")
    for guard in GUARDS:
        connection.execute(f"DROP TRIGGER {guard}")


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may change beads. The guards stand again afterwards, so that the store can be opened."""
    with raw_connection(path) as connection:
        guards = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        drop_guards(connection)
        yield connection
        for (guard,) in guards:
            connection.execute(guard)


def dump(path: Path) -> list[str]:
    """Everything a database holds, as text."""
    with raw_connection(path) as connection:
        return [*connection.iterdump(), *(str(connection.execute(f"PRAGMA {name}").fetchone()) for name in _HEADER)]


_HEADER = ("application_id", "user_version", "journal_mode")
