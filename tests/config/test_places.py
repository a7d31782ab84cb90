"""Every file of a home has a place of its own."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import pytest

from phoenix.config import read_settings
from phoenix.config.reading import problems_with
from phoenix.ports.errors import ConfigurationError

_KEYS = {
    "store.path": "phoenix.db",
    "checkpoints.path": "checkpoints.jsonl",
    "checkpoints.private_key": "checkpoint.key",
    "inbox.path": "inbox",
    "alerts.path": "alerts.jsonl",
    "broker.chaos_mock.book": "book.db",
}


def written(folder: Path, **values: str) -> Path:
    """A configuration in which keys, with dots as they stand, have values."""
    path = folder / "phoenix.toml"
    lines = ['broker.chaos_mock.book = "book.db"'] if "broker.chaos_mock.book" not in values else []
    path.write_text("\n".join([*lines, *(f'{key} = "{value}"' for key, value in values.items())]))
    return path


def test_the_defaults_clash_nowhere(tmp_path: Path) -> None:
    assert problems_with(written(tmp_path)) == []


@pytest.mark.parametrize(("key", "other"), list(permutations(_KEYS, 2)))
def test_no_setting_may_name_the_file_of_another(tmp_path: Path, key: str, other: str) -> None:
    file = written(tmp_path, **{key: _KEYS[other]})
    problems = problems_with(file)
    assert problems
    assert all(key in problem and other in problem and "Give " in problem for problem in problems)
    with pytest.raises(ConfigurationError, match=key):
        read_settings(file)


@pytest.mark.parametrize("key", sorted(_KEYS))
@pytest.mark.parametrize(
    "place",
    [
        "phoenix.toml",
        "./sub/../phoenix.toml",
        "PHOENIX.TOML",
        "phoenix.db-wal",
        "phoenix.db-shm",
        "phoenix.db.lock",
        "phoenix.db.status",
        "phoenix.db.snapshot",
        "book.db-journal",
        "inbox/one",
        "alerts.jsonl/one",
    ],
)
def test_no_setting_may_name_what_lies_beside_another_or_within(tmp_path: Path, key: str, place: str) -> None:
    if place.startswith(_KEYS[key]):
        place = "phoenix.toml"
    assert any(key in problem for problem in problems_with(written(tmp_path, **{key: place})))


@pytest.mark.parametrize("inbox", [".", "..", "/"])
def test_the_inbox_holds_nothing_else(tmp_path: Path, inbox: str) -> None:
    assert problems_with(written(tmp_path, **{"inbox.path": inbox}))


def test_an_inbox_around_other_files_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, **{"inbox.path": "all", "store.path": "all/phoenix.db"})
    assert "store.path" in problems_with(file)[0]


@pytest.mark.parametrize("make", [os.symlink, os.link])
def test_a_link_is_the_file_that_it_leads_to(tmp_path: Path, make: object) -> None:
    (tmp_path / "phoenix.db").touch()
    assert callable(make)
    make(tmp_path / "phoenix.db", tmp_path / "alias")
    assert "store.path" in problems_with(written(tmp_path, **{"alerts.path": "alias"}))[0]


def test_links_that_lead_to_each_other_end_nowhere(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    problems_with(written(tmp_path, **{"alerts.path": "one/file"}))


def test_the_environment_is_held_to_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    monkeypatch.setenv("PHOENIX_ALERTS__PATH", str(tmp_path / "phoenix.db"))
    with pytest.raises(ConfigurationError, match=r"alerts\.path"):
        read_settings(file)
