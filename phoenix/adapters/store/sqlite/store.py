"""The bead store in a SQLite file."""

from __future__ import annotations

import sqlite3
from os import PathLike
from pathlib import Path
from typing import TypeVar

from phoenix.adapters.store.chain_store import ChainStore
from phoenix.adapters.store.schema_facts import GUARDS, NEWEST_REVISION
from phoenix.adapters.store.sqlite.connections import Connections, SqliteSettings
from phoenix.adapters.store.sqlite.faults import Translated
from phoenix.adapters.store.sqlite.file import make_file, require_phoenix_file
from phoenix.adapters.store.sqlite.source import SqliteSource
from phoenix.adapters.store.sqlite.writer import SqliteWriter
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreMisconfigured
from phoenix.ports.snapshots import Snapshot
from phoenix.ports.store import Fold

S = TypeVar("S")


class SqliteStore(ChainStore[S]):
    """A chain in one SQLite file, shared by the threads and processes of one machine."""

    @classmethod
    def create(
        cls,
        path: str | PathLike[str],
        fold: Fold[S],
        office: ClaimOffice,
        settings: SqliteSettings = SqliteSettings(),  # noqa: B008 - immutable
    ) -> SqliteStore[S]:
        """A new, empty store. Raises StoreMisconfigured where anything is in its place, which is left as it was."""
        make_file(Path(path))
        return cls.open(path, fold, office, settings)

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        fold: Fold[S],
        office: ClaimOffice,
        settings: SqliteSettings = SqliteSettings(),  # noqa: B008 - immutable
        snapshot: Snapshot[S] | None = None,
    ) -> SqliteStore[S]:
        """An existing store, migrated where it is older, its chain folded: all of it, or what a snapshot leaves.

        Raises StoreMisconfigured for what is no store, or a newer one, or not durable; StoreCorrupt for a chain that
        is broken where it is folded, or is not the snapshot's; StoreUnavailable where it is locked or cannot be read.
        """
        require_phoenix_file(Path(path))
        connections = Connections(Path(path), settings)
        try:
            _require_schema(connections)
            return cls(SqliteWriter(connections), SqliteSource(connections), fold, office, snapshot)
        except BaseException:
            connections.close()
            raise


def _require_schema(connections: Connections) -> None:
    """Migrate where it is due, which takes the write lock; a store that is up to date is only looked at."""
    with connections.borrowed() as connection:
        revision, triggers = _look(connection)
        if revision != NEWEST_REVISION:
            _migrate(connection)
            _, triggers = _look(connection)
    missing = sorted(GUARDS - triggers)
    if missing:
        raise StoreMisconfigured(
            f"the trigger {missing[0]} is gone, so beads could be changed; the store was not opened. Restore a backup"
        )


def _look(connection: sqlite3.Connection) -> tuple[str | None, frozenset[str]]:
    """The schema revision, if there is one, and the triggers that stand."""
    with Translated("reading the schema"):
        names: dict[str, str] = dict(connection.execute("SELECT name, type FROM sqlite_master").fetchall())
        found = "alembic_version" in names
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
    return row and row[0], frozenset(name for name, kind in names.items() if kind == "trigger")


def _migrate(connection: sqlite3.Connection) -> None:
    """What this needs takes several times as long to import as all else together, and few who open a store need it."""
    from phoenix.adapters.store.sqlite.migrating import migrate

    migrate(connection)
