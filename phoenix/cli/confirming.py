"""A typed confirmation at a terminal: what is being done is typed out, and anything else does nothing."""

from __future__ import annotations

import os
import sys

from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason


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
        sys.stderr.write(f"Type  {wanted}  to approve it; anything else approves nothing: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
    except (KeyboardInterrupt, UnicodeDecodeError):
        line = ""
    if not line.endswith("\n"):
        sys.stderr.write("\n")
        return None
    return line.strip()


def terminal_name() -> str:
    """The terminal that was typed at, for the record."""
    try:
        return os.ttyname(sys.stdin.fileno())
    except OSError:
        return "unknown"
