"""What lies where a home's files belong, and is none: a pipe, a device, a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from phoenix.adapters.files import odd_kind
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.home.directory import Home

_OF_SQLITE = ("", "-wal", "-shm", "-journal")


def odd_places(home: Home) -> Iterator[tuple[Path, str]]:
    """Every place with something else than should be there, each with what is wrong."""
    for path in (*_needed(home), home.status, home.snapshot, home.alerts):
        kind = odd_kind(path)
        if kind is not None:
            yield path, f"it is {kind}, not a file"
    if home.inbox.exists() and not home.inbox.is_dir():
        yield home.inbox, "it is no folder"


def require_plain_files(home: Home) -> None:
    """Raises ConfigurationError for the first place without which nothing can be traded.

    What only tells of the trading, or makes a start quicker, ends nothing: it is left aside, and `doctor` names it.
    """
    needed = set(_needed(home))
    for path, problem in odd_places(home):
        if path in needed:
            raise ConfigurationError(f"{path}: {problem}; nothing was done. Move it away, then phoenix doctor")


def _needed(home: Home) -> Iterator[Path]:
    yield from (Path(f"{home.store}{suffix}") for suffix in _OF_SQLITE)
    yield from (home.lock, home.checkpoints, home.private_key)
    book = home.settings.broker.options.get("book")
    if isinstance(book, str):
        yield from (Path(f"{home.directory / book}{suffix}") for suffix in _OF_SQLITE)
