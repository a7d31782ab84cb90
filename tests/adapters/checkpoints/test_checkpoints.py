"""Signed checkpoints: a cut tail, an old backup, another chain and a forged checkpoint are told from a whole chain."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from phoenix.adapters.checkpoints import FileCheckpoints, make_key, verify_against_checkpoint
from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.ports.checkpoints import Checkpoint
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import ConfigurationError, StoreCorrupt, StoreUnavailable
from phoenix.ports.store import BeadStore
from tests.adapters.store.beads import NOON, TALLY, Tally, signal
from tests.adapters.store.contract import append


@dataclass
class Files:
    folder: Path
    public_key: str

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints.jsonl"

    @property
    def private_key(self) -> Path:
        return self.folder / "checkpoint.key"

    def sink(self) -> FileCheckpoints:
        return FileCheckpoints(self.checkpoints, self.private_key, self.public_key)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, make_key(tmp_path / "checkpoint.key"))


def chain(*names: str) -> MemoryStore[Tally]:
    store = MemoryStore(TALLY, ClaimOffice())
    append(store, *map(signal, names))
    return store


def checkpoint_of(store: BeadStore[Tally]) -> Checkpoint:
    head = store.head()
    return Checkpoint(head.seq, head.bead_hash.hex(), NOON)


def test_without_checkpoints_the_window_is_everything(files: Files) -> None:
    assert files.sink().latest() is None
    window = verify_against_checkpoint(chain("a", "b"), files.sink())
    assert str(window) == "no checkpoint covers any of the 2 beads"


def test_the_newest_checkpoint_counts_and_the_window_is_stated(files: Files) -> None:
    store = chain("a")
    for name in "bc":
        files.sink().keep(checkpoint_of(store))
        append(store, signal(name))
    assert files.sink().latest() == Checkpoint(2, list(store.read())[1].bead_hash.hex(), NOON)
    window = verify_against_checkpoint(store, files.sink())
    assert str(window) == "1 beads since the checkpoint at bead 2, taken 2012-02-01T12:00:00.000000Z"


def test_an_empty_chain_can_be_checkpointed(files: Files) -> None:
    files.sink().keep(checkpoint_of(chain()))
    assert verify_against_checkpoint(chain("a"), files.sink()).uncovered_beads == 1


def test_a_cut_tail_is_found(files: Files) -> None:
    files.sink().keep(checkpoint_of(chain("a", "b", "c")))
    with pytest.raises(
        StoreCorrupt, match=r"ends at bead 2, before the checkpoint at bead 3.* 1 or more beads are gone"
    ):
        verify_against_checkpoint(chain("a", "b"), files.sink())


def test_an_old_backup_is_found(files: Files) -> None:
    path, backup = files.folder / "phoenix.db", files.folder / "backup.db"
    store = SqliteStore.create(path, TALLY, ClaimOffice())
    append(store, signal("a"))
    store.close()
    shutil.copy(path, backup)
    store = SqliteStore.open(path, TALLY, ClaimOffice())
    append(store, signal("b"))
    files.sink().keep(checkpoint_of(store))
    store.close()
    restored = SqliteStore.open(backup, TALLY, ClaimOffice())
    with pytest.raises(StoreCorrupt, match="old backup restored"):
        verify_against_checkpoint(restored, files.sink())
    restored.close()


def test_another_chain_is_found(files: Files) -> None:
    files.sink().keep(checkpoint_of(chain("a", "b")))
    with pytest.raises(StoreCorrupt, match="bead 2 is not the one of the checkpoint"):
        verify_against_checkpoint(chain("a", "x", "c"), files.sink())


def test_a_checkpoint_does_not_go_back(files: Files) -> None:
    files.sink().keep(checkpoint_of(chain("a", "b")))
    with pytest.raises(StoreCorrupt, match="before its last checkpoint"):
        files.sink().keep(checkpoint_of(chain("a")))


def test_every_changed_byte_of_the_checkpoints_is_found(files: Files) -> None:
    for names in ("a", "ab"):
        files.sink().keep(checkpoint_of(chain(*names)))
    content = files.checkpoints.read_bytes()
    for at in range(len(content) - 1):
        files.checkpoints.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(StoreCorrupt, match="cannot be trusted"):
            files.sink().latest()


def test_a_line_taken_out_is_found(files: Files) -> None:
    for names in ("a", "ab", "abc"):
        files.sink().keep(checkpoint_of(chain(*names)))
    lines = files.checkpoints.read_bytes().splitlines(keepends=True)
    files.checkpoints.write_bytes(lines[0] + lines[2])
    with pytest.raises(StoreCorrupt, match=r"line 2 .* does not follow the line before it"):
        files.sink().latest()


def test_a_checkpoint_signed_by_somebody_else_is_refused(files: Files) -> None:
    stranger = make_key(files.folder / "stranger.key")
    FileCheckpoints(files.checkpoints, files.folder / "stranger.key", stranger).keep(checkpoint_of(chain("a")))
    with pytest.raises(StoreCorrupt, match="signature is not that of the configured key"):
        files.sink().latest()


def test_a_checkpoint_cut_short_while_it_was_written_never_was(files: Files) -> None:
    files.sink().keep(checkpoint_of(chain("a")))
    whole = files.checkpoints.read_bytes()
    files.checkpoints.write_bytes(whole + b"{" * 1000)
    assert files.sink().latest() == checkpoint_of(chain("a"))
    files.sink().keep(checkpoint_of(chain("a", "b")))
    assert files.checkpoints.read_bytes().startswith(whole)
    assert files.sink().latest() == checkpoint_of(chain("a", "b"))


def test_reading_needs_no_private_key_and_writing_does(files: Files) -> None:
    files.sink().keep(checkpoint_of(chain("a")))
    reader = FileCheckpoints(files.checkpoints, None, files.public_key)
    assert reader.latest() == checkpoint_of(chain("a"))
    with pytest.raises(ConfigurationError, match="no private key"):
        reader.keep(checkpoint_of(chain("a", "b")))


def test_a_checkpoint_that_cannot_be_written_is_an_error(files: Files) -> None:
    sink = FileCheckpoints(files.folder / "nowhere" / "checkpoints", files.private_key, files.public_key)
    with pytest.raises(StoreUnavailable, match="not kept"):
        sink.keep(checkpoint_of(chain("a")))


def test_a_private_key_is_for_its_owner_only_and_is_not_written_over(files: Files) -> None:
    assert stat.S_IMODE(files.private_key.stat().st_mode) == 0o600
    with pytest.raises(ConfigurationError, match="no key was written"):
        make_key(files.private_key)
    os.chmod(files.private_key, 0o640)
    with pytest.raises(ConfigurationError, match="others can read this key"):
        files.sink()


def test_keys_that_are_none_or_no_pair_are_refused(files: Files) -> None:
    other = make_key(files.folder / "other.key")
    with pytest.raises(ConfigurationError, match=r"not the private key of checkpoints\.public_key"):
        FileCheckpoints(files.checkpoints, files.private_key, other)
    with pytest.raises(ConfigurationError, match="64 hexadecimal digits"):
        FileCheckpoints(files.checkpoints, files.private_key, "zz")
    files.private_key.write_text("no key")
    with pytest.raises(ConfigurationError, match="no private key could be read"):
        files.sink()
