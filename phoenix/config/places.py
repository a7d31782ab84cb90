"""Where a home's files lie: every one in a place of its own, so that nothing is ever written into another's file.

A place is compared as the operating system would find it: relative to the configuration, through every symbolic link,
and regardless of case, for there are file systems that know none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phoenix.config.settings import Settings

CONFIGURATION = "configuration"
"""What the configuration file itself is called here; no setting moves it."""
_OF_SQLITE = ("-wal", "-shm", "-journal")
_BESIDE_THE_STORE = (".lock", ".status", ".snapshot")
_BOOK = "book"
"""The option by which an adapter names the file of its own that a simulated broker lives in."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or a folder, that the setting `key` puts somewhere; `what` tells it from others of the same setting."""

    key: str
    what: str
    path: Path
    is_folder: bool = False

    def __str__(self) -> str:
        return self.key if self.what == "" else f"{self.key} ({self.what})"


def clashes(settings: Settings, file: Path) -> list[str]:
    """Every two settings whose files would be one, or lie in each other; `file` is the configuration's."""
    return [
        problem
        for one, other in combinations(_places(settings, file), 2)
        if one.key != other.key and (problem := _clash(one, other)) is not None
    ]


def _places(settings: Settings, file: Path) -> Iterator[Place]:
    folder = file.parent
    yield Place(CONFIGURATION, "", file)
    yield from _database("store.path", folder / settings.store.path, (*_OF_SQLITE, *_BESIDE_THE_STORE))
    yield Place("checkpoints.path", "", folder / settings.checkpoints.path)
    yield Place("checkpoints.private_key", "", folder / settings.checkpoints.private_key)
    yield Place("alerts.path", "", folder / settings.alerts.path)
    yield Place("inbox.path", "", folder / settings.inbox.path, is_folder=True)
    book = _book(settings.broker.options)
    if book is not None:
        yield from _database(f"broker.{settings.broker.adapter}.{_BOOK}", folder / book, _OF_SQLITE)


def _database(key: str, path: Path, suffixes: tuple[str, ...]) -> Iterator[Place]:
    """A database's file, and those that are named after it."""
    yield Place(key, "", path)
    for suffix in suffixes:
        yield Place(key, f"its {suffix[1:]} file", Path(f"{path}{suffix}"))


def _book(options: Mapping[str, object]) -> str | None:
    book = options.get(_BOOK)
    return book if isinstance(book, str) and book else None


def _clash(one: Place, other: Place) -> str | None:
    ours, theirs = _found(one.path), _found(other.path)
    if ours == theirs or _is_linked(one.path, other.path):
        return _told(other, one, f"{str(other.path)!r} is where {one} is")
    if ours in theirs.parents:
        return _told(other, one, f"{str(other.path)!r} lies within {one}")
    if theirs in ours.parents:
        return _told(one, other, f"{str(one.path)!r} lies within {other}")
    return None


def _told(moved: Place, kept: Place, what: str) -> str:
    key = kept.key if moved.key == CONFIGURATION else moved.key
    subject = key if str(moved).startswith(CONFIGURATION) else str(moved)
    return f"{subject}: {what}. Give {key} a path of its own, such as one beside the configuration file"


def _found(path: Path) -> Path:
    return Path(os.path.realpath(path).casefold())


def _is_linked(one: Path, other: Path) -> bool:
    """Whether both names stand for one file that is there: by a hard link, or by a file system's own rules."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
