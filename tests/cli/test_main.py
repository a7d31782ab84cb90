"""The process edge: one clear line and a documented exit code, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.failures import exit_code_of
from phoenix.cli.main import main
from phoenix.domain.errors import CorruptBead, InvalidValue, PhoenixError
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.errors import BrokerRefused, BrokerUnavailable, ConfigurationError, StoreUnavailable

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["phoenix", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


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
        ("NOT_YET_KNOWN", 7),
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
