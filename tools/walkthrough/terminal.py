"""A terminal of a fixed size that runs one command and types what is given to it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

COLUMNS, ROWS = 104, 60
LIMIT_S = 60.0
_PROMPT_ENDS = (b": ", b"> ", b"? ")


@dataclass(frozen=True, slots=True)
class Played:
    """What stood on the terminal, escape sequences included, and how the command ended."""

    shown: str
    exit_code: int


def play(command: str, typed: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> Played:
    """Run a shell command in a folder; each typed line is given when the command has stopped at a prompt.

    Raises TimeoutError for a command that takes longer than a minute; it is killed then.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve("/bin/bash", ["bash", "-c", command], {**environment, "TERM": "xterm-256color"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    try:
        shown = _attend(terminal, list(typed), monotonic() + LIMIT_S)
    finally:
        os.close(terminal)
        _, status = os.waitpid(child, 0)
    return Played(shown.decode(errors="replace").replace("\r\n", "\n"), os.waitstatus_to_exitcode(status))


def _attend(terminal: int, typed: list[str], until: float) -> bytes:
    shown = b""
    while True:
        if monotonic() > until:
            raise TimeoutError(f"the command was still busy after {LIMIT_S:.0f} s; it had said {shown[-500:]!r}")
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            said = _read(terminal)
            if not said:
                return shown
            shown += said
        elif typed and shown.endswith(_PROMPT_ENDS):
            os.write(terminal, f"{typed.pop(0)}\n".encode())


def _read(terminal: int) -> bytes:
    """What is there; nothing once the command has closed its end."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
