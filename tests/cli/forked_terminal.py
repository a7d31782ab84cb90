"""A person at a real terminal, fast: the command runs in a fork of this process, on a pseudo-terminal of its own."""

from __future__ import annotations

import os
import pty
import sys
from threading import Timer

from phoenix.cli.main import main
from tests.cli.terminal import ASKS, LIMIT_S, read_until

_BROKEN = 99


def typing(types: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, asked and answered once, and all that the terminal showed."""
    child, terminal = pty.fork()
    if child == 0:
        os._exit(_in_child(arguments))
    limit = Timer(LIMIT_S, os.kill, (child, 9))
    limit.start()
    try:
        seen = read_until(terminal, ASKS)
        if ASKS in seen:
            os.write(terminal, types.encode())
            seen += read_until(terminal, None)
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
