"""What tests of stores share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.ports.claims import ClaimOffice
from tests.adapters.store.beads import TALLY, Tally


@pytest.fixture
def office() -> ClaimOffice:
    return ClaimOffice()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "phoenix.db"


@pytest.fixture
def sqlite_store(path: Path, office: ClaimOffice) -> Iterator[SqliteStore[Tally]]:
    store = SqliteStore.create(path, TALLY, office)
    yield store
    store.close()
