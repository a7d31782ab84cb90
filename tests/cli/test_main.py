"""The process edge: one clear line and a documented exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.failures import exit_code_of
from phoenix.domain.errors import CorruptBead, InvalidValue, PhoenixError
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.errors import BrokerRefused, BrokerUnavailable, ConfigurationError, StoreUnavailable
from tests.cli.calling import EXAMPLES, run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidValue("pair", "'X' is no pair", "Write GBPUSD"), ExitCode.REFUSED),
        (Refused(RefusalReason.SIZING, "stop", "zero", "Move it"), ExitCode.REFUSED),
        (BrokerRefused("wrong account"), ExitCode.REFUSED),
        (ConfigurationError("broker: unknown"), ExitCode.REFUSED),
        (BrokerUnavailable("no connection"), ExitCode.BROKER_UNREACHABLE),
        (StoreUnavailable("locked"), ExitCode.ERROR),
        (CorruptBead("bead 7"), ExitCode.ERROR),
        (PhoenixError("other"), ExitCode.ERROR),
    ],
)
def test_every_error_has_its_exit_code(error: PhoenixError, code: ExitCode) -> None:
    assert exit_code_of(error) is code


def test_the_exit_codes_are_those_that_are_documented() -> None:
    assert [(code.name, code.value) for code in ExitCode] == [
        ("OK", 0), ("ERROR", 1), ("USAGE", 2), ("REFUSED", 3), ("BROKER_UNREACHABLE", 4), ("DRIFT", 5), ("HALTED", 6),
        ("NOT_YET_KNOWN", 7), ("CONNECTION_PROVEN", 8),
    ]  # fmt: skip


def test_version_names_the_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") == ExitCode.OK
    assert capsys.readouterr().out.startswith("phoenix ")


def test_a_wrong_option_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "replay", "--nonsense") == ExitCode.USAGE
    assert run(monkeypatch, "replay", "--signals", "nowhere", "--bid", "b", "--ask", "a") == ExitCode.USAGE


def test_refused_input_is_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bid, signals = tmp_path / "bid.csv", str(EXAMPLES / "signals")
    bid.write_text("timestamp,open,high,low,close\n2024-03-04 08:00:00,1,1,1,1\n")

    code = run(monkeypatch, "replay", "--signals", signals, "--bid", str(bid), "--ask", str(bid))

    error = capsys.readouterr().err
    assert code == ExitCode.REFUSED
    assert error.startswith("phoenix: bid.csv line 2, timestamp: '2024-03-04 08:00:00' has no offset. Add +00:00")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--pair", "GBP"], "pair: 'GBP' is not two currencies"),
        (["--equity", "-5"], "equity: '-5' is not within"),
        (["--equity", "much"], "'much' is not a decimal number"),
        (["--currency", "usd"], "currency: 'usd' is not a currency"),
        (["--json", "no/such/folder/out.json"], "the folder no/such/folder does not exist"),
    ],
)
def test_a_bad_option_value_is_refused_before_any_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], part: str
) -> None:
    market = EXAMPLES / "market"
    files = ["--bid", str(market / "gbpusd-m1-bid.csv"), "--ask", str(market / "gbpusd-m1-ask.csv")]
    assert run(monkeypatch, "replay", "--signals", str(EXAMPLES / "signals"), *files, *options) == ExitCode.REFUSED
    assert part in capsys.readouterr().err


def test_a_folder_without_signals_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bid = str(EXAMPLES / "market" / "gbpusd-m1-bid.csv")
    assert run(monkeypatch, "replay", "--signals", str(tmp_path), "--bid", bid, "--ask", bid) == ExitCode.REFUSED
    assert "holds no *.json file" in capsys.readouterr().err


def test_what_steers_a_terminal_is_written_out_in_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "positions", "--home", str(tmp_path / "\x1b[31mred")) == ExitCode.REFUSED
    error = capsys.readouterr().err
    assert "\\x1b[31mred" in error
    assert "\x1b" not in error


def test_an_argument_that_is_no_text_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "review", "\udc80", "--json") == ExitCode.USAGE
    assert json.loads(capsys.readouterr().out)["error"]["reason"] == "USAGE"


def called(command: str) -> tuple[int, str]:
    """The code that a shell's command leaves with, and what it says of errors. `phoenix` in it is this one's."""
    words = f"{sys.executable} -c 'from phoenix.cli.main import main; main()'"
    script = f'phoenix() {{ {words} "$@"; }}; {command}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=30)
    return done.returncode, done.stderr


def test_output_that_cannot_be_written_is_an_error_without_a_traceback() -> None:
    code, errors = called("phoenix config show --home nowhere --json > /dev/full")
    assert code == ExitCode.REFUSED
    assert errors.startswith("phoenix: nowhere/phoenix.toml: there is no configuration here")
    assert errors.count("\n") == 1
    assert called("phoenix --version > /dev/full") == (
        ExitCode.ERROR, "phoenix: system: No space left on device. Nothing more was done\n"
    )  # fmt: skip


def test_a_reader_that_has_gone_is_left_without_a_word() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", "from phoenix.cli.main import main; main()", "--help"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=30)
    os.close(write)
    assert (done.returncode, done.stderr) == (ExitCode.ERROR, b"")


def test_closed_streams_are_no_traceback() -> None:
    assert called("phoenix --help <&- >&-") == (ExitCode.OK, "")
    assert called("phoenix config show --home nowhere --json <&- >&- 2>&-") == (ExitCode.REFUSED, "")
