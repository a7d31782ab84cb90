"""A home of its own for every test."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return init(tmp_path / "home", datetime.now(UTC))
