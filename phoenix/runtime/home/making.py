"""Making a home, once; nothing is ever overwritten."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from phoenix.adapters.checkpoints import make_key
from phoenix.config import Settings
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.home.binding import bind_new_store
from phoenix.runtime.home.default_configuration import default_configuration
from phoenix.runtime.home.directory import BOOK, CONFIGURATION, INBOX_FOLDERS, Home


def init(directory: Path, now: datetime) -> Home:
    """Make a data directory for the simulator: configuration, store, checkpoint key, inbox.

    The first bead binds the store to its account and mode. Raises ConfigurationError where any of these files exists
    already.
    """
    default = Home(directory, Settings())
    _require_free(
        [directory / BOOK, directory / CONFIGURATION, default.store, default.private_key, default.checkpoints]
    )
    directory.mkdir(parents=True, exist_ok=True)
    for name in INBOX_FOLDERS:
        (default.inbox / name).mkdir(parents=True, exist_ok=True)
    public_key = make_key(default.private_key)
    (directory / CONFIGURATION).write_text(default_configuration(public_key), encoding="utf-8")
    home = Home.open(directory)
    bind_new_store(home, now)
    return home


def _require_free(paths: list[Path]) -> None:
    for path in paths:
        if path.exists():
            raise ConfigurationError(
                f"{path}: something is here already; it was left as it was. Use it, or choose another directory"
            )
