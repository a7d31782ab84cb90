"""A typed confirmation at a terminal: what is being done is typed out, and anything else does nothing."""

from __future__ import annotations

import asyncio
import os
import sys

from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason

_LINE_MAX = 4096
"""Bytes that a terminal hands over as one line at most."""


def require_terminal(*, as_json: bool) -> None:
    """Raises Refused where a person cannot be looking: what is shown and what is typed both need a terminal."""
    shown_on = ("standard error", sys.stderr) if as_json else ("standard output", sys.stdout)
    for name, stream in (("standard input", sys.stdin), shown_on):
        if not stream.isatty():
            raise Refused(
                RefusalReason.PROOF_MISSING, "terminal", f"{name} is no terminal; nothing was approved",
                "Approve at a terminal, where what is being done is typed out by hand",
            )  # fmt: skip


def typed(wanted: str) -> str | None:
    """What a person typed when asked for `wanted`; None where they left instead, by end of input or Ctrl-C."""
    try:
        _ask_for(wanted)
        line = sys.stdin.readline()
    except (KeyboardInterrupt, UnicodeDecodeError):
        line = ""
    if not line.endswith("\n"):
        sys.stderr.write("\n")
        return None
    return line.strip()


async def typed_in_time(wanted: str, limit_s: float) -> str | None:
    """As `typed`, while other things go on; None where the person left, or took too long. Ctrl-C ends those, too."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[bytes] = loop.create_future()
    number = sys.stdin.fileno()

    def take() -> None:
        loop.remove_reader(number)
        try:
            line.set_result(os.read(number, _LINE_MAX))
        except OSError:  # the terminal is gone
            line.set_result(b"")

    _ask_for(wanted)
    loop.add_reader(number, take)
    try:
        answer = await asyncio.wait_for(line, limit_s)
    except TimeoutError:
        answer = b""
    finally:
        loop.remove_reader(number)
    if not answer.endswith(b"\n"):
        sys.stderr.write("\n")
        return None
    return answer.decode(errors="replace").strip()


def _ask_for(wanted: str) -> None:
    sys.stderr.write(f"Type  {wanted}  to approve it; anything else approves nothing: ")
    sys.stderr.flush()


def terminal_name() -> str:
    """The terminal that was typed at, for the record."""
    try:
        return os.ttyname(sys.stdin.fileno())
    except OSError:
        return "unknown"
