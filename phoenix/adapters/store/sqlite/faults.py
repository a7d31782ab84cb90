"""SQLite's own errors, translated by what they mean for a unit of work. None of them leaves the adapter."""

from __future__ import annotations

import sqlite3
from types import TracebackType

from phoenix.adapters.store.chain_ports import DurabilityLost
from phoenix.ports.errors import StoreCorrupt, StoreError, StoreUnavailable

_PRIMARY = 0xFF
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_FORBIDDEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
"""Files beside the store keep the permissions that it had when they were made."""
_BROKEN = (
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_ERROR,  # the statements are sound, so the schema that they meet is not
)  # fmt: skip


def translate(error: sqlite3.Error, doing: str) -> StoreError:
    """What an error of SQLite means; `doing` says what was being done."""
    unreadable = sqlite3.SQLITE_CORRUPT if isinstance(error, sqlite3.OperationalError) else sqlite3.SQLITE_MISUSE
    code = getattr(error, "sqlite_errorcode", unreadable) & _PRIMARY  # text that is no UTF-8 comes without a code
    what = f"{doing}: {error} ({getattr(error, 'sqlite_errorname', 'no SQLite code')})"
    if code in _LOCKED:
        return StoreUnavailable(f"{what}. Another process holds the store; nothing was stored. Try again later")
    if code == sqlite3.SQLITE_FULL:
        return StoreUnavailable(f"{what}. Nothing was stored. Free some space on the disk")
    if code in _FORBIDDEN:
        return StoreUnavailable(
            f"{what}. Nothing was stored. Let this user write the store, the files beside it whose names begin with "
            "its own, and their folder"
        )
    if code == sqlite3.SQLITE_IOERR:
        return DurabilityLost(
            f"{what}. Whether it was stored is not known and this store takes no more. "
            "Check the disk, start again and look the outcome up"
        )
    if code in _BROKEN:
        return StoreCorrupt(f"{what}. Nothing was changed. Verify the chain or restore a backup")
    return StoreUnavailable(f"{what}. Nothing was stored")


class Translated:
    """A context in which SQLite's errors come out translated."""

    __slots__ = ("_doing",)

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error):
            raise translate(error, self._doing) from error
