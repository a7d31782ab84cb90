"""The data directory: the configuration and everything it names, made once and opened ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from phoenix.config import Settings, read_settings
from phoenix.ports.errors import ConfigurationError

CONFIGURATION = "phoenix.toml"
BOOK = "book.db"
"""Where the default configuration lets the simulated broker live."""
INBOX_FOLDERS = ("processing", "accepted", "refused")


@dataclass(frozen=True, slots=True)
class Home:
    """A data directory with its checked configuration. Paths of the configuration begin here."""

    directory: Path
    settings: Settings

    @classmethod
    def open(cls, directory: Path, overrides: Mapping[str, str] | None = None) -> Home:
        """The home at a directory (or at its configuration file). Reads the configuration and nothing else.

        Raises ConfigurationError where there is none, or it is wrong.
        """
        file = configuration_of(directory)
        if not file.is_file():
            raise ConfigurationError(f"{file}: there is no configuration here. Run phoenix init, or name its directory")
        return cls(file.parent.resolve(), read_settings(file, overrides))

    @property
    def store(self) -> Path:
        return self.directory / self.settings.store.path

    @property
    def lock(self) -> Path:
        return beside(self.store, "lock")

    @property
    def status(self) -> Path:
        return beside(self.store, "status")

    @property
    def snapshot(self) -> Path:
        return beside(self.store, "snapshot")

    @property
    def checkpoints(self) -> Path:
        return self.directory / self.settings.checkpoints.path

    @property
    def private_key(self) -> Path:
        return self.directory / self.settings.checkpoints.private_key

    @property
    def inbox(self) -> Path:
        return self.directory / self.settings.inbox.path

    @property
    def alerts(self) -> Path:
        return self.directory / self.settings.alerts.path


def configuration_of(directory: Path) -> Path:
    """The configuration file of a home that was named by its directory, or by that very file."""
    return directory if directory.is_file() else directory / CONFIGURATION


def beside(store: Path, suffix: str) -> Path:
    """A file that belongs to a store and lies next to it."""
    return store.with_name(f"{store.name}.{suffix}")
