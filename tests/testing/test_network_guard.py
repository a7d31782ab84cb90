"""INV-IBKR-MOCK-1 in the running process: nothing off this machine, and never a real gateway's port."""

from __future__ import annotations

import socket

import pytest

from phoenix.testing.network_guard import REAL_IBKR_PORTS, refusal


@pytest.mark.parametrize("port", sorted(REAL_IBKR_PORTS))
def test_a_real_gateway_port_is_refused_even_on_loopback(port: int) -> None:
    with socket.socket() as client, pytest.raises(pytest.fail.Exception, match=f"port {port}"):
        client.connect(("127.0.0.1", port))


def test_an_address_off_this_machine_is_refused_past_the_patched_connect() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as client,
        pytest.raises(pytest.fail.Exception, match="not this machine"),
    ):
        client.sendto(b"", ("192.0.2.1", 9))


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "example.invalid", "::2", ""])
def test_any_other_host_is_refused(host: str) -> None:
    assert refusal((host, 12345)) is not None


@pytest.mark.parametrize("address", [("127.0.0.1", 5000), ("127.9.9.9", 5000), ("::1", 5000, 0, 0), "/run/a.sock"])
def test_loopback_and_unix_sockets_are_allowed(address: object) -> None:
    assert refusal(address) is None


def test_a_simulator_on_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
