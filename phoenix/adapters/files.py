"""Reading and writing files: never what is no file, and so that a crash leaves the former content or the new one."""

from __future__ import annotations

import os
import stat
from errno import EINVAL, EISDIR
from os import PathLike
from pathlib import Path

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def odd_kind(path: str | PathLike[str]) -> str | None:
    """What lies there in words, where that is no file; None for a file, for nothing, and for what cannot be seen."""
    try:
        return _odd(os.stat(path).st_mode)
    except OSError:
        return None


def open_file(path: str | PathLike[str], flags: int, mode: int = 0o600) -> int:
    """A descriptor of a regular file. What lies there is looked at first: a pipe would wait for ever, a device answer
    without end. Raises OSError."""
    _require_file(path, odd_kind(path))
    descriptor = os.open(path, flags | os.O_NONBLOCK, mode)  # a pipe may have come in between
    try:
        _require_file(path, _odd(os.fstat(descriptor).st_mode))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_file(path: str | PathLike[str], length: int = -1) -> bytes:
    """The content of a regular file, or its beginning of a length in bytes. Raises OSError."""
    with os.fdopen(open_file(path, os.O_RDONLY), "rb") as file:
        return file.read(length)


def replace_whole(path: Path, content: bytes) -> None:
    """Give a file a new content, for its owner only and on disk before this returns. One process at a time may do so.

    Raises OSError.
    """
    unfinished = path.with_name(f".{path.name}")
    descriptor = open_file(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the content of its files. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _odd(mode: int) -> str | None:
    return None if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "something else")


def _require_file(path: str | PathLike[str], kind: str | None) -> None:
    if kind is not None:
        number = EISDIR if kind == _KINDS[stat.S_IFDIR] else EINVAL
        raise OSError(number, f"it is {kind}, not a file", os.fspath(path))
