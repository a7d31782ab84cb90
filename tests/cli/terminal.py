"""A person at a real terminal: a command on a pseudo-terminal, read until it asks, then typed at."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer

from tests import children

ROOT = Path(__file__).parents[2]
END_OF_INPUT, INTERRUPT = "\x04", "\x03"
_PROGRAM = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from phoenix.cli.main import main; main()"
"""The terminal becomes the one that controls the command, so that Ctrl-C interrupts it."""
ASKS = "approves nothing: "
LIMIT_S = 60


def _nothing() -> None:
    """Happens between showing and typing, unless told otherwise."""


def at_terminal(home: Path, *arguments: str, types: str, meanwhile: Callable[[], None] = _nothing) -> tuple[int, str]:
    """The exit code of a command and all that the terminal showed. `meanwhile` happens before anything is typed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
        start_new_session=True,
        env=children.environment(PHOENIX_HOME=str(home), COLUMNS="100", TERM="xterm"),
    )  # fmt: skip
    os.close(theirs)
    limit = Timer(LIMIT_S, process.kill)
    limit.start()
    try:
        seen = read_until(ours, ASKS)
        if ASKS in seen:
            meanwhile()
            os.write(ours, types.encode())
            seen += read_until(ours, None)
        return process.wait(), seen
    finally:
        limit.cancel()
        process.kill()
        process.wait()
        os.close(ours)


def read_until(terminal: int, until: str | None) -> str:
    """What is shown until a text appears, or the command has left the terminal."""
    seen = b""
    while until is None or until.encode() not in seen:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    return seen.decode()
