"""Calling `phoenix` in this process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from phoenix.cli.main import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The code that a command leaves with."""
    monkeypatch.setattr(sys, "argv", ["phoenix", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)
