"""Every cause for which a broker cannot be had has a sentence of its own, and one on what to do; nothing is changed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.gateway import following
from phoenix.adapters.gateway.answering import Answering
from phoenix.adapters.gateway.client import Client
from phoenix.adapters.gateway.money import Money
from phoenix.adapters.gateway.wire.framing import frame
from phoenix.adapters.gateway.wire.replies import AccountSummary
from phoenix.adapters.locks import FileLock
from phoenix.adapters.simulation.faults import ClockSkew
from phoenix.ports.lock import Holder
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.runtime.checkup import Finding, Verdict, examine
from phoenix.runtime.checkup.asking import (
    ACCOUNT,
    CLOCK,
    COMPLETED_ORDERS,
    CONTRACTS,
    EXECUTIONS,
    OPEN_ORDERS,
    POINTS,
    POSITIONS,
    QUOTES,
)
from phoenix.runtime.checkup.connection import CHECK
from phoenix.runtime.home import Home
from phoenix.runtime.status.glance import glance
from tests.runtime.gateways import ADAPTERS, configured_for, free_port, gateway, talker
from tests.runtime.processes import serving, started, until

OWN_ID = 7


def findings(home: Home, *, connects: bool = True) -> list[Finding]:
    """What is said of the connection, point by point."""
    found = examine(home.directory, datetime.now(UTC), connects=connects)
    return [finding for finding in found if finding.check in (CHECK, *POINTS)]


def points(home: Home) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings(home)}


def unconnected(home: Home) -> Finding:
    """The one finding that says why there is no connection; every other point is not checked then."""
    first, *others = findings(home)
    assert first.check == CHECK
    assert first.verdict is Verdict.FAILED
    assert first.remedy
    assert [other.check for other in others] == list(POINTS)
    assert {other.verdict for other in others} == {Verdict.NOT_CHECKED}
    return first


def shown_session(home: Home) -> object:
    """What `phoenix status` says of the session."""
    status = glance(home.directory).status
    return None if status is None else status.document.get("session")


def at(home: Home, adapter: str, port: int, **options: object) -> Home:
    return configured_for(home, adapter, port, **{"gateway_zone": "UTC", "client_id": OWN_ID, **options})


@contextmanager
def other_client(port: int) -> Iterator[None]:
    """Another program with our client id."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connected:
        connected.sendall(b"API\0\0\0\0\x09v100..157")
        assert connected.recv(1000)
        connected.sendall(frame(("71", "2", str(OWN_ID), "")))
        assert connected.recv(1000)
        yield


# --- all is well ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_point_that_a_start_asks_is_told_and_the_session_is_let_go_of(home: Home, adapter: str) -> None:
    with gateway() as running:
        there = at(home, adapter, running.port)
        beads, book = there.store.read_bytes(), list(running.gateway.engine.ledger.records)
        told = findings(there)
        assert [finding.check for finding in told] == [CHECK, *POINTS]
        assert {finding.verdict for finding in told} == {Verdict.OK}
        assert there.store.read_bytes() == beads
        assert {record.kind for record in running.gateway.engine.ledger.records[len(book) :]} <= {
            "CONNECTED",
            "DISCONNECTED",
        }
        until(lambda: not list(running.gateway.clients))
        assert FileLock(there.lock).holder() is None


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_nothing_is_connected_unless_it_is_asked_for(home: Home, adapter: str) -> None:
    with gateway() as running:
        [told] = findings(at(home, adapter, running.port), connects=False)
        assert not list(running.gateway.clients)
    assert told.verdict is Verdict.NOT_CHECKED
    assert "phoenix doctor --connect" in told.found


@pytest.mark.parametrize("connects", [True, False])
def test_a_simulator_within_phoenix_has_nothing_to_connect_to(home: Home, connects: bool) -> None:
    [told] = findings(home, connects=connects)
    assert told.verdict is Verdict.OK
    assert "nothing to connect to" in told.found


