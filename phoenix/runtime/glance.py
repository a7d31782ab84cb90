"""A glance at a home: who is at work, and what was last shown. Opens no store and folds nothing.

Only what the standard library reads quickly is imported here, so that a status costs next to nothing.
"""

from __future__ import annotations

import os
import sqlite3
import tomllib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from phoenix.adapters.locks import FileLock
from phoenix.ports.errors import ConfigurationError
from phoenix.ports.lock import Holder
from phoenix.runtime.status_file import Status, read_status

_CONFIGURATION = "phoenix.toml"
_STORE_VARIABLE = "PHOENIX_STORE__PATH"
_DEFAULT_STORE = "phoenix.db"


@dataclass(frozen=True, slots=True)
class Glance:
    """`executor` is the process at work; `status` what was last shown, perhaps long ago; `head_seq` the chain's last
    bead, None where the store could not be read without disturbing it."""

    store: Path
    executor: Holder | None
    status: Status | None
    head_seq: int | None

    @property
    def unshown_beads(self) -> int | None:
        """How many beads the status does not speak of yet."""
        if self.status is None or self.head_seq is None:
            return None
        return self.head_seq - self.status.head_seq


def glance(directory: Path) -> Glance:
    """Raises ConfigurationError where there is no home or no store."""
    store = _store_of(directory)
    if not store.is_file():
        raise ConfigurationError(f"{store}: there is no store here. Run phoenix init, or name its directory")
    executor = FileLock(store.with_name(f"{store.name}.lock")).holder() if _has_lock(store) else None
    return Glance(store, executor, read_status(store.with_name(f"{store.name}.status")), _head_of(store))


def _has_lock(store: Path) -> bool:
    return store.with_name(f"{store.name}.lock").exists()


def _store_of(directory: Path) -> Path:
    file = directory if directory.is_file() else directory / _CONFIGURATION
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{file}: there is no configuration here. Run phoenix init, or name its directory"
        ) from error
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: cannot be read ({error}). Correct the file") from error
    table = document.get("store", {})
    named = table.get("path", _DEFAULT_STORE) if isinstance(table, dict) else _DEFAULT_STORE
    return file.parent.resolve() / os.environ.get(_STORE_VARIABLE, str(named))


def _head_of(store: Path) -> int | None:
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=0.1)) as connection:
            row = connection.execute("SELECT max(seq) FROM beads").fetchone()
    except sqlite3.Error:
        return None
    return int(row[0]) if row and row[0] is not None else 0
