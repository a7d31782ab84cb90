"""What the exit code of every command means; the numbers never change."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    OK = 0
    ERROR = 1
    USAGE = 2
    REFUSED = 3
    BROKER_UNREACHABLE = 4
    DRIFT = 5
    HALTED = 6
