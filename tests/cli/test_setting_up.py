"""`phoenix init` and `phoenix serve` as a person or a service manager runs them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.serving_lines import PeopleLines, ProgramLines
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests import children
from tests.cli.calling import run
from tests.runtime.tampering import rewrite
from tests.runtime.trading import proposed

LIMIT_S = 30.0
"""Within this a process says what it is expected to say, or never."""


class Full(StringIO):
    def flush(self) -> None:
        raise OSError(28, "No space left on device")


@contextmanager
def served(home: Home, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`phoenix serve` in a process of its own."""
    command = [
        sys.executable,
        "-c",
        "from phoenix.cli.main import main; main()",
        "serve",
        "--home",
        str(home.directory),
    ]
    with subprocess.Popen(
        [*command, *options], env=children.environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], part: str) -> list[str]:
    """The lines up to one with this part; a process that does not say it in time is killed, and fails the test."""
    assert process.stdout is not None
    lines: list[str] = []
    limit = Timer(LIMIT_S, process.kill)
    limit.start()
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if part in line:
                return lines
    finally:
        limit.cancel()
        limit.join()
    raise AssertionError(f"it ended, or took longer than {LIMIT_S} s, without saying {part!r}: {lines}")


def test_a_process_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cli.test_setting_up.LIMIT_S", 0.1)
    silent = subprocess.Popen(["sleep", "600"], stdout=subprocess.PIPE, text=True)
    with silent, pytest.raises(AssertionError, match="took longer"):
        lines_until(silent, "ready")


def test_init_says_what_it_made_and_what_to_do_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "init", str(tmp_path / "mine")) == ExitCode.OK
    out = capsys.readouterr().out
    for part in ("phoenix.toml", "checkpoint.key", "phoenix serve", "phoenix simulate-signal", "phoenix pending"):
        assert part in out


def test_init_overwrites_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    before = home.private_key.read_bytes()
    assert run(monkeypatch, "init", str(home.directory), "--json") == ExitCode.REFUSED
    assert json.loads(capsys.readouterr().out)["exit_code"] == ExitCode.REFUSED
    assert home.private_key.read_bytes() == before


def test_init_tells_programs_where_everything_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "init", str(tmp_path / "mine"), "--json") == ExitCode.OK
    made = json.loads(capsys.readouterr().out)
    assert (made["account"], Path(made["store"]).is_file()) == ("SIM0001", True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_tells_what_happens_and_ends_well_when_told_to(home: Home, number: signal.Signals) -> None:
    with served(home) as process, Desk(home) as desk:
        begun = lines_until(process, "ready: SIM0001 (SIMULATOR)")
        assert all(line[:4].isdigit() and line[19] == "Z" for line in begun), begun
        proposed(desk)
        assert "SIGNAL a signal of manual in GBPUSD" in "\n".join(lines_until(process, "POSITION PROPOSED"))
        process.send_signal(number)
        lines_until(process, "stopped")
        assert process.wait(LIMIT_S) == ExitCode.OK


def test_serve_speaks_json_lines_to_programs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    with served(home, "--json") as process:
        documents: list[dict[str, Any]] = list(map(json.loads, lines_until(process, "ready:")))
        assert "CONNECTED" in {document.get("bead", {}).get("payload", {}).get("event") for document in documents}
        assert run(monkeypatch, "serve", "--home", str(home.directory)) == ExitCode.REFUSED
        assert f"process {process.pid}" in capsys.readouterr().err


def test_a_quiet_serve_tells_no_beads(home: Home) -> None:
    with served(home, "--quiet") as process:
        assert not [line for line in lines_until(process, "ready:") if " bead " in line[20:30]]


@pytest.mark.parametrize(
    ("old", "new"), [('mode = "SIMULATOR"', 'mode = "DREAM"'), ("SIM0001", "SIM0002"), ('"chaos_mock"', '"nobody"')]
)
def test_a_configuration_that_does_not_fit_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, home: Home, old: str, new: str
) -> None:
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    assert run(monkeypatch, "serve", "--home", str(home.directory)) == ExitCode.REFUSED


def test_a_broken_chain_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    with Desk(home) as desk:
        desk.catch_up()
    rewrite(home, "UPDATE beads SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE seq = 2")
    assert run(monkeypatch, "serve", "--home", str(home.directory)) == ExitCode.ERROR
    assert "bead 2" in capsys.readouterr().err


def test_a_foreign_database_stops_the_start(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    home.store.write_bytes(b"something else")
    assert run(monkeypatch, "serve", "--home", str(home.directory)) == ExitCode.ERROR
    assert home.store.read_bytes() == b"something else"


def test_no_home_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, "serve", "--home", str(tmp_path)) == ExitCode.REFUSED


def test_what_is_said_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for lines in (PeopleLines(is_quiet=False), ProgramLines(is_quiet=False)):
        lines.say("one\x1b[2J\ntwo")
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert out.count("\n") == 1


@pytest.mark.parametrize("lines", [PeopleLines(is_quiet=False), ProgramLines(is_quiet=False)])
def test_output_that_cannot_be_written_ends_no_executor(
    monkeypatch: pytest.MonkeyPatch, lines: PeopleLines | ProgramLines
) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    lines.say("said to nobody")


def test_a_home_for_a_paper_account_is_sound_as_it_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home = tmp_path / "paper"
    assert run(monkeypatch, "init", str(home), "--account", "DU1234567", "--currency", "EUR") == ExitCode.OK
    assert "bound to DU1234567 (PAPER, EUR) for good" in capsys.readouterr().out
    assert run(monkeypatch, "config", "check", "--home", str(home)) == ExitCode.OK
    settings = Home.open(home).settings
    assert (settings.broker.adapter, settings.market.calendar.value) == ("ib_insync", "FX_WEEK")


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--account", "U1234567"), "neither a simulator nor a paper account"),
        (("--account", "DU1\"\nx = 2"), "control characters"),
        (("--currency", "euro"), "'euro' is no currency"),
    ],
)  # fmt: skip
def test_an_account_that_no_home_is_made_for_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, options: tuple[str, ...],
    part: str,
) -> None:  # fmt: skip
    home = tmp_path / "none"
    assert run(monkeypatch, "init", str(home), *options) == ExitCode.REFUSED
    assert part in capsys.readouterr().err
    assert not home.exists()
