"""The database itself refuses what would change the past, whoever asks (INV-BEAD-CHAIN-1)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from phoenix.adapters.store.schema_facts import GUARDS
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.envelope import GENESIS_HASH
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreMisconfigured
from tests.adapters.store.beads import TALLY, Tally, signal, token_used
from tests.adapters.store.contract import append
from tests.adapters.store.raw import dump, raw_connection

_BEAD = "INTO beads SELECT :seq, :bead_id, bead_type, story, :prev_hash, zeroblob(32), body FROM beads WHERE seq = 1"


@pytest.fixture
def filled(sqlite_store: SqliteStore[Tally], path: Path) -> Path:
    append(sqlite_store, signal("a"), token_used("I1", "T1"))
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE beads SET body = body WHERE seq = 1",
        "UPDATE beads SET story = 'P9'",
        "UPDATE bead_keys SET seq = 1",
        "DELETE FROM beads WHERE seq = 2",
        "DELETE FROM beads",
        "DELETE FROM bead_keys WHERE kind = 'token_end'",
        "INSERT INTO bead_keys VALUES ('token_end', 'T1', 1)",
        "INSERT OR REPLACE INTO bead_keys VALUES ('token_end', 'T1', 1)",
        "REPLACE INTO beads SELECT * FROM beads WHERE seq = 2",
    ],
)
def test_the_past_cannot_be_changed(filled: Path, statement: str) -> None:
    before = dump(filled)
    with raw_connection(filled) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert dump(filled) == before


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize(
    "changed",
    [{"seq": 2}, {"seq": 4}, {"seq": 0}, {"prev_hash": GENESIS_HASH}, {"prev_hash": None}, {"bead_id": "first"}],
    ids=["taken place", "gap", "before the first", "fork", "no predecessor", "known bead"],
)
def test_a_bead_goes_behind_the_last_one_or_nowhere(filled: Path, verb: str, changed: dict[str, object]) -> None:
    before = dump(filled)
    with raw_connection(filled) as connection:
        ids = [row[0] for row in connection.execute("SELECT bead_id FROM beads ORDER BY seq")]
        head = connection.execute("SELECT bead_hash FROM beads WHERE seq = 2").fetchone()[0]
        values: dict[str, object] = {"seq": 3, "bead_id": "new", "prev_hash": head} | changed
        if changed == {"bead_id": "first"}:
            values["bead_id"] = ids[0]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"{verb} {_BEAD}", values)
    assert dump(filled) == before


def test_a_key_needs_its_bead(sqlite_store: SqliteStore[Tally]) -> None:
    connection = sqlite_store._writer._connection  # type: ignore[attr-defined]
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO bead_keys VALUES ('signal', 'a', 7)")


@pytest.mark.parametrize("guard", sorted(GUARDS))
def test_a_store_that_lost_a_guard_is_not_opened(sqlite_store: SqliteStore[Tally], path: Path, guard: str) -> None:
    sqlite_store.close()
    with raw_connection(path) as connection:
        connection.execute(f"DROP TRIGGER {guard}")
    with pytest.raises(StoreMisconfigured, match=guard):
        SqliteStore.open(path, TALLY, ClaimOffice())
