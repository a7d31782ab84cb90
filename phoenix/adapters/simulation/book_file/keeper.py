"""The keeper of a book file: reads it afresh before every command, writes what changed before anybody hears of it.

A command holds the file's write lock from its beginning until what it changed is written; a hand at the file waits that
long. What is written survives the process, not a power failure.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from types import TracebackType

from phoenix.adapters.simulation.book_file import by_hand, reading
from phoenix.adapters.simulation.book_file.file import Identity, Translated, is_book, open_book
from phoenix.adapters.simulation.book_file.kept import KeptAgenda, KeptBook
from phoenix.adapters.simulation.book_file.tables import Kept
from phoenix.adapters.simulation.book_file.writing import has_changed, write
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.keeping import BookUnavailable, Keeper
from phoenix.adapters.simulation.world import World


class BookFile(Keeper):
    """Keeps one broker's state in the book at `path`, which is made, beginning at `begins_at`, where there is none."""

    def __init__(self, path: Path, identity: Identity, begins_at: datetime) -> None:
        self._path = path
        self._identity = identity
        self._begins_at = begins_at
        self._connection: sqlite3.Connection | None = None
        self._seen_version = 0
        self._is_stale = True
        self._is_first = True
        self._agenda = KeptAgenda()
        self._book = KeptBook()
        self._kept = Kept()
        self._world: World | None = None
        self._former_faults: dict[int, Fault] | None = None
        self._ledger_length = 0
        self._was_lived_in = False

    def new_agenda(self) -> KeptAgenda:
        return self._agenda

    def new_book(self) -> KeptBook:
        return self._book

    def take_up(self, world: World) -> bool:
        """Open the file and put its state in; a new one is written as the world stands. Raises BookError."""
        self._world = world
        try:
            with self:
                self.begin()
        except BaseException:
            self.release()
            raise
        return self._was_lived_in

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self.keep()
        else:
            self._abandon()

    def refresh(self) -> None:
        with Translated(self._path):
            is_current = not self._is_stale and self._version() == self._seen_version
        if not is_current:
            with self:
                self.begin()

    def begin(self) -> bool:
        connection = self._opened()
        if connection.in_transaction:
            return False
        with Translated(self._path):
            connection.execute("BEGIN IMMEDIATE")
            version = self._version()
            if not self._is_stale and version == self._seen_version:
                return False
            if self._world is not None:
                self._reload(connection, self._world)
            self._seen_version, self._is_stale = version, False
        return True

    def keep(self) -> None:
        connection, world = self._connection, self._world
        if connection is None or world is None:
            return
        try:
            with Translated(self._path):
                if has_changed(world, self._book, self._agenda, self._kept):
                    if not connection.in_transaction:
                        connection.execute("BEGIN IMMEDIATE")
                    write(connection, world, self._book, self._agenda, self._kept)
                if connection.in_transaction:
                    connection.execute("COMMIT")
                self._ledger_length = self._kept.ledger_length
        except BaseException:
            self._abandon()
            raise

    def release(self) -> None:
        """Close the file. Nothing is open beside it then, and it may be copied or moved."""
        connection, self._connection, self._is_stale = self._connection, None, True
        if connection is not None:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            if not self._is_first and not is_book(self._path):
                raise BookUnavailable(f"{self._path}: the simulated broker's book is gone. Put it back, and start anew")
            self._connection = open_book(self._path, self._identity, self._begins_at)
            self._is_stale = True
        return self._connection

    def _version(self) -> int:
        """A number that changes whenever another connection has changed the file."""
        version: int = self._opened().execute("PRAGMA data_version").fetchone()[0]
        return version

    def _abandon(self) -> None:
        """Leave the file as it was before the command; the world is read again before the next."""
        self._is_stale = True
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if self._world is not None:
            self._world.delivery.forget()
            self._world.ledger.restore(self._world.ledger.records[: self._ledger_length])

    def _reload(self, connection: sqlite3.Connection, world: World) -> None:
        """Put what the file says in place of what the world was. What does not read is read again next time."""
        former = self._former_faults = dict(world.script.faults) if self._former_faults is None else self._former_faults
        former_feeds, kept = self._kept.feeds, Kept()
        self._book = world.book = book = KeptBook()
        self._agenda.forget_changes()
        self._was_lived_in = reading.read_progress(connection, world, kept, self._is_first)
        reading.read_ledger(connection, world)
        if self._was_lived_in:
            reading.read_orders(connection, world, book)
            reading.read_faults(connection, world, kept)
            reading.read_agenda(connection, self._agenda, book)
            reading.read_journal(connection, world, book)
            stated = reading.read_small(connection, world, kept)
            reading.resume_feeds(world, kept.feeds, former_feeds)
            world.account.rebuild(book.journal)
            kept.ledger_length = len(world.ledger.records)
            by_hand.settle_faults(world, former, kept.new_faults)
            by_hand.settle(world, book, stated)
        self._kept, self._former_faults, self._is_first = kept, None, False
