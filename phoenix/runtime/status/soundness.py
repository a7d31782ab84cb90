"""Telling a store that cannot be read just now from one that is none any more; quick to import."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from phoenix.adapters.files import odd_kind
from phoenix.ports.errors import StoreCorrupt, StoreUnavailable

_FOR_NOW = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
"""Why SQLite may not answer although nothing is wrong: somebody else is at it."""
_PATIENCE_S = 0.1
_REMEDY = "Do not trade; restore a backup, and see phoenix doctor"


def require_store(store: Path) -> None:
    """Raises StoreUnavailable where no file is."""
    kind = odd_kind(store)
    if kind is not None:
        raise StoreUnavailable(f"{store}: the store is {kind}, not a file. {_REMEDY}")
    if not store.is_file():
        raise StoreUnavailable(
            f"{store}: the store is missing, though its configuration is here. Correct store.path, or restore a "
            "backup; phoenix doctor tells more"
        )


def require_sound(store: Path) -> None:
    """Raises StoreCorrupt for a file that holds no chain, or a damaged one; not for one that is busy."""
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)) as connection:
            head = connection.execute("SELECT max(seq) FROM beads").fetchone()[0]
            connection.execute("SELECT body FROM beads WHERE bead_type = 'KILL_FLAG'").fetchall()
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _FOR_NOW:
            return
        raise StoreCorrupt(f"{store}: the store is damaged ({error}). {_REMEDY}") from error
    if head is None:
        raise StoreCorrupt(f"{store}: the store holds no bead. {_REMEDY}")
