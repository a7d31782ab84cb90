"""Being a store's executor: its lock is held while its parts are open, and both are let go of together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.locks import FileLock, this_process
from phoenix.adapters.store.sqlite.file import require_one_name, require_phoenix_file
from phoenix.runtime.home import Home
from phoenix.runtime.home.files import require_plain_files
from phoenix.runtime.process.opening import Parts, open_parts
from phoenix.runtime.saying import Say


@contextmanager
def held_parts(home: Home, command: str, say: Say) -> Iterator[Parts]:
    """An executor's parts, under its lock. `command` names this process to others.

    Raises ExecutorRunning, with nothing changed, while another process is the executor; and whatever stops a start.
    """
    require_plain_files(home)
    require_phoenix_file(home.store)
    require_one_name(home.store)
    lock = FileLock(home.lock)
    lock.take(this_process(command, SystemClock().now()))
    try:
        parts = open_parts(home, lock, say)
        try:
            yield parts
        finally:
            parts.store.close()
    finally:
        lock.release()
