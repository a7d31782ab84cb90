"""A glance at a home: who is at work, and what was last shown. Opens no store and folds nothing.

Only what the standard library reads quickly is imported here, so that a status costs next to nothing.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from phoenix.adapters.files import read_file
from phoenix.adapters.locks import FileLock
from phoenix.ports.errors import ConfigurationError
from phoenix.ports.lock import Holder
from phoenix.runtime.status.chain_glimpse import glimpse, with_flags
from phoenix.runtime.status.file import Status, read_status
from phoenix.runtime.status.soundness import require_sound, require_store
from phoenix.runtime.status.workers import late_workers

_CONFIGURATION = "phoenix.toml"
_STORE_VARIABLE = "PHOENIX_STORE__PATH"
_DEFAULT_STORE = "phoenix.db"
SERVING = "serve"
"""How a long-lived executor names itself in the lock; any other holder is a command that acts for a moment."""


class Health(StrEnum):
    """ACTIVE: entries pass. ENTRIES_CLOSED: they do not, for a reason that is given. HALTED: a human must lift it."""

    ACTIVE = "ACTIVE"
    ENTRIES_CLOSED = "ENTRIES_CLOSED"
    HALTED = "HALTED"


@dataclass(frozen=True, slots=True)
class Glance:
    """`executor` is the process at work; `status` what was last shown, perhaps long ago; `head_seq` the chain's last
    bead, None where the store could not be read without disturbing it. `kill_flags` are those that are active, also
    where the status does not speak of them yet; `alerts` the newest ones, newest first."""

    store: Path
    executor: Holder | None
    status: Status | None
    head_seq: int | None
    kill_flags: tuple[dict[str, Any], ...]
    alerts: tuple[dict[str, Any], ...]

    @property
    def unshown_beads(self) -> int | None:
        """How many beads the status does not speak of yet."""
        if self.head_seq is None:
            return None
        return self.head_seq - (0 if self.status is None else self.status.head_seq)

    @property
    def is_served(self) -> bool:
        """Whether a long-lived executor is at work, and not a command that acts for a moment."""
        return self.executor is not None and self.executor.command == SERVING

    def is_current(self, now: datetime) -> bool:
        """Whether the status is that of the executor at work, and no older than one that works shows it."""
        if self.executor is None or self.status is None or (self.unshown_beads or 0) < 0:
            return False
        as_of, until = self.status.instant("as_of"), self.status.instant("fresh_until")
        return as_of is not None and until is not None and self.executor.since <= as_of <= until and now <= until

    def health(self, now: datetime) -> tuple[Health, str]:
        """Whether entries pass now, and why they do or do not. What is not known to be open is closed."""
        halting = [flag for flag in self.kill_flags if flag.get("strategy_id") is None]
        if halting:
            return Health.HALTED, f"a global kill flag is set: {halting[0].get('reason')}"
        if self.head_seq is None:
            return Health.ENTRIES_CLOSED, "the store cannot be read, so nothing is known: phoenix doctor says why"
        if self.executor is None:
            return Health.ENTRIES_CLOSED, "no executor is at work"
        if self.status is None or not self.is_current(now):
            return Health.ENTRIES_CLOSED, f"the executor has shown nothing since {self._last_shown()}"
        shown = self.status.document
        late = late_workers(self.status, now)
        if late:
            return Health.ENTRIES_CLOSED, f"late: {', '.join(worker.name for worker in late)}"
        has_session = bool(shown.get("connected")) and bool(shown.get("reconciled"))
        if has_session and shown.get("health") == Health.HALTED:
            return Health.ACTIVE, "entries are open, a kill flag was lifted just now"
        is_open = has_session and shown.get("health") == Health.ACTIVE
        return (Health.ACTIVE if is_open else Health.ENTRIES_CLOSED), str(shown.get("reason"))

    def differs(self) -> bool:
        """Whether the books were last shown to differ from the broker's: a drift, a stray, an execution of nobody's."""
        return any(self.count(name) for name in ("drifts", "strays", "parked"))

    def count(self, name: str) -> int:
        """A number of the status; 0 where none was shown."""
        value = None if self.status is None else self.status.document.get(name)
        return value if isinstance(value, int) else 0

    def _last_shown(self) -> str:
        executor = self.executor
        if executor is None or self.status is None:
            return "it started"
        as_of = self.status.instant("as_of")
        return "it started" if as_of is None or as_of < executor.since else self.status.as_of


def glance(directory: Path) -> Glance:
    """Raises ConfigurationError where there is no home, StoreUnavailable where there is no store or its lock cannot be
    read, StoreCorrupt where the store is damaged."""
    store = _store_of(directory)
    require_store(store)
    executor = FileLock(_beside(store, "lock")).holder() if _beside(store, "lock").exists() else None
    status = read_status(_beside(store, "status"))
    seen = glimpse(store, 0 if status is None else status.head_seq)
    shown = [] if status is None else status.kill_flags
    if seen is not None and status is not None and seen.head_seq < status.head_seq:
        shown, seen = [], glimpse(store, 0)  # it speaks of another chain, whose kill flags are not those of this one
    if seen is None or seen.head_seq == 0:
        require_sound(store)
    if seen is None:
        return Glance(store, executor, status, None, tuple(shown), ())
    return Glance(store, executor, status, seen.head_seq, tuple(with_flags(shown, seen.flag_beads)), seen.alert_beads)


def _beside(store: Path, suffix: str) -> Path:
    return store.with_name(f"{store.name}.{suffix}")


def _store_of(directory: Path) -> Path:
    file = directory if directory.is_file() else directory / _CONFIGURATION
    try:
        document = tomllib.loads(read_file(file).decode())
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{file}: there is no configuration here. Run phoenix init, or name its directory"
        ) from error
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: cannot be read ({error}). Correct the file") from error
    table = document.get("store", {})
    named = table.get("path", _DEFAULT_STORE) if isinstance(table, dict) else _DEFAULT_STORE
    return file.parent.resolve() / os.environ.get(_STORE_VARIABLE, str(named))
