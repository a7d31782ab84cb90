"""Being the executor of a store, and of no store that has a second lock."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from phoenix.ports.errors import StoreMisconfigured
from phoenix.runtime.home import Home
from phoenix.runtime.process.holding import held_parts


def _silence(line: str) -> None:
    """Tells nobody."""


def test_a_store_behind_a_symbolic_link_has_no_executor_there(home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    home.store.rename(elsewhere)
    home.store.symlink_to(elsewhere)
    with pytest.raises(StoreMisconfigured, match=r"store\.path"), held_parts(home, "serve", _silence):
        pass
    assert not home.lock.exists()


def test_a_store_with_a_second_name_has_no_executor_under_either(home: Home, tmp_path: Path) -> None:
    os.link(home.store, tmp_path / "second.db")
    with pytest.raises(StoreMisconfigured, match="2 names"), held_parts(home, "serve", _silence):
        pass
    assert not home.lock.exists()


def test_a_home_is_reached_through_a_link_to_its_folder_all_the_same(home: Home, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(home.directory)
    with held_parts(Home.open(link), "serve", _silence):
        assert home.lock.exists()
