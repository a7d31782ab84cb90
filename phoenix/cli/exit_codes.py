"""What the exit code of every command means; the numbers never change."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """OK: done. ERROR: something went wrong, see the message. USAGE: the command was called wrongly. REFUSED: a rule or
    a check said no. BROKER_UNREACHABLE: no session, so nothing is known. DRIFT: the books differ. HALTED: a global kill
    flag is set. NOT_YET_KNOWN: on record, or handed over, but without an outcome in time; look before anything else.
    CONNECTION_PROVEN: a drill found the broker in order, and cannot approve on this account."""

    OK = 0
    ERROR = 1
    USAGE = 2
    REFUSED = 3
    BROKER_UNREACHABLE = 4
    DRIFT = 5
    HALTED = 6
    NOT_YET_KNOWN = 7
    CONNECTION_PROVEN = 8
