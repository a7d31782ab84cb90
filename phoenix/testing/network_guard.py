"""The rule that no test reaches the real IBKR, enforced in the running test process.

An audit hook sees every connection attempt of the process, whatever library makes it, and cannot be taken out again:
it refuses addresses off this machine and the ports on which a real TWS or IB Gateway listens.
"""

from __future__ import annotations

import sys
from ipaddress import ip_address
from typing import Any

import pytest

REAL_IBKR_PORTS = frozenset({4001, 4002, 7496, 7497})
_GUARDED_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


def install() -> None:
    """Guards this process for the rest of its life."""
    sys.addaudithook(_audit)


def refusal(address: object) -> str | None:
    """Why a test may not connect to an address, or None where it may (unix sockets, simulators on loopback)."""
    if not isinstance(address, tuple):
        return None
    host, port = address[0], address[1]
    if port in REAL_IBKR_PORTS:
        return f"port {port} is where a real TWS or IB Gateway listens; let the simulator choose a free port"
    if not _is_loopback(host):
        return f"{host!r} is not this machine; tests talk to simulators on 127.0.0.1 or ::1 only"
    return None


def _is_loopback(host: object) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _GUARDED_EVENTS:
        why = refusal(arguments[1])
        if why is not None:
            pytest.fail(f"INV-IBKR-MOCK-1: a test tried to connect to {arguments[1]!r}: {why}")
