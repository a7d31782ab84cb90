"""A full disk, a broken disk and a hanging lock holder: nothing half-stored, nothing retried, nothing assumed."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from phoenix.adapters.store.chain_ports import DurabilityLost
from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.adapters.store.sqlite.faults import translate
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt, StoreError, StoreUnavailable
from tests.adapters.store.beads import TALLY, Tally, alert, order_plan, prepared, signal, token_used
from tests.adapters.store.contract import append
from tests.adapters.store.raw import raw_connection


def test_a_full_disk_stores_nothing_and_issues_no_claim(sqlite_store: SqliteStore[Tally], office: ClaimOffice) -> None:
    connection = sqlite_store._writer._connection  # type: ignore[attr-defined]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [alert(f"filler {number}") for number in range(100)]
    with pytest.raises(StoreUnavailable, match=r"Nothing was stored\. Free some space"):
        append(sqlite_store, token_used("I1", "T1"), prepared("I1", "T1"), *many)
    assert office.claim_for(order_plan("I1").order_group_id) is None
    assert sqlite_store.head().seq == 0
    connection.execute("PRAGMA max_page_count = 1000000")
    append(sqlite_store, token_used("I1", "T1"), prepared("I1", "T1"), *many)
    assert sqlite_store.verify().ok
    assert office.claim_for(order_plan("I1").order_group_id) is not None


@contextmanager
def no_file_grows() -> Iterator[None]:
    """Every write at or behind the first byte of a file fails, as on a broken disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_after_a_failed_write_the_store_takes_no_more(
    sqlite_store: SqliteStore[Tally], office: ClaimOffice, path: Path
) -> None:
    append(sqlite_store, signal("a"))
    with no_file_grows(), pytest.raises(DurabilityLost, match="Whether it was stored is not known"):
        append(sqlite_store, token_used("I1", "T1"), prepared("I1", "T1"))
    assert office.claim_for(order_plan("I1").order_group_id) is None
    for ask in (lambda: append(sqlite_store, signal("b")), sqlite_store.view):
        with pytest.raises(DurabilityLost, match="takes no more"):
            ask()
    sqlite_store.close()
    again = SqliteStore.open(path, TALLY, ClaimOffice())
    assert again.verify().ok
    assert again.view().state.count == 1
    again.close()


def test_a_hanging_lock_holder_makes_others_fail_in_bounded_time(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    hasty = SqliteStore.open(path, TALLY, ClaimOffice(), SqliteSettings(busy_timeout_s=0.02))
    with raw_connection(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="Another process holds the store; nothing was stored"):
            append(hasty, signal("a"))
        assert hasty.view().state.count == 0
        connection.execute("ROLLBACK")
    append(hasty, signal("a"))
    assert sqlite_store.view().state.count == 1
    hasty.close()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, StoreUnavailable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreUnavailable),
        (sqlite3.SQLITE_FULL, StoreUnavailable),
        (sqlite3.SQLITE_READONLY, StoreUnavailable),
        (sqlite3.SQLITE_IOERR_FSYNC, DurabilityLost),
        (sqlite3.SQLITE_IOERR_WRITE, DurabilityLost),
        (sqlite3.SQLITE_CORRUPT, StoreCorrupt),
        (sqlite3.SQLITE_NOTADB, StoreCorrupt),
        (sqlite3.SQLITE_ERROR, StoreCorrupt),
        (None, StoreCorrupt),
    ],
)
def test_an_error_of_the_database_is_told_by_what_it_means(code: int | None, kind: type[StoreError]) -> None:
    error = sqlite3.OperationalError("some words")
    if code is not None:
        error.sqlite_errorcode = code
    assert type(translate(error, "committing")) is kind


def test_who_may_not_write_is_told_which_files_that_goes_for() -> None:
    error = sqlite3.OperationalError("attempt to write a readonly database")
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY
    assert "the files beside it" in str(translate(error, "committing"))


def test_a_closed_connection_is_an_unavailable_store() -> None:
    error = sqlite3.ProgrammingError("Cannot operate on a closed database.")
    assert type(translate(error, "committing")) is StoreUnavailable
