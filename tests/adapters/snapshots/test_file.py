"""Signed snapshots in a file: what was kept comes back, and what anybody else made or changed does not."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

import orjson
import pytest

from phoenix.adapters.checkpoints import FileCheckpoints, make_key
from phoenix.adapters.snapshots import FileSnapshots, fold_fingerprint
from phoenix.ports.checkpoints import Checkpoint
from phoenix.ports.errors import ConfigurationError, StoreUnavailable
from phoenix.ports.snapshots import Snapshot, Unusable
from phoenix.ports.store import Head
from tests.adapters.store.beads import NOON, Tally

FOLDED = Snapshot(Head(2, b"\x02" * 32), Tally(2, ("a", "b")))


@dataclass
class Files:
    folder: Path
    public_key: str

    @property
    def path(self) -> Path:
        return self.folder / "phoenix.db.snapshot"

    @property
    def key(self) -> Path:
        return self.folder / "checkpoint.key"

    def writer(self, fingerprint: str = "this version") -> FileSnapshots[Tally]:
        return FileSnapshots(self.path, Tally, fingerprint, self.key, self.public_key)

    def reader(self, fingerprint: str = "this version") -> FileSnapshots[Tally]:
        return FileSnapshots(self.path, Tally, fingerprint, None, self.public_key)

    def refusal(self) -> str:
        found = self.reader().latest()
        assert isinstance(found, Unusable), found
        return found.reason


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path, make_key(tmp_path / "checkpoint.key"))
    made.writer().keep(FOLDED)
    return made


def test_what_was_kept_comes_back_to_whoever_has_the_public_key(files: Files) -> None:
    assert files.reader().latest() == FOLDED


def test_without_a_file_there_is_none(files: Files) -> None:
    files.path.unlink()
    assert files.reader().latest() is None


def test_a_new_snapshot_takes_the_place_of_the_former(files: Files) -> None:
    newer = Snapshot(Head(3, b"\x03" * 32), Tally(3, ("a", "b", "c")))
    files.writer().keep(newer)
    assert files.reader().latest() == newer
    assert [file.name for file in files.folder.iterdir() if "snapshot" in file.name] == [files.path.name]
    assert stat.S_IMODE(files.path.stat().st_mode) == 0o600


def test_only_the_private_key_keeps(files: Files) -> None:
    with pytest.raises(ConfigurationError, match="no private key"):
        files.reader().keep(FOLDED)


def test_every_changed_byte_is_noticed(files: Files) -> None:
    whole = files.path.read_bytes()
    for place in range(len(whole) - 1):
        files.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert isinstance(files.reader().latest(), Unusable), whole[place : place + 20]


def test_every_cut_is_noticed(files: Files) -> None:
    whole = files.path.read_bytes()
    for length in range(len(whole) - 1):
        files.path.write_bytes(whole[:length])
        assert isinstance(files.reader().latest(), Unusable), whole[:length]


def test_a_state_changed_together_with_its_hash_is_not_trusted(files: Files) -> None:
    document, state, _ = files.path.read_bytes().split(b"\n")
    changed = state.replace(b'"b"', b'"x"')
    forged = {**orjson.loads(document), "state_hash": sha256(changed).hexdigest()}
    files.path.write_bytes(orjson.dumps(forged) + b"\n" + changed + b"\n")
    assert "signature" in files.refusal()


def test_a_snapshot_of_another_key_is_not_trusted(files: Files) -> None:
    (files.folder / "other").mkdir()
    other = Files(files.folder / "other", make_key(files.folder / "other" / "checkpoint.key"))
    other.writer().keep(FOLDED)
    files.path.write_bytes(other.path.read_bytes())
    assert "signature" in files.refusal()


def test_a_signed_checkpoint_is_no_snapshot(files: Files) -> None:
    FileCheckpoints(files.folder / "checkpoints", files.key, files.public_key).keep(Checkpoint(2, "02" * 32, NOON))
    files.path.write_bytes((files.folder / "checkpoints").read_bytes() + b"{}")
    assert "cannot be read" in files.refusal()


def test_a_snapshot_of_another_version_is_not_used(files: Files) -> None:
    files.writer("another version").keep(FOLDED)
    assert "another version" in files.refusal()


def test_a_snapshot_that_cannot_be_read_is_said_to_be_so(files: Files) -> None:
    files.path.unlink()
    files.path.mkdir()
    assert "cannot be read" in files.refusal()


def test_a_snapshot_that_cannot_be_written_leaves_the_former(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        files.writer().keep(Snapshot(Head(3, b"\x03" * 32), Tally(3, ())))
    assert files.reader().latest() == FOLDED


def test_the_fingerprint_is_over_all_the_code_that_folds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    numbers = count()

    def of(**modules: str) -> str:
        folder = tmp_path / str(next(numbers))
        (folder / "beads").mkdir(parents=True)
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "state.pyc").write_text(str(folder))
        for name, text in modules.items():
            (folder / name.replace("__", "/")).write_text(text)
        monkeypatch.setattr("phoenix.adapters.snapshots.fingerprint.files", lambda _: folder)
        return fold_fingerprint.__wrapped__()

    assert of(state="a", beads__codec="b") == of(beads__codec="b", state="a")
    assert len({of(state="a1", beads__codec="b"), of(state="a", beads__codec="b1"), of(state="a", fold="b")}) == 3
    assert of(state="x") != of(stated="x")
