"""Whether the home's files are where they should be, and open to those only who should have them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from phoenix.ports.errors import ConfigurationError, StoreError
from phoenix.runtime.checkup.finding import Finding, failed, ok, warning
from phoenix.runtime.home import INBOX_FOLDERS, Home
from phoenix.runtime.home.files import odd_places
from phoenix.runtime.process.opening import open_checkpoints

FILES, KEYS, DISK, INBOX = "files", "checkpoint keys", "disk", "inbox"
_SPACE_LEAST, _SPACE_LOW = 100_000_000, 1_000_000_000
_GB = 1_000_000_000
_FOR_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def files(home: Home) -> Iterator[Finding]:
    """What is missing, may not be written, or may be written by others."""
    problems = [*_no_files(home), *_unwritable(home), *_writable_by_others(home)]
    yield from problems
    if not problems:
        yield ok(FILES, f"{home.directory} holds what it should, for its owner to write")


def keys(home: Home) -> Finding:
    """Whether checkpoints can be signed, and by the key that the configuration names."""
    try:
        open_checkpoints(home)
    except (ConfigurationError, StoreError) as error:
        return failed(KEYS, str(error), f"ls -l {home.private_key}; restore the key of this home, or chmod 600 it")
    return ok(KEYS, f"{home.private_key} is the configured key, for its owner only")


def disk(home: Home) -> Finding:
    """Whether there is room for the store to grow."""
    folder = home.store.parent if home.store.parent.is_dir() else home.directory
    free = shutil.disk_usage(folder).free
    found = f"{free / _GB:.1f} GB are free where the store lies"
    if free < _SPACE_LEAST:
        return failed(DISK, found, f"df -h {folder}; free some space before serving")
    return warning(DISK, found, f"df -h {folder}; free some space soon") if free < _SPACE_LOW else ok(DISK, found)


def inbox(home: Home) -> Finding:
    """What a crash has left half done in the inbox, and what waits there."""
    missing = [name for name in INBOX_FOLDERS if not (home.inbox / name).is_dir()]
    if missing:
        return warning(INBOX, f"{home.inbox / missing[0]} is missing; it is made anew at the start", "phoenix serve")
    left = _documents(home.inbox / "processing")
    if left:
        return warning(INBOX, f"{left} documents lie in processing/, left by a crash or just being read",
                       "phoenix serve takes them in again; a signal counts once")  # fmt: skip
    waiting = _documents(home.inbox)
    if waiting:
        return warning(INBOX, f"{waiting} documents wait in {home.inbox}", "phoenix serve takes them in")
    return ok(INBOX, f"{home.inbox} is empty")


def _documents(folder: Path) -> int:
    return sum(1 for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))


def _no_files(home: Home) -> Iterator[Finding]:
    for path, problem in odd_places(home):
        yield failed(FILES, f"{path}: {problem}", f"ls -ld {path}; move it away, and restore the file from a backup")


def _unwritable(home: Home) -> Iterator[Finding]:
    for path in (home.directory, home.store, home.alerts, home.checkpoints, home.inbox):
        if path.exists() and not os.access(path, os.W_OK):
            yield failed(FILES, f"{path} cannot be written", f"ls -ld {path}; run as its owner, or chown it")


def _writable_by_others(home: Home) -> Iterator[Finding]:
    for path in (home.store, home.checkpoints, home.directory):
        if path.exists() and path.stat().st_mode & _FOR_OTHERS:
            yield warning(FILES, f"{path} can be written by others than its owner", f"chmod go-w {path}")
