"""Whether everything in a home has a place of its own: two things in one file would write over each other."""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

_BOOK = "book"
"""The setting by which a simulated broker names the file it lives in."""


def misplaced(files: Mapping[str, Path], dispensable: Collection[str], inbox: Path) -> Iterator[str]:
    """What is wrong with where things lie, in words. `files` are the places by the names that people know them by; what
    is dispensable may be anything for a while, for nobody's trading depends on it."""
    taken: dict[object, str] = {}
    folder = inbox.resolve()
    for name, place in files.items():
        for identity in _identities(place):
            if taken.setdefault(identity, name) != name:
                yield f"{name}: {place} is already that of {taken[identity]}. Give each a file of its own"
                break
        if name not in dispensable:
            yield from _unfit(name, place)
        if folder in (place.resolve(), *place.resolve().parents):
            yield f"{name}: {place} lies in {inbox}, whose documents are taken in. Let inbox.path name a folder apart"


def book_of(folder: Path, options: Mapping[str, object]) -> dict[str, Path]:
    """The file of the simulated broker, where the chosen adapter's table names one."""
    named = options.get(_BOOK)
    return {f"the broker's {_BOOK}": folder / named} if isinstance(named, str) else {}


def _unfit(name: str, place: Path) -> Iterator[str]:
    if place.is_dir():
        yield f"{name}: {place} is a folder. Name a file"
    elif place.exists() and not place.is_file():
        yield f"{name}: {place} is not an ordinary file. Name another"


def _identities(place: Path) -> Iterator[object]:
    """What two names of one file have in common: the path behind links, and the file itself where it is there."""
    yield place.resolve()
    if place.exists():
        found = place.stat()
        if stat.S_ISREG(found.st_mode):
            yield found.st_dev, found.st_ino
