"""Calling `phoenix` as a person does, on a home of its own for every test."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from tests.cli.calling import run


class Called(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


Phoenix = Callable[..., Called]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return init(tmp_path / "home", datetime.now(UTC))


@pytest.fixture
def phoenix(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home) -> Phoenix:
    """Runs a command in this process, on the test's home."""
    monkeypatch.setenv("PHOENIX_HOME", str(home.directory))

    def call(*arguments: str) -> Called:
        code = run(monkeypatch, *arguments)
        return Called(code, *capsys.readouterr())

    return call
