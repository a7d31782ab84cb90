"""INV-IBKR-MOCK-1 in the running process: nothing off this machine, and never a real gateway's port."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from phoenix.adapters.ibkr.guard import REAL_PORTS
from phoenix.testing.guarded.sitecustomize import PORTS_VARIABLE, REPORT_VARIABLE, objection
from tests import children

REACHES_OUT = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))"


@pytest.mark.parametrize("port", sorted(REAL_PORTS))
def test_a_real_gateway_port_is_refused_even_on_loopback(port: int) -> None:
    with socket.socket() as client, pytest.raises(pytest.fail.Exception, match=f"port {port}"):
        client.connect(("127.0.0.1", port))


def test_an_address_off_this_machine_is_refused_past_the_patched_connect() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as client,
        pytest.raises(pytest.fail.Exception, match="not this machine"),
    ):
        client.sendto(b"", ("192.0.2.1", 9))


@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"])
@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "example.invalid", "::2", "", "0.0.0.0", "::"])
def test_any_other_host_is_refused(event: str, host: str) -> None:
    assert objection(event, (None, (host, 12345)), frozenset()) is not None


@pytest.mark.parametrize("event", ["socket.connect", "socket.bind"])
@pytest.mark.parametrize("address", [("127.0.0.1", 5000), ("127.9.9.9", 5000), ("::1", 5000, 0, 0), "/run/a.sock"])
def test_loopback_and_unix_sockets_are_allowed(event: str, address: object) -> None:
    assert objection(event, (None, address), frozenset(REAL_PORTS)) is None


@pytest.mark.parametrize("name", ["example.invalid", b"example.invalid", "192.0.2.1"])
def test_other_names_are_not_even_looked_up(name: object) -> None:
    assert objection("socket.getaddrinfo", (name, 80, 0, 0, 0), frozenset()) is not None
    assert objection("socket.gethostbyname", (name,), frozenset()) is not None


@pytest.mark.parametrize("name", ["localhost", b"127.0.0.1", "::1", None])
def test_names_of_this_machine_are_looked_up(name: object) -> None:
    assert objection("socket.getaddrinfo", (name, 80, 0, 0, 0), frozenset()) is None


def test_a_simulator_on_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


HIDDEN = """
import sys
sys.hidden_one_ran = True
"""


def child(program: str, *places: Path, report: Path) -> subprocess.CompletedProcess[str]:
    environment = children.reporting_to(report, *places)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)


def test_a_child_runs_the_sitecustomize_that_the_guard_hides(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HIDDEN, encoding="utf-8")
    program = "import sys, sitecustomize; print(sys.hidden_one_ran, sitecustomize.__file__)"
    assert child(program, tmp_path, report=tmp_path / "refused").stdout == f"True {tmp_path}/sitecustomize.py\n"


def test_a_guarded_child_begins_with_next_to_nothing_loaded(tmp_path: Path) -> None:
    told = child("import sys; print(*sys.modules)", report=tmp_path / "refused")
    assert {"sitecustomize", "os"} <= set(told.stdout.split())
    assert set(told.stdout.split()).isdisjoint({"phoenix", "pytest", "ipaddress", "socket", "typing"})


def test_a_child_of_a_child_is_guarded_too(tmp_path: Path) -> None:
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {REACHES_OUT!r}])"
    told = child(program, report=tmp_path / "refused")
    assert "INV-IBKR-MOCK-1" in told.stderr
    assert len((tmp_path / "refused").read_text().splitlines()) == 1


def test_an_unswitched_child_is_not_guarded(tmp_path: Path) -> None:
    """The port of a server here stands for a real gateway's."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        program = f"import socket; socket.create_connection(('127.0.0.1', {port})).close()"
        command = [sys.executable, "-c", program]
        switched = {**children.reporting_to(tmp_path / "refused"), PORTS_VARIABLE: str(port)}
        assert subprocess.run(command, env=switched, capture_output=True, check=False, timeout=30).returncode == 1
        off = {**switched, REPORT_VARIABLE: ""}
        assert subprocess.run(command, env=off, capture_output=True, check=False, timeout=30).returncode == 0
