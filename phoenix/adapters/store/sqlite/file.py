"""Telling a Phoenix store from any other file before SQLite touches it, and making a new one."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from phoenix.adapters.files import odd_kind, read_file, sync_folder
from phoenix.adapters.store.sqlite.faults import Translated
from phoenix.ports.errors import StoreMisconfigured, StoreUnavailable

APPLICATION_ID = 0x50484E58  # "PHNX"
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)  # SQLite file format, section 1.3
_HEADER_LENGTH = 100
_BESIDE = ("-wal", "-shm", "-journal")


def require_phoenix_file(path: Path) -> None:
    """Raises StoreMisconfigured unless the file is a Phoenix store. Reads its first bytes and changes nothing."""
    header = _header(path)
    if header is None:
        raise StoreMisconfigured(
            f"{path}: there is no store here. Restore a backup, or make a home elsewhere with phoenix init DIRECTORY"
        )
    for suffix in _BESIDE:
        kind = odd_kind(f"{path}{suffix}")
        if kind is not None:
            raise StoreMisconfigured(f"{path}{suffix}: it is {kind}, not a file. Move it away, then phoenix doctor")
    if not header.startswith(_MAGIC) or int.from_bytes(header[_APPLICATION_ID_AT], "big") != APPLICATION_ID:
        raise StoreMisconfigured(f"{path}: this is not a Phoenix store; it was left as it was. Give another path")


def require_one_name(path: Path) -> None:
    """Raises StoreMisconfigured where the file goes by another name, too.

    Everything that guards a store, the executor's lock and the write-ahead log, lies beside it under its name: under
    another one a second executor would hold a lock of its own.
    """
    if path.is_symlink():
        raise StoreMisconfigured(
            f"{path}: this is a symbolic link to {path.resolve()}, and who opens the store there holds another lock. "
            "Set store.path to the file itself"
        )
    try:
        names = path.stat().st_nlink
    except OSError as error:
        raise StoreUnavailable(f"{path}: it cannot be read ({error.strerror})") from error
    if names > 1:
        raise StoreMisconfigured(
            f"{path}: the store has {names} names (hard links), and who opens it by another one holds another lock. "
            f"Remove the others (find FOLDER -samefile {path.name}); keep copies instead"
        )


def make_file(path: Path) -> None:
    """Make an empty Phoenix store file, for its owner only. Raises StoreMisconfigured when the path is taken.

    The mark that tells it from other databases is on disk before anything else is.
    """
    if _header(path) is not None:
        raise StoreMisconfigured(f"{path}: something is here already; it was left as it was. Open it, or move it away")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path}: the store cannot be made here ({error.strerror})") from error
    with Translated(f"making {path}"):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        finally:
            connection.close()
    sync_folder(path.parent)


def _header(path: Path) -> bytes | None:
    """The first bytes of a file; None where there is no file, or an empty one."""
    try:
        return read_file(path, _HEADER_LENGTH) or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnavailable(f"{path}: it cannot be read ({error.strerror})") from error
