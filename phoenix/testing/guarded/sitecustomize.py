"""The network guard of every Python child of a test run: Python imports this module before anything else.

It is switched by the environment, and lies in a folder of its own, which the test run puts first on PYTHONPATH. It
imports next to nothing, since tests look at what a fresh process has loaded.
"""

from __future__ import annotations

import os
import sys

REPORT_VARIABLE = "PHOENIX_NETWORK_GUARD_REPORT"
"""Names the file to which a refusal is added, one line each; without it, nothing is guarded."""
PORTS_VARIABLE = "PHOENIX_NETWORK_GUARD_PORTS"
"""The ports of real gateways, between commas."""

_TO_ADDRESSES = {
    "socket.connect": "connect to", "socket.sendto": "send to", "socket.sendmsg": "send to", "socket.bind": "listen at",
}  # fmt: skip
_OF_NAMES = ("socket.getaddrinfo", "socket.gethostbyname")


class ReachedOut(RuntimeError):
    """A process of a test run tried to leave this machine, or to use a real gateway's port."""


def objection(event: str, arguments: tuple[object, ...], ports: frozenset[int]) -> str | None:
    """What is wrong with what an audit event is about to do, or None where it stays with simulators on loopback."""
    if event in _TO_ADDRESSES:
        address = arguments[1]
        why = refusal(address, ports) if isinstance(address, tuple) else None
        return None if why is None else f"tried to {_TO_ADDRESSES[event]} {address!r}: {why}"
    if event in _OF_NAMES and arguments[0] is not None and not _is_this_machine(arguments[0]):
        return f"tried to look up {arguments[0]!r}: tests talk to simulators on 127.0.0.1 or ::1 only"
    return None


def refusal(address: tuple[object, ...], ports: frozenset[int]) -> str | None:
    """Why an address of the internet is not one for a test, or None where it is."""
    host, port = address[0], address[1]
    if port in ports:
        return f"port {port} is where a real TWS or IB Gateway listens; let the simulator choose a free port"
    if not _is_loopback(host):
        return f"{host!r} is not this machine; tests talk to simulators on 127.0.0.1 or ::1 only"
    return None


def _is_this_machine(name: object) -> bool:
    """Whether a look-up is for this machine: a mail client asks for its own name before it speaks to any server."""
    return _is_loopback(name) or _text(name) == os.uname().nodename


def _text(host: object) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _is_loopback(host: object) -> bool:
    from ipaddress import ip_address

    name = _text(host)
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def report(path: str, what: str) -> None:
    """Add a refusal to the file that the test run reads at its end, so that swallowing the error does not help."""
    words = " ".join(getattr(sys, "orig_argv", ()))
    line = f"INV-IBKR-MOCK-1: process {os.getpid()} ({words[:200]!r}) {what}\n"
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode("utf-8", "replace"))
    finally:
        os.close(file)


def _install(path: str, ports: frozenset[int]) -> None:
    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith("socket."):
            what = objection(event, arguments, ports)
            if what is not None:
                report(path, what)
                raise ReachedOut(f"INV-IBKR-MOCK-1: a test {what}")

    sys.addaudithook(audit)


def _chain() -> None:
    """Import the sitecustomize that this one hides, if there is one."""
    folder, mine, path = os.path.dirname(os.path.abspath(__file__)), sys.modules.pop("sitecustomize"), sys.path[:]
    sys.path[:] = [place for place in path if os.path.abspath(place) != folder]
    try:
        import sitecustomize  # type: ignore[import-not-found]  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.path[:] = [*(place for place in path if place not in sys.path), *sys.path]
        sys.modules.setdefault("sitecustomize", mine)


if __name__ == "sitecustomize":
    if os.environ.get(REPORT_VARIABLE):
        _install(
            os.environ[REPORT_VARIABLE],
            frozenset(int(port) for port in os.environ.get(PORTS_VARIABLE, "").split(",") if port),
        )
    _chain()
