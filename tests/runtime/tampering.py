"""What nobody should do to a home's files, done."""

from __future__ import annotations

import sqlite3

from phoenix.runtime.home import Home


def rewrite(home: Home, *statements: str) -> None:
    """Change the database behind the guards' back."""
    connection = sqlite3.connect(home.store)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        kept = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (trigger,)).fetchone()[0]
        connection.execute(f"DROP TRIGGER {trigger}")
        statements = (*statements, kept)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def configure(home: Home, before: str, after: str) -> None:
    file = home.directory / "phoenix.toml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def changed_byte(home: Home) -> None:
    changed = "CAST(replace(CAST(body AS TEXT), 'chaos_mock', 'chaos_muck') AS BLOB)"
    rewrite(home, f"UPDATE beads SET body = {changed} WHERE seq = 3")


def cut_tail(home: Home) -> None:
    rewrite(home, "DELETE FROM bead_keys WHERE seq > 2", "DELETE FROM beads WHERE seq > 2")
