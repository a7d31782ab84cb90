"""A person at a real terminal, fast: the command runs in a fork of this process, on a pseudo-terminal of its own."""

from __future__ import annotations

import os
import pty
import sys
from threading import Timer

from phoenix.cli.main import main

ASKS = "approves nothing: "
_LIMIT_S = 60
_BROKEN = 99


def typing(types: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, asked and answered once, and all that the terminal showed."""
    child, terminal = pty.fork()
    if child == 0:
        os._exit(_in_child(arguments))
    limit = Timer(_LIMIT_S, os.kill, (child, 9))
    limit.start()
    try:
        seen = _read(terminal, ASKS)
        if ASKS in seen:
            os.write(terminal, types.encode())
            seen += _read(terminal, None)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), seen
    finally:
        limit.cancel()
        os.close(terminal)


def _in_child(arguments: tuple[str, ...]) -> int:
    """The child's own streams are the terminal; nothing of it may come back to the test runner."""
    sys.stdin = open(0, buffering=1)  # noqa: SIM115 - they end with the process
    sys.stdout, sys.stderr = (open(number, "w", buffering=1) for number in (1, 2))  # noqa: SIM115
    sys.argv = ["phoenix", *arguments]
    try:
        main()
    except SystemExit as left:
        sys.stdout.flush()
        return int(left.code or 0)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it ends here
        os.write(2, repr(error).encode())
    return _BROKEN


def _read(terminal: int, until: str | None) -> str:
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
