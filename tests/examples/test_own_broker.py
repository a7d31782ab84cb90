"""The example adapter is a package like anybody's: built, installed apart, found by its entry point."""

from __future__ import annotations

from pathlib import Path

import pytest

from phoenix import Desk, PositionState, open_home
from tests.examples.copies import copied, run, said


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied("own_broker", tmp_path_factory.mktemp("somebody"))


@pytest.fixture(scope="module")
def installed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is installed, without an index and without a network."""
    target = tmp_path_factory.mktemp("installed")
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "--quiet")
    result = run(folder, "-W", "default", "-m", "pip", "install", *offline, "--target", str(target), str(folder))
    assert result.returncode == 0, result.stderr
    return target


def test_a_home_that_names_it_trades_over_it(folder: Path, installed: Path, tmp_path: Path) -> None:
    told = said(run(folder, "trade_on_paper.py", str(tmp_path / "home"), path=installed))
    assert told.splitlines()[-1] == "WIN: 2297.7 USD, 2.3 R"
    assert (tmp_path / "home/notebook.json").is_file()
    with Desk(open_home(tmp_path / "home")) as desk:
        assert [position.state for position in desk.read.positions(ended=True)] == [PositionState.CLOSED]


def test_without_the_package_the_start_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "-P", "trade_on_paper.py", str(tmp_path / "home"))
    assert result.returncode == 1
    assert "no adapter is called 'notebook'" in result.stderr


def test_it_passes_the_cards_of_the_contract_that_need_no_faults(folder: Path, installed: Path) -> None:
    told = said(run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", path=installed))
    assert " passed" in told
    assert "failed" not in told