def test_nobody_starts_while_it_looks(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    holders: list[Holder | None] = []
    with gateway() as running:
        there = at(home, "ibapi", running.port)
        whole = Answering._executions

        def look(answering: Answering, client: Client, request: Any) -> None:
            holders.append(FileLock(there.lock).holder())
            whole(answering, client, request)

        monkeypatch.setattr(Answering, "_executions", look)
        points(there)
    [holder] = holders
    assert holder is not None
    assert holder.command == "doctor"


# --- no session ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_nothing_listens(home: Home, adapter: str) -> None:
    port = free_port()
    told = unconnected(at(home, adapter, port))
    assert f"nothing listens at 127.0.0.1:{port}" in told.found
    assert told.remedy is not None
    assert f"broker.{adapter}.port" in told.remedy
    assert all(usual in told.remedy for usual in ("4001", "4002", "7496", "7497"))


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH\r\n"])
@pytest.mark.parametrize("hangs_up", [True, False])
def test_something_listens_that_is_no_gateway(home: Home, adapter: str, answer: bytes, hangs_up: bool) -> None:
    with talker(answer, hangs_up=hangs_up) as port:
        told = unconnected(at(home, adapter, port, connect_timeout_s=0.5))
    assert f"what listens at 127.0.0.1:{port} does not answer as a gateway" in told.found


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_gateway_accepts_and_says_nothing(home: Home, adapter: str) -> None:
    with gateway(silent=True) as running:
        told = unconnected(at(home, adapter, running.port, connect_timeout_s=0.5))
    assert f"127.0.0.1:{running.port} accepts the connection and says nothing" in told.found
    assert "close its open dialogs" in str(told.remedy)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_gateway_hangs_up_at_once(home: Home, adapter: str) -> None:
    with gateway(refuses_connections=True) as running:
        told = unconnected(at(home, adapter, running.port))
    assert "does not answer as a gateway" in told.found
    assert "trust this machine's address" in str(told.remedy)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_client_id_is_in_use(home: Home, adapter: str) -> None:
    with gateway() as running, other_client(running.port):
        told = unconnected(at(home, adapter, running.port))
    assert f"client id {OWN_ID} is in use at 127.0.0.1:{running.port}" in told.found
    assert f"broker.{adapter}.client_id" in str(told.remedy)


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(
    ("accounts", "found"),
    [
        (["SIM0002"], "the gateway is logged in to SIM0002, not to SIM0001"),
        (["SIM0002", "SIM0003"], "the gateway is logged in to SIM0002, SIM0003, not to SIM0001"),
        (["SIM0001", "U1234567"], "account U1234567 of this login is no SIMULATOR account"),
    ],
)
def test_another_login_than_the_configured_one(home: Home, adapter: str, accounts: list[str], found: str) -> None:
    with gateway(accounts=accounts) as running:
        told = unconnected(at(home, adapter, running.port))
    assert found in told.found
    assert "Log in to" in str(told.remedy)


@pytest.mark.parametrize(("adapter", "version", "needed"), [("ib_insync", 150, "157"), ("ibapi", 99, "100")])
def test_a_server_that_is_too_old_for_the_library(home: Home, adapter: str, version: int, needed: str) -> None:
    with gateway(highest_version=version) as running:
        told = unconnected(at(home, adapter, running.port))
    assert "is too old" in told.found
    assert f"version {version}" in told.found
    assert needed in told.found
    assert told.remedy == "Update TWS or IB Gateway"


@pytest.mark.parametrize(("adapter", "version"), [("ib_insync", 160), ("ibapi", 157)])
def test_times_without_a_zone(home: Home, adapter: str, version: int) -> None:
    with gateway(highest_version=version) as running:
        told = unconnected(at(home, adapter, running.port, gateway_zone=None))
    assert "dates executions without a zone" in told.found
    assert f"broker.{adapter}.gateway_zone" in str(told.remedy)


def test_another_process_acts_at_this_moment(home: Home) -> None:
    with gateway() as running:
        there = at(home, "ibapi", running.port)
        with started(there, "hold") as process:
            process.wait_for("ready")
            told = unconnected(there)
        assert str(process.pid) in told.found
        assert not list(running.gateway.clients)


# --- a session, and what it does not tell --------------------------------------------------------------------------


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_read_only_gateway_shows_when_it_is_asked_for_orders(home: Home, adapter: str) -> None:
    with gateway(read_only=True) as running:
        told = points(at(home, adapter, running.port))
    assert told[CHECK].verdict is Verdict.OK
    for check in (OPEN_ORDERS, COMPLETED_ORDERS):
        assert told[check].verdict is Verdict.FAILED
        assert told[check].found.startswith("the gateway's API is set to read-only")
        assert "Read-Only API" in str(told[check].remedy)
    assert {told[check].verdict for check in (EXECUTIONS, POSITIONS)} == {Verdict.OK}


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(
    ("code", "found", "remedy"),
    [
        (354, "no subscription to live prices", "Subscribe"),
        (10089, "no subscription to live prices", "Subscribe"),
        (10168, "no subscription to live prices", "Subscribe"),
        (10197, "another session of this login has the live prices", "Log that session out"),
    ],
)
def test_prices_that_are_refused(
    monkeypatch: pytest.MonkeyPatch, home: Home, adapter: str, code: int, found: str, remedy: str
) -> None:
    def refuse(_: Answering, client: Client, request: Any) -> None:
        client.refuse(request.request_id, code, "what the broker says")

    monkeypatch.setattr(Answering, "_follow_prices", refuse)
    with gateway() as running:
        told = points(at(home, adapter, running.port))
    assert told[QUOTES].verdict is Verdict.FAILED
    assert found in told[QUOTES].found
    assert f"error {code}, what the broker says" in told[QUOTES].found
    assert remedy in str(told[QUOTES].remedy)
    assert told[POSITIONS].verdict is Verdict.OK


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_delayed_prices(monkeypatch: pytest.MonkeyPatch, home: Home, adapter: str) -> None:
    monkeypatch.setattr(following, "LIVE", 3)
    with gateway() as running:
        told = points(at(home, adapter, running.port))[QUOTES]
    assert told.verdict is Verdict.FAILED
    assert "delayed prices only" in told.found
    assert "Subscribe" in str(told.remedy)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_clock_that_is_off(home: Home, adapter: str) -> None:
    with gateway() as running:
        running.call(lambda: running.gateway.inject(ClockSkew(skew_s=30)))
        told = points(at(home, adapter, running.port))[CLOCK]
    assert told.verdict is Verdict.FAILED
    assert "s away from ours" in told.found


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_account_values_that_are_missing(monkeypatch: pytest.MonkeyPatch, home: Home, adapter: str) -> None:
    whole = Money.summary

    def without_equity(money: Money, request_id: int, tags: Any) -> Iterator[Any]:
        for reply in whole(money, request_id, tags):
            if not (isinstance(reply, AccountSummary) and reply.tag == "NetLiquidation"):
                yield reply

    monkeypatch.setattr(Money, "summary", without_equity)
    with gateway() as running:
        told = points(at(home, adapter, running.port))[ACCOUNT]
    assert told.verdict is Verdict.FAILED
    assert "does not say the account's NetLiquidation" in told.found


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(
    ("changes", "found"),
    [({"tick": Decimal("0.0005")}, "tick 0.00005 does not lie on"), ({"symbol": "XXX"}, "knows no such contract")],
)
def test_an_instrument_that_is_another_at_the_broker(
    home: Home, adapter: str, changes: dict[str, Any], found: str
) -> None:
    with gateway(replace(GBPUSD, **changes)) as running:
        told = points(at(home, adapter, running.port))[CONTRACTS]
    assert told.verdict is Verdict.FAILED
    assert found in told.found
    assert "orrect" in str(told.remedy)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_connection_breaks_in_the_middle(monkeypatch: pytest.MonkeyPatch, home: Home, adapter: str) -> None:
    monkeypatch.setattr(Answering, "_executions", lambda _, client, __: client.hang_up())
    with gateway() as running:
        told = points(at(home, adapter, running.port))
    assert told[COMPLETED_ORDERS].verdict is Verdict.OK
    assert told[EXECUTIONS].verdict is Verdict.FAILED
    assert "the connection broke" in told[EXECUTIONS].found
    assert told[POSITIONS].verdict is Verdict.NOT_CHECKED


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_answer_that_does_not_end(home: Home, adapter: str) -> None:
    with gateway(unending=["executions"]) as running:
        told = points(at(home, adapter, running.port))
    assert "did not answer for executions completely" in told[EXECUTIONS].found
    assert told[POSITIONS].verdict is Verdict.OK


# --- beside an executor --------------------------------------------------------------------------------------------


def test_the_session_of_an_executor_is_told_and_none_of_its_own_opened(home: Home) -> None:
    with gateway() as running:
        there = at(home, "ibapi", running.port)
        with serving(there):
            [told] = findings(there)
            assert len(list(running.gateway.clients)) == 1
    assert told.verdict is Verdict.OK
    assert "is connected since" in told.found
    assert "nothing was opened here; it was never refused" in told.found


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_executor_that_is_refused_says_the_same_sentences(home: Home, adapter: str) -> None:
    with gateway(accounts=["SIM0002"]) as running:
        there = at(home, adapter, running.port)
        alone = unconnected(there)
        sentences = f"{alone.found}. {alone.remedy}"
        with serving(there):
            [beside] = findings(there)
            until(lambda: f"the broker session was refused: {sentences}" in there.alerts.read_text())
            until(lambda: shown_session(there) == sentences)
    assert beside.verdict is Verdict.WARNING
    assert sentences in beside.found


def test_an_executor_that_cannot_connect_says_the_same_sentences(home: Home) -> None:
    there = at(home, "ibapi", free_port())
    alone = unconnected(there)
    with serving(there):
        [beside] = findings(there)
    assert beside.verdict is Verdict.WARNING
    assert f"{alone.found}. {alone.remedy}" in beside.found
