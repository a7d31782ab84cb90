"""A home of its own for every test, whose executor looks around often."""

from __future__ import annotations

from pathlib import Path

import pytest

from phoenix import Home, create_home, open_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = create_home(tmp_path / "home")
    return open_home(made.directory, {"serve.poll_s": "0.01", "commands.wait_s": "5"})
