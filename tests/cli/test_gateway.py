"""`phoenix gateway`: a process of its own, a client of plain sockets, and whoever directs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.children import environment
from tests.cli.calling import run
from tests.cli.gateway_client import (
    ACCOUNTS,
    ALL_OPEN_ORDERS,
    ERROR,
    NEXT_ID,
    OPEN_ORDER,
    OPEN_ORDER_END,
    TIME,
    RawClient,
)

Printed = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

TOLD = ("--time", "told", "--from", "2026-03-02T09:30:00Z", "--prices", "told")
_PROGRAM = "from phoenix.cli.main import main; main()"
_LIMIT_S = 60


class Running:
    """A gateway in a process of its own, and where it listens."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.said: dict[str, Any] = self.line()["listening"]
        self.port: int = self.said["port"]
        self.control_port: int = self.said["control_port"]

    def line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        document: dict[str, Any] = json.loads(self._process.stdout.readline())
        return document

    def record(self) -> dict[str, Any]:
        """The next record of the ledger that it tells of."""
        record: dict[str, Any] = self.line()["ledger"]
        return record

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        self._process.send_signal(number)
        out, err = self._process.communicate()
        return self._process.returncode, out, err


@contextmanager
def gateway(folder: Path, *options: str) -> Iterator[Running]:
    command = [sys.executable, "-c", _PROGRAM, "gateway", "run", "--port", "0", "--control-port", "0", "--json"]
    own = {name: value for name, value in environment().items() if name != "PHOENIX_HOME"}
    process = subprocess.Popen(
        [*command, *options], cwd=folder, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    limit = Timer(_LIMIT_S, process.kill)
    limit.start()
    try:
        yield Running(process)
    finally:
        process.kill()
        process.communicate()
        limit.cancel()


def test_a_client_shakes_hands_asks_the_time_and_is_told_of(tmp_path: Path) -> None:
    with gateway(tmp_path, *TOLD) as running:
        assert (running.said["account"], running.said["time"]) == ("SIM0001", "told")
        assert running.said["pairs"] == ["EURUSD", "GBPUSD"]
        with RawClient(running.port) as client:
            assert client.version == 178
            begun = client.until(NEXT_ID)
            assert [ACCOUNTS, "1", "SIM0001"] in begun
            client.send(TIME, "1")
            assert client.until(TIME)[-1] == [TIME, "1", "1772443800"]
        assert [running.record()["kind"] for _ in range(2)] == ["CONNECTED", "DISCONNECTED"]
        code, out, err = running.end(signal.SIGTERM)
    assert (code, err) == (ExitCode.OK, "")
    assert json.loads(out)["said"] == "stopped"


def test_the_second_client_with_one_id_is_refused(tmp_path: Path) -> None:
    with gateway(tmp_path) as running, RawClient(running.port) as first:
        first.until(NEXT_ID)
        with RawClient(running.port) as second:
            errors = [message for message in second.until("") if message[0] == ERROR]
        assert any("326" in message for message in errors)
        with RawClient(running.port, client_id=8) as another:
            assert another.until(NEXT_ID)[-1][0] == NEXT_ID
        first.send(TIME, "1")
        assert first.until(TIME)[-1][0] == TIME


def test_orders_outlive_a_sudden_death_with_the_book(tmp_path: Path, monkeypatch: Patch, capsys: Printed) -> None:
    order = {"pair": "GBPUSD", "action": "BUY", "order_type": "LIMIT", "quantity": "20000", "limit_price": "1.2"}
    quote = ("quote", "pair=GBPUSD", "bid=1.26", "ask=1.2602")
    with gateway(tmp_path, *TOLD, "--book", "book.db") as running:
        told(monkeypatch, capsys, running, *quote)
        told(monkeypatch, capsys, running, "inject", "kind=foreign_order", f"detail={json.dumps(order)}")
        assert running.record()["kind"] == "EXTERNAL_ORDER"
        assert running.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with gateway(tmp_path, *TOLD, "--book", "book.db") as again, RawClient(again.port) as client:
        client.until(NEXT_ID)
        client.send(ALL_OPEN_ORDERS, "1")
        kept = [message for message in client.until(OPEN_ORDER_END) if message[0] == OPEN_ORDER]
        assert len(kept) == 1
        assert told(monkeypatch, capsys, again, "state")["open_orders"] == 1
        kinds = [record["kind"] for record in told(monkeypatch, capsys, again, "ledger")["records"]]
        assert kinds == ["EXTERNAL_ORDER", "ACKNOWLEDGED", "CONNECTED"]


def test_it_is_directed_by_words(tmp_path: Path, monkeypatch: Patch, capsys: Printed) -> None:
    with gateway(tmp_path, *TOLD) as running:
        port = ("--control-port", str(running.control_port))
        assert told(monkeypatch, capsys, running, "advance", "seconds=5")["now"] == "2026-03-02T09:30:05.000000Z"
        assert told(monkeypatch, capsys, running, "tricks", "read_only=true") == {"ok": True}
        with RawClient(running.port) as client:
            client.until(NEXT_ID)
            told(monkeypatch, capsys, running, "say", "code=2110", "text=the line is broken")
            assert "the line is broken" in [client.until(ERROR)[-1] for _ in range(4)][-1]  # behind three of the farms
        assert run(monkeypatch, "gateway", "tell", "ledger", *port) == ExitCode.OK
        kinds = [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()]
        assert kinds[0] == "CONNECTED"
        for words, told_ in (
            (("dance",), "do: 'dance' is no verb"),
            (("advance", "seconds=-1"), "seconds: -1 does not do"),
            (("advance", "seconds"), "NAME=VALUE: 'seconds' is none"),
            (("inject", "kind=reject", "detail=7"), "detail: no JSON object"),
            (("quote", "pair=USDJPY", "bid=1", "ask=2"), "pair: 'USDJPY' has no prices that can be told"),
        ):
            assert run(monkeypatch, "gateway", "tell", *words, *port) == ExitCode.REFUSED
            assert told_ in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(tmp_path: Path, monkeypatch: Patch, capsys: Printed) -> None:
    monkeypatch.chdir(tmp_path)
    with gateway(tmp_path) as running:
        taken = ("--port", str(running.port), "--control-port", "none")
        assert run(monkeypatch, "gateway", "run", *taken) == ExitCode.REFUSED
    refused = capsys.readouterr().err
    assert refused.startswith("phoenix: gateway.port: 127.0.0.1 cannot be listened on")
    assert str(running.port) in refused


@pytest.mark.parametrize(
    ("options", "told_"),
    [
        (["--port", "4002"], "gateway.port: port 4002 is where a real gateway listens"),
        (["--host", "0.0.0.0"], "gateway.host: '0.0.0.0' is not this machine"),
        (["--mode", "wild"], "gateway.mode: "),
        (["--prices", "bars"], "--prices: 'bars' is no source of prices"),
        (["--pair", "GBPUSD"], "--pair: bars need three options"),
        (["--from", "2026-03-02T09:30:00Z"], "gateway.told_from: time is real"),
        (["--balance", "1e99"], "gateway.starting_balance: "),
    ],
)
def test_a_wrong_option_is_refused_in_a_line(
    tmp_path: Path, monkeypatch: Patch, capsys: Printed, options: list[str], told_: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "gateway", "run", *options) == ExitCode.REFUSED
    err = capsys.readouterr().err
    assert err.startswith(f"phoenix: {told_}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("[gateway]\nprot = 1\n", "gateway.prot: no such setting"),
        ("[gatway]\n", "gatway: no such setting"),
        ("gateway = 1\n", "gateway: "),
        ("[gateway]\nport = 7497\n", "gateway.port: port 7497 is where a real gateway listens"),
        ("[instruments.EURUSD]\nsymbol = 'EUR'\n", "instruments.EURUSD.currency: "),
        ("[gateway\n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_a_line(
    tmp_path: Path, monkeypatch: Patch, capsys: Printed, text: str, told_: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gateway.toml").write_text(text)
    assert run(monkeypatch, "gateway", "run", "--config", "gateway.toml") == ExitCode.REFUSED
    err = capsys.readouterr().err
    assert told_ in err
    assert err.count("\n") == 1


def test_an_option_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        "[gateway]\naccount = 'DU0001'\nseed = 3\nmode = 'REALISTIC'\n"
        "[instruments.USDJPY]\nsymbol = 'USD'\ncurrency = 'JPY'\ntick = '0.005'\npip = '0.01'\nmin_size = '1'\n"
        "size_step = '1'\n"
    )
    with gateway(tmp_path, "--config", "gateway.toml", "--seed", "9") as running:
        said = running.said
    assert (said["account"], said["seed"], said["mode"], said["pairs"]) == ("DU0001", "9", "REALISTIC", ["USDJPY"])


def test_the_instruments_of_a_home_are_traded(tmp_path: Path, home: Home) -> None:
    with gateway(tmp_path, "--home", str(home.directory)) as running:
        assert running.said["pairs"] == ["GBPUSD"]


def test_where_no_gateway_listens_nothing_is_done(monkeypatch: Patch, capsys: Printed) -> None:
    assert run(monkeypatch, "gateway", "tell", "state", "--control-port", "1") == ExitCode.BROKER_UNREACHABLE
    assert "Start one with phoenix gateway run" in capsys.readouterr().err


def told(monkeypatch: Patch, capsys: Printed, running: Running, *words: str) -> dict[str, Any]:
    """The answer to what a gateway is told."""
    port = str(running.control_port)
    assert run(monkeypatch, "gateway", "tell", *words, "--control-port", port, "--json") == ExitCode.OK
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer
