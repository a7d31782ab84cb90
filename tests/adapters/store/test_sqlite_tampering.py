"""Any changed byte is found, and the first bead it is found in is named (INV-BEAD-CHAIN-1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.catalogue import Key
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt, StoreError
from tests.adapters.store.beads import TALLY, Tally, alert, signal, token_used
from tests.adapters.store.contract import append
from tests.adapters.store.raw import drop_guards, raw_connection


@pytest.fixture
def raw(sqlite_store: SqliteStore[Tally], path: Path) -> Iterator[sqlite3.Connection]:
    """A connection without guards to a store of four beads."""
    append(sqlite_store, signal("a"), alert("b", "P1"), token_used("I1", "T1"), alert("c"))
    with raw_connection(path) as connection:
        drop_guards(connection)
        yield connection


SWAP = """
UPDATE beads SET seq = -2 WHERE seq = 2;
UPDATE beads SET seq = 2 WHERE seq = 3;
UPDATE beads SET seq = 3 WHERE seq = -2;
"""


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize("column", ["body", "bead_hash", "prev_hash"])
def test_every_flipped_byte_is_found_and_the_bead_named(
    sqlite_store: SqliteStore[Tally], raw: sqlite3.Connection, column: str
) -> None:
    for seq, content in raw.execute(f"SELECT seq, {column} FROM beads").fetchall():
        for at in range(len(content)):
            raw.execute(f"UPDATE beads SET {column} = ? WHERE seq = ?", (flipped(content, at), seq))
            found = sqlite_store.verify(thorough=False)
            assert found.first_bad_seq == seq, (column, seq, at)
            assert found.checked == seq - 1
        raw.execute(f"UPDATE beads SET {column} = ? WHERE seq = ?", (content, seq))
    assert sqlite_store.verify().ok


@pytest.mark.parametrize(
    ("change", "first_bad_seq"),
    [
        ("UPDATE beads SET bead_id = 'x' WHERE seq = 2", 2),
        ("UPDATE beads SET bead_type = 'SIGNAL' WHERE seq = 2", 2),
        ("UPDATE beads SET seq = 9 WHERE seq = 2", 2),
        ("UPDATE beads SET seq = 9 WHERE seq = 4", 4),
        ("DELETE FROM beads WHERE seq = 1", 1),
        ("DELETE FROM beads WHERE seq = 3", 3),
        (SWAP, 2),
    ],
)
@pytest.mark.parametrize("thorough", [True, False])
def test_changed_places_and_names_are_found(
    sqlite_store: SqliteStore[Tally], raw: sqlite3.Connection, change: str, first_bad_seq: int, thorough: bool
) -> None:
    raw.executescript(change)
    assert sqlite_store.verify(thorough=thorough).first_bad_seq == first_bad_seq


@pytest.mark.parametrize(
    ("change", "first_bad_seq"),
    [
        ("UPDATE beads SET story = 'P2' WHERE seq = 2", 2),
        ("UPDATE beads SET story = NULL WHERE seq = 2", 2),
        ("UPDATE beads SET story = 'P1' WHERE seq = 4", 4),
        ("UPDATE bead_keys SET value = 'T2' WHERE kind = 'token_end'", 3),
        ("UPDATE bead_keys SET kind = 'token_issued' WHERE kind = 'token_end'", 3),
        ("UPDATE bead_keys SET seq = 2 WHERE kind = 'token_end'", 2),
        ("DELETE FROM bead_keys WHERE kind = 'token_end'", 3),
        ("INSERT INTO bead_keys VALUES ('attempt', 'I1', 1)", 1),
        ("INSERT INTO bead_keys VALUES ('attempt', 'I1', 9)", 5),
        ("INSERT INTO bead_keys VALUES ('attempt', 'I1', 0)", 1),
    ],
)
def test_columns_and_keys_that_differ_from_the_bytes_are_found(
    sqlite_store: SqliteStore[Tally], raw: sqlite3.Connection, change: str, first_bad_seq: int
) -> None:
    raw.execute(change)
    assert sqlite_store.verify().first_bad_seq == first_bad_seq


def test_a_tampered_bead_is_never_handed_out(
    sqlite_store: SqliteStore[Tally], raw: sqlite3.Connection, path: Path
) -> None:
    raw.execute("UPDATE beads SET body = CAST(replace(body, 'P1', 'P2') AS BLOB) WHERE seq = 2")
    with pytest.raises(StoreCorrupt, match="bead 2"):
        list(sqlite_store.read())
    with pytest.raises(StoreCorrupt, match="bead 2"):
        sqlite_store.view().lookup.story("P1")


def test_a_broken_chain_is_not_opened(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"), signal("b"))
    sqlite_store.close()
    with raw_connection(path) as connection:
        guard = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'beads_no_update'").fetchone()[0]
        connection.execute("DROP TRIGGER beads_no_update")
        connection.execute("UPDATE beads SET bead_hash = zeroblob(32) WHERE seq = 1")
        connection.execute(guard)
    with pytest.raises(StoreCorrupt, match="bead 1: its hash is not the hash of its bytes"):
        SqliteStore.open(path, TALLY, ClaimOffice())


def test_every_flipped_byte_of_the_file_is_found_or_changes_nothing(
    sqlite_store: SqliteStore[Tally], path: Path
) -> None:
    append(sqlite_store, signal("a"), alert("b", "P1"), token_used("I1", "T1"))
    stored = list(sqlite_store.read())
    sqlite_store.close()
    whole = path.read_bytes()
    for at in range(100, len(whole), 97):
        path.write_bytes(flipped(whole, at))
        for left in path.parent.glob(f"{path.name}-*"):
            left.unlink()
        try:
            store = SqliteStore.open(path, TALLY, ClaimOffice())
        except StoreError:
            continue
        found = store.verify()
        if found.ok:
            assert list(store.read()) == stored, at
            lookup = store.view().lookup
            assert lookup.find(Key("token_end", "T1")) == token_used("I1", "T1"), at
            assert list(lookup.story("P1")) == [alert("b", "P1"), token_used("I1", "T1")], at
        store.close()


def test_an_index_that_hides_a_bead_is_found(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"), alert("b", "POSITION-1"))
    sqlite_store.close()
    whole = path.read_bytes()
    in_index = whole.rindex(b"POSITION-1")
    assert b'"position_id":"POSITION-1"' not in whole[in_index - 20 : in_index + 20]
    path.write_bytes(flipped(whole, in_index))
    store = SqliteStore.open(path, TALLY, ClaimOffice())
    found = store.verify()
    assert found.first_bad_seq == 2
    assert "beads_by_story" in str(found.problem)
    store.close()
