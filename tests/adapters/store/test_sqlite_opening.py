"""What is no Phoenix store, a newer one, or not durable is refused and left as it was."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.adapters.store.sqlite.connections import require_promises
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreMisconfigured, StoreUnavailable
from tests.adapters.store.beads import TALLY, Tally, signal
from tests.adapters.store.contract import append
from tests.adapters.store.raw import dump, raw_connection


def open_store(path: Path, settings: SqliteSettings | None = None) -> SqliteStore[Tally]:
    return SqliteStore.open(path, TALLY, ClaimOffice(), settings or SqliteSettings())


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("journal_mode", ["DELETE", "WAL"])
def test_a_foreign_database_is_left_as_it_was(path: Path, journal_mode: str) -> None:
    with raw_connection(path) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal_mode}")
        connection.execute("CREATE TABLE beads (seq INTEGER PRIMARY KEY)")
    before = files(path.parent)
    with pytest.raises(StoreMisconfigured, match="not a Phoenix store"):
        open_store(path)
    with pytest.raises(StoreMisconfigured, match="something is here already"):
        SqliteStore.create(path, TALLY, ClaimOffice())
    assert files(path.parent) == before


def test_a_file_that_is_no_database_is_left_as_it_was(path: Path) -> None:
    path.write_text("dear diary")
    with pytest.raises(StoreMisconfigured, match="not a Phoenix store"):
        open_store(path)
    assert files(path.parent) == {path.name: b"dear diary"}


def test_a_missing_store_is_not_made_by_opening_it(path: Path) -> None:
    with pytest.raises(StoreMisconfigured, match="no store here"):
        open_store(path)
    assert not path.exists()


def test_a_store_cannot_be_made_where_there_is_no_folder(path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be made here"):
        SqliteStore.create(path / "deeper", TALLY, ClaimOffice())


def test_a_store_is_not_made_over_another(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"))
    with pytest.raises(StoreMisconfigured, match="something is here already"):
        SqliteStore.create(path, TALLY, ClaimOffice())
    assert sqlite_store.head().seq == 1


def test_a_store_whose_making_was_cut_short_is_finished_by_opening_it(path: Path) -> None:
    with raw_connection(path) as connection:
        connection.execute(f"PRAGMA application_id = {0x50484E58}")
    store = open_store(path)
    append(store, signal("a"))
    store.close()


def test_a_newer_schema_is_left_as_it_was(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"))
    sqlite_store.close()
    with raw_connection(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = dump(path)
    with pytest.raises(StoreMisconfigured, match="'9999' is not known to this Phoenix"):
        open_store(path)
    assert dump(path) == before


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL", "nonsense"])
def test_a_store_that_would_forget_is_not_opened(
    sqlite_store: SqliteStore[Tally], path: Path, synchronous: str
) -> None:
    with pytest.raises(StoreMisconfigured, match="synchronous"):
        open_store(path, SqliteSettings(synchronous=synchronous))


def test_every_connection_keeps_its_promises(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    store = open_store(path, SqliteSettings(synchronous="EXTRA"))
    require_promises(store._writer._connection)  # type: ignore[attr-defined]
    store.close()


@pytest.mark.parametrize(
    ("pragma", "complaint"),
    [("synchronous = NORMAL", "synchronous is 1"), ("foreign_keys = OFF", "foreign_keys is 0")],
)
def test_a_connection_with_a_wrong_setting_is_refused(
    sqlite_store: SqliteStore[Tally], path: Path, pragma: str, complaint: str
) -> None:
    with raw_connection(path) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        require_promises(connection)
        connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(StoreMisconfigured, match=complaint):
            require_promises(connection)


def test_a_database_that_cannot_have_a_write_ahead_log_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(StoreMisconfigured, match="journal_mode is memory"):
        require_promises(connection)
    connection.close()


def test_a_store_is_for_its_owner_only(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
