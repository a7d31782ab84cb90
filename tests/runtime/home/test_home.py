"""Making a data directory, and finding one."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from phoenix.domain.beads.operations import ConfigChangePayload
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_home_has_everything_a_simulator_needs(home: Home) -> None:
    assert stat.S_IMODE(home.private_key.stat().st_mode) == 0o600
    assert home.settings.account.id == "SIM0001"
    assert {path.name for path in home.inbox.iterdir()} == {"processing", "accepted", "refused"}
    assert "GBPUSD" in home.settings.instruments


def test_the_first_bead_binds_the_store_to_its_configuration(home: Home) -> None:
    with Desk(home) as desk:
        (first,) = desk.beads()
    assert isinstance(first.bead.payload, ConfigChangePayload)
    assert first.bead.payload.settings == home.settings.document()


@pytest.mark.parametrize("taken", ["phoenix.toml", "phoenix.db", "book.db", "checkpoint.key", "checkpoints.jsonl"])
def test_nothing_that_is_there_already_is_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("precious")
    with pytest.raises(ConfigurationError, match=taken):
        init(tmp_path, datetime.now(UTC))
    assert contents(tmp_path) == {taken: b"precious"}


def test_a_home_is_found_by_its_directory_and_by_its_configuration(home: Home) -> None:
    assert Home.open(home.directory) == Home.open(home.directory / "phoenix.toml") == home


def test_where_there_is_no_home_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="phoenix init"):
        Home.open(tmp_path)


def test_paths_of_the_configuration_begin_at_its_folder(home: Home) -> None:
    elsewhere = Home.open(home.directory, {"store.path": "deep/other.db", "inbox.path": "/drop/here"})
    assert elsewhere.store == home.directory / "deep" / "other.db"
    assert elsewhere.lock == home.directory / "deep" / "other.db.lock"
    assert elsewhere.inbox == Path("/drop/here")
