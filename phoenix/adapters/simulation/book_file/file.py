"""Telling a book file from any other before SQLite touches it, making a new one whole, and opening it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from phoenix.adapters.files import read_file
from phoenix.adapters.simulation.book_file.schema import APPLICATION_ID, FORMAT_VERSION, GUARDS, TABLES
from phoenix.adapters.simulation.keeping import BookRefused, BookUnavailable
from phoenix.domain.instants import instant_text, parse_instant

_MAGIC = b"SQLite format 3\x00"
_VERSION_AT, _APPLICATION_AT = slice(60, 64), slice(68, 72)  # SQLite file format, section 1.3
_HEADER_LENGTH = 100
BUSY_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose book it is: the account, its currency, and the seed that all chance follows from."""

    account: str
    currency: str
    seed: int


class Translated:
    """What SQLite raises within, as an error of ours."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if not isinstance(error, sqlite3.Error):
            return
        if "locked" in str(error) or "busy" in str(error):
            raise BookUnavailable(
                f"{self._path}: another program holds the simulated broker's book ({error}). End its transaction with "
                f"COMMIT or ROLLBACK"
            ) from error
        raise BookUnavailable(
            f"{self._path}: the simulated broker's book cannot be used ({error}). Repair the file, or name another"
        ) from error


def begins_at(path: Path) -> datetime | None:
    """The instant at which a book begins; None where there is no book yet. Raises BookError and changes nothing."""
    if not is_book(path):
        return None
    with Translated(path), closing(_connect(path)) as connection:
        _require_sound(path, connection)
        return parse_instant(_title(path, connection)["begins_at"])


def open_book(path: Path, identity: Identity, begins: datetime) -> sqlite3.Connection:
    """A connection to a checked book, made first where there is none. Raises BookError."""
    if not is_book(path):
        _make(path, identity, begins)
    with Translated(path):
        connection = _connect(path)
        try:
            _require_sound(path, connection)
            _require_identity(path, connection, identity)
            connection.execute("PRAGMA synchronous = NORMAL")  # a simulated broker may forget in a power failure
        except BaseException:
            connection.close()
            raise
        return connection


def is_book(path: Path) -> bool:
    """Whether there is a book of this format; not where nothing is. Raises BookRefused for anything else."""
    try:
        header = read_file(path, _HEADER_LENGTH)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BookUnavailable(f"{path}: it cannot be read ({error.strerror}). Name a file that can") from error
    if not header:
        return False
    if not header.startswith(_MAGIC) or int.from_bytes(header[_APPLICATION_AT], "big") != APPLICATION_ID:
        raise BookRefused(f"{path}: this is not a simulated broker's book; it was left as it was. Name another file")
    version = int.from_bytes(header[_VERSION_AT], "big")
    if version != FORMAT_VERSION:
        raise BookRefused(
            f"{path}: this book has format {version}, this Phoenix knows format {FORMAT_VERSION}; it was left as it "
            f"was. Use the Phoenix that wrote it, or name another file"
        )
    return True


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S)
    connection.row_factory = sqlite3.Row
    return connection


def _make(path: Path, identity: Identity, begins: datetime) -> None:
    """Make a book under another name and give it its own when it is whole, so that there never is half a book."""
    unfinished = path.with_name(f"{path.name}.new-{os.getpid()}")
    for left_over in ("-wal", "-shm"):  # of a book that was taken away: SQLite would read them into the new one
        path.with_name(f"{path.name}{left_over}").unlink(missing_ok=True)
    try:
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BookUnavailable(
            f"{path}: the simulated broker's book cannot be made here ({error.strerror}). Name a place where it can"
        ) from error
    try:
        with Translated(path):
            _fill(unfinished, identity, begins)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(path: Path, identity: Identity, begins: datetime) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        for statement in (*TABLES, *GUARDS):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO book (account, currency, seed, begins_at) VALUES (?, ?, ?, ?)",
            (identity.account, identity.currency, identity.seed, instant_text(begins)),
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()


def _require_sound(path: Path, connection: sqlite3.Connection) -> None:
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        found = str(error)
    if found != "ok":
        raise BookRefused(
            f"{path}: the simulated broker's book is damaged ({found}); it was left as it was. Restore a copy, or name "
            f"another file"
        )


def _title(path: Path, connection: sqlite3.Connection) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute("SELECT account, currency, seed, begins_at FROM book").fetchone()
    if row is None:
        raise BookRefused(f"{path}: the book belongs to no account; it was left as it was. Name another file")
    return row


def _require_identity(path: Path, connection: sqlite3.Connection, identity: Identity) -> None:
    row = _title(path, connection)
    for name in ("account", "currency", "seed"):
        given = getattr(identity, name)
        if row[name] != given:
            raise BookRefused(
                f"{path}: this book's {name} is {row[name]!r}, the configuration's {given!r}; it was left as it was. "
                f"Use the configuration that it was made with, or name another file"
            )
