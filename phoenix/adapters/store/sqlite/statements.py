"""Every statement of the hot paths. SQLite keeps them prepared on each connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from phoenix.adapters.store.chain import GENESIS, KeyRow, Row
from phoenix.adapters.store.sqlite.faults import Translated
from phoenix.domain.beads.catalogue import Key
from phoenix.ports.store import Head

_COLUMNS = "seq, bead_id, bead_type, story, prev_hash, bead_hash, body"
HEAD = "SELECT seq, bead_hash FROM beads ORDER BY seq DESC LIMIT 1"
BEHIND = f"SELECT {_COLUMNS} FROM beads WHERE seq > ? ORDER BY seq LIMIT ?"
OF_TYPES = f"SELECT {_COLUMNS} FROM beads WHERE seq > ? AND bead_type IN ({{wanted}}) ORDER BY seq"
SCAN = f"SELECT {_COLUMNS} FROM beads ORDER BY seq"
SCAN_KEYS = "SELECT kind, value, seq FROM bead_keys ORDER BY seq"
WITH_KEY = f"SELECT {_COLUMNS} FROM bead_keys JOIN beads USING (seq) WHERE kind = ? AND value = ? AND seq <= ?"
OF_STORY = f"SELECT {_COLUMNS} FROM beads WHERE story = ? AND seq <= ? ORDER BY seq"
HAS_KEY = "SELECT 1 FROM bead_keys WHERE kind = ? AND value = ?"
HAS_BEAD = "SELECT 1 FROM beads WHERE bead_id = ?"
ADD_BEAD = f"INSERT OR FAIL INTO beads ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
ADD_KEY = "INSERT OR FAIL INTO bead_keys (kind, value, seq) VALUES (?, ?, ?)"
_NO_LIMIT = -1


def head(connection: sqlite3.Connection) -> Head:
    with Translated("reading the head of the chain"):
        row = connection.execute(HEAD).fetchone()
    return GENESIS if row is None else Head(row[0], row[1])


def rows_behind(connection: sqlite3.Connection, seq: int, limit: int | None) -> Iterator[Row]:
    with Translated("reading the chain"):
        for row in connection.execute(BEHIND, (seq, _NO_LIMIT if limit is None else limit)):
            yield Row(*row)


def rows_of_types(connection: sqlite3.Connection, types: Collection[str], seq: int) -> Iterator[Row]:
    wanted = ", ".join("?" * len(types))
    with Translated("reading the chain"):
        for row in connection.execute(OF_TYPES.format(wanted=wanted), (seq, *types)):
            yield Row(*row)


def row_with(connection: sqlite3.Connection, key: Key, last_seq: int) -> Row | None:
    with Translated(f"looking up {key.kind} {key.value}"):
        row = connection.execute(WITH_KEY, (key.kind, key.value, last_seq)).fetchone()
    return None if row is None else Row(*row)


def rows_of_story(connection: sqlite3.Connection, position_id: str, last_seq: int) -> list[Row]:
    with Translated(f"reading the story of position {position_id}"):
        return [Row(*row) for row in connection.execute(OF_STORY, (position_id, last_seq))]


def all_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Every row, as SQLite's plain tuples: a verification has no time to name their columns."""
    with Translated("walking the chain"):
        yield from connection.execute(SCAN)


def all_keys(connection: sqlite3.Connection) -> Iterator[KeyRow]:
    with Translated("walking the keys"):
        for row in connection.execute(SCAN_KEYS):
            yield KeyRow(*row)


def complaints(connection: sqlite3.Connection) -> list[str]:
    """What SQLite's own check finds wrong with tables and indexes; empty when nothing is."""
    with Translated("checking the database"):
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    return [] if found == ["ok"] else found
