"""Whatever is typed into any parameter of any command: one line, a documented code, and never a traceback.

The commands and their parameters are read from the application, so that a new one is tried too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from phoenix.cli.app import application
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.main import main
from phoenix.runtime.home.making import init

LONG = "9" * 1_000_000
EMPTY = ("", "  ")
WORDS = (
    *EMPTY, LONG, "x\x1b[2J\ny", "999999999999999999999999", "-999999999999999999999999", "-1", "0", "1e999999999",
    "-1e-999999999", "NaN", "Infinity", "\u0661\u0662", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59",
)  # fmt: skip
LASTING = {("gateway", "run")}
"""Commands that go on until they are told to stop, and say with --json a document to a line."""
PATHS = (*EMPTY, LONG, "x/" * 3_000, "/dev/null/x", "missing/x")


class Parameter(NamedTuple):
    """One parameter of one command, beside those without which it cannot be called."""

    command: tuple[str, ...]
    name: str
    is_argument: bool
    is_path: bool
    others: tuple[str, ...]
    takes_json: bool

    def __str__(self) -> str:
        return " ".join((*self.command, self.name))

    def call(self, value: str) -> list[str]:
        given = [] if self.is_argument else [f"{self.name}={value}"]
        last = ["--", value] if self.is_argument else []
        return [*self.command, *self.others, *given, *(["--json"] if self.takes_json else []), *last]


def parameters(command: Any, path: tuple[str, ...] = ()) -> Iterator[Parameter]:
    flags = [one.name for one in command.params if getattr(one, "is_flag", False)]
    for one in command.params:
        if one.name not in flags:
            yield Parameter(
                path, _option(one), not one.opts[0].startswith("-"), "Path" in str(one.type_descriptor.annotation),
                tuple(word for other in command.params if other is not one for word in _needed(other)),
                "json" in flags,
            )  # fmt: skip
    for name, below in getattr(command, "commands", {}).items():
        yield from parameters(below, (*path, name))


def _option(parameter: Any) -> str:
    return str(max(parameter.opts, key=len))


def _needed(parameter: Any) -> tuple[str, ...]:
    if not parameter.required:
        return ()
    kind = parameter.type_descriptor
    value = kind.choices[0] if kind.is_choice and kind.choices else "1"
    return (f"{_option(parameter)}={value}",) if parameter.opts[0].startswith("-") else (str(value),)


def documents(out: str) -> list[Any]:
    """The JSON documents of an output, one behind the other."""
    found, rest = [], out.strip()
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:].lstrip()
    return found


async def stop_at_once(*_: object) -> None:
    """Where a command would go on until it is told to stop."""


EVERY = list(parameters(typer.main.get_command(application())))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: what a test leaves on record changes nothing for the others."""
    return init(tmp_path_factory.mktemp("any") / "home", datetime.now(UTC)).directory


def test_every_command_is_among_them() -> None:
    assert {parameter.command[:1] for parameter in EVERY} >= {("kill",), ("beads",), ("positions",), ("replay",)}
    assert len(EVERY) > 80


@pytest.mark.parametrize("parameter", EVERY, ids=str)
def test_anything_may_be_typed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    home: Path,
    tmp_path: Path,
    parameter: Parameter,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PHOENIX_HOME", str(home))
    monkeypatch.setattr("phoenix.runtime.process.gateway.until_stopped", stop_at_once)
    for value in PATHS if parameter.is_path else WORDS:
        monkeypatch.setattr(sys, "argv", ["phoenix", *parameter.call(value)])
        with pytest.raises(SystemExit) as left:
            main()
        code = ExitCode(int(left.value.code or 0))
        out, err = capsys.readouterr()
        shown = f"{value[:40]!r}: {code.name}\n{out[-500:]}\n{err[-500:]}"
        assert len(err) < 6_000, shown
        assert "\x1b" not in out + err, shown
        if value in EMPTY:
            assert code in (ExitCode.REFUSED, ExitCode.USAGE), shown
        if parameter.takes_json:
            first, *further = documents(out)
            document: Any = first
            assert not further or parameter.command in LASTING, shown
            if code in (ExitCode.USAGE, ExitCode.REFUSED) and "error" in document:
                assert err.count("\n") == 1, shown
                assert ". " in document["error"]["message"], shown
