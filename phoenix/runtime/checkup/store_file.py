"""What the store's file says of itself, read without opening it as a store: that could migrate it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from phoenix.adapters.store.schema_facts import NEWEST_REVISION, REVISIONS
from phoenix.adapters.store.sqlite.file import require_phoenix_file
from phoenix.domain.beads.codec import decode_bead
from phoenix.domain.beads.operations import ConfigChangePayload
from phoenix.domain.errors import PhoenixError
from phoenix.ports.errors import ConfigurationError, StoreError
from phoenix.runtime.checkup.finding import Finding, failed, ok, warning
from phoenix.runtime.home import Home
from phoenix.runtime.home.binding import require_same_account

FORMAT, BINDING = "store format", "store's account"
_RESTORE = "restore a backup of the store; phoenix beads verify tells more where it opens"
_PATIENCE_S = 1.0


def store_format(home: Home) -> Finding:
    """Whether the file is a Phoenix store of a known revision, kept durably."""
    path = home.store
    try:
        require_phoenix_file(path)
        with closing(_looked_at(path)) as connection:
            journal = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except StoreError as error:
        return failed(FORMAT, str(error), _RESTORE)
    except (sqlite3.Error, TypeError) as error:
        return failed(FORMAT, f"{path}: it cannot be read ({error})", _RESTORE)
    if revision not in REVISIONS:
        return failed(FORMAT, f"revision {revision} is not known to this Phoenix", "use the newer Phoenix that made it")
    if revision != NEWEST_REVISION:
        return warning(FORMAT, f"revision {revision} is older than {NEWEST_REVISION}", "the next start migrates it")
    if journal.lower() != "wal":
        return warning(FORMAT, f"the journal mode is {journal}, not WAL", "the next start sets it; use a local disk")
    return ok(FORMAT, f"revision {revision}, journal {journal.upper()}; every connection commits with synchronous FULL")


def binding(home: Home) -> Finding:
    """Whether the configured account is the one that the store belongs to."""
    try:
        with closing(_looked_at(home.store)) as connection:
            row = connection.execute("SELECT body FROM beads WHERE seq = 1").fetchone()
        if row is None:
            return failed(BINDING, "the store has no first bead, so it belongs to no account", "phoenix init elsewhere")
        _, bead = decode_bead(row[0])
    except (sqlite3.Error, PhoenixError, TypeError) as error:
        return failed(BINDING, f"the first bead cannot be read ({error})", _RESTORE)
    if not isinstance(bead.payload, ConfigChangePayload):
        return failed(BINDING, "the first bead binds the store to no account", _RESTORE)
    try:
        require_same_account(bead.payload.settings, home.settings.document())
    except ConfigurationError as error:
        return failed(BINDING, str(error), "phoenix config show --origin")
    return ok(BINDING, f"the store belongs to {home.settings.account.id} ({home.settings.account.mode.value})")


def _looked_at(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)
