"""The executor's lock as an advisory lock (flock) on a file beside the store.

The operating system lets go of it when the holder ends, however it ends; the file itself stays, and its content says
who took the lock last.
"""

from __future__ import annotations

import fcntl
import json
import os
from datetime import datetime
from os import PathLike
from pathlib import Path
from threading import Event
from typing import Any

from phoenix.adapters.files import open_file, read_file
from phoenix.domain.errors import DomainError
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.ports.errors import StoreUnavailable
from phoenix.ports.lock import ExecutorLock, Holder, refused

_TRIES = 5
_PAUSE_S = 0.02
"""Whoever asks whether the lock is free holds it for an instant; that must not be taken for an executor."""


class FileLock(ExecutorLock):
    """A lock on a local file. Not for network file systems, where advisory locks may not reach other machines."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)
        self._descriptor: int | None = None

    def take(self, holder: Holder) -> None:
        if self._descriptor is not None:
            raise refused(self.holder())
        descriptor = self._open(os.O_RDWR | os.O_CREAT)
        if not _locked(descriptor, fcntl.LOCK_EX, _TRIES):
            os.close(descriptor)
            raise refused(self._named())
        self._descriptor = descriptor
        try:
            self.require_held()
        except StoreUnavailable:
            os.close(descriptor)
            self._descriptor = None
            raise
        self._write(_content(holder))

    def release(self) -> None:
        if self._descriptor is None:
            return
        self._write(b"")
        os.close(self._descriptor)
        self._descriptor = None

    def require_held(self) -> None:
        """A lock is on the file, not on its name: under a name that was removed, others find a file of their own."""
        held = None if self._descriptor is None else os.fstat(self._descriptor)
        try:
            named = os.stat(self._path)
        except OSError:
            named = None
        if held is None or named is None or not os.path.samestat(held, named):
            raise StoreUnavailable(
                f"{self._path}: the executor's lock was removed or replaced, so another process may be the executor; "
                "this one ends. Leave that file alone: the lock is let go of by itself when its holder ends"
            )

    def holder(self) -> Holder | None:
        named = self._named()
        if self._descriptor is not None or named is None:
            return named
        descriptor = self._open(os.O_RDONLY)
        try:
            return None if _locked(descriptor, fcntl.LOCK_SH, 1) else self._named()
        finally:
            os.close(descriptor)

    def _named(self) -> Holder | None:
        """Whom the content names; nobody where there is none, or it is just being written."""
        try:
            document: dict[str, Any] = json.loads(read_file(self._path))
            named = Holder(
                int(document["pid"]), str(document["host"]), str(document["user"]), str(document["command"]),
                parse_instant(document["since"]),
            )  # fmt: skip
        except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError, DomainError):
            return None
        return named if named.pid > 0 else None

    def _open(self, flags: int) -> int:
        try:
            return open_file(self._path, flags, 0o644)
        except OSError as error:
            raise StoreUnavailable(
                f"{self._path}: the executor's lock cannot be used ({error.strerror}); nothing was changed"
            ) from error

    def _write(self, content: bytes) -> None:
        assert self._descriptor is not None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, content, 0)


def this_process(command: str, since: datetime) -> Holder:
    """This process as a holder. What naming it needs is imported here: most commands only ask who holds the lock."""
    import socket

    return Holder(os.getpid(), socket.gethostname(), _user(), command, since)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in containers
        return str(os.getuid())


def _content(holder: Holder) -> bytes:
    document = {
        "pid": holder.pid, "host": holder.host, "user": holder.user, "command": holder.command,
        "since": instant_text(holder.since),
    }  # fmt: skip
    return json.dumps(document).encode()


def _locked(descriptor: int, kind: int, tries: int) -> bool:
    for left in reversed(range(tries)):
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                Event().wait(_PAUSE_S)
        else:
            return True
    return False
