"""What starts quickly, starts quickly because of what it leaves alone (P10 measures how quickly)."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from phoenix.cli.app import PANELS, application
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.quick import HELP_FILE
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from tests import children
from tests.cli.calling import run

VENDORS = {"ibapi", "ib_insync", "ib_async", "eventkit", "starlette", "uvicorn", "mcp"}
HEAVY = {
    "typer", "rich", "pydantic", "pydantic_core", "sqlalchemy", "alembic", "dependency_injector", "cryptography",
    "orjson", "asyncio", "importlib.metadata", "phoenix.application", "phoenix.config", "phoenix.embedding",
}  # fmt: skip
FOR_ACTING = {
    "alembic",
    "sqlalchemy",
    "dependency_injector",
    "phoenix.container",
    "phoenix.application.executor",
    "phoenix.embedding",
}
_PROGRAM = """
import sys
from phoenix.cli.main import main
try:
    main()
except SystemExit as left:
    print(left.code or 0, *sorted(sys.modules), sep="\\n", file=sys.stderr)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return init(tmp_path_factory.mktemp("quick") / "home", datetime.now(UTC))


def started(*arguments: str) -> tuple[int, set[str], str]:
    """The exit code of a command in a process of its own, the modules it has loaded, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        env=children.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = done.stderr.splitlines()
    return int(code), set(modules), done.stdout


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["-h"], ["status", "--home", "HOME"], ["status", "--home=HOME", "--json"]]
)
def test_what_is_asked_often_loads_nothing_heavy(home: Home, arguments: list[str]) -> None:
    code, modules, out = started(*(part.replace("HOME", str(home.directory)) for part in arguments))
    assert code == ExitCode.OK
    assert out
    assert modules & (HEAVY | VENDORS) == set()


@pytest.mark.parametrize("arguments", [["pending"], ["beads", "list"], ["config", "show"], ["positions", "list"]])
def test_looking_loads_nothing_that_only_acting_needs(home: Home, arguments: list[str]) -> None:
    code, modules, _ = started(*arguments, "--home", str(home.directory))
    assert code == ExitCode.OK
    assert modules & (FOR_ACTING | VENDORS) == set()


@pytest.mark.parametrize("arguments", [["halt"], ["kill", "set", "--reason", "drill"]])
def test_stopping_waits_for_nothing_that_trading_needs(tmp_path: Path, arguments: list[str]) -> None:
    home = init(tmp_path / "home", datetime.now(UTC))
    code, modules, _ = started(*arguments, "--home", str(home.directory))
    assert code == ExitCode.OK
    assert modules & (FOR_ACTING | VENDORS | {"cryptography", "phoenix.application.signals.proposals"}) == set()


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_has_the_commands_that_it_is_asked_for(title: str) -> None:
    panel = PANELS[title]
    assert tuple(panel.commands()) == panel.names
    assert set(made(panel.names[0])) == set(panel.names)


@pytest.mark.parametrize("first", [None, "pend", "--version"])
def test_what_is_no_command_takes_all_of_them(first: str | None) -> None:
    assert set(made(first)) == {name for panel in PANELS.values() for name in panel.names}


def made(first: str | None) -> dict[str, object]:
    """The commands of the application, by name."""
    root: Any = typer.main.get_command(application(first))
    return dict(root.commands)


def test_both_ways_show_the_same_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    shown = []
    for order in (["--home", str(home.directory)], [f"--home={home.directory}"], ["--home", str(home.directory), "--"]):
        assert run(monkeypatch, "status", *order) == ExitCode.OK
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] == shown[2]


def test_the_home_of_the_environment_counts_here_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHOENIX_HOME", str(home.directory))
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "status") == ExitCode.OK
    assert "ENTRIES CLOSED" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--nope"], ["--home"], ["extra"], ["--watch", "--json"]])
def test_what_is_misspelt_takes_the_ordinary_way(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    assert run(monkeypatch, "status", *arguments) == ExitCode.USAGE


def test_a_narrow_terminal_gets_its_help_made_to_measure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == ExitCode.OK
    assert capsys.readouterr().out == HELP_FILE.read_text()
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(monkeypatch, "--help") == ExitCode.OK
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 60
