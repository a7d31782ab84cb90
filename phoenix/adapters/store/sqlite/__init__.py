"""The bead store in a SQLite file: WAL, synchronous FULL, append-only by triggers."""

from phoenix.adapters.store.sqlite.connections import SqliteSettings
from phoenix.adapters.store.sqlite.store import SqliteStore

__all__ = ["SqliteSettings", "SqliteStore"]
