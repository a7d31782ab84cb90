"""One holder at a time; a dead one has let go, and nobody else ever does it for the living."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from phoenix.adapters.locks import FileLock, this_process
from phoenix.ports.errors import ExecutorRunning, StoreUnavailable
from phoenix.rehearsal.signals import MONDAY
from tests import children

ROOT = Path(__file__).parents[3]
_HOLD = """
import sys
from datetime import UTC, datetime
from phoenix.adapters.locks import FileLock, this_process
lock = FileLock(sys.argv[1])
lock.take(this_process("serve", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)))
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], cwd=ROOT, env=children.environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with process:
        yield process
        process.kill()


def test_a_second_holder_is_refused_with_who_holds_it_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with other_process(path) as holder, pytest.raises(ExecutorRunning) as refusal:
        FileLock(path).take(this_process("mine", MONDAY))
    assert f"process {holder.pid}" in str(refusal.value)
    assert "serve" in str(refusal.value)
    assert "2026-03-02T09:30:00" in str(refusal.value)


def test_a_killed_holder_has_let_go_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine = FileLock(path)
    with other_process(path) as holder:
        assert mine.holder() is not None
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert mine.holder() is None
        mine.take(this_process("mine", MONDAY))
    mine.release()


def test_whoever_looks_sees_the_holder_and_takes_nothing(tmp_path: Path) -> None:
    mine, looking = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert looking.holder() is None
    mine.take(this_process("mine", MONDAY))
    seen = looking.holder()
    assert seen == this_process("mine", MONDAY)
    mine.release()
    assert looking.holder() is None
    mine.take(this_process("again", MONDAY))
    mine.release()


def test_a_refused_taker_leaves_the_name_of_the_holder(tmp_path: Path) -> None:
    mine, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    mine.take(this_process("mine", MONDAY))
    for _ in range(2):
        with pytest.raises(ExecutorRunning, match="mine"):
            other.take(this_process("other", MONDAY))
    with pytest.raises(ExecutorRunning, match="mine"):
        mine.take(this_process("mine too", MONDAY))
    mine.release()
    mine.release()
    other.take(this_process("other", MONDAY))
    other.release()


def test_a_lock_that_nobody_can_use_is_an_error_not_a_free_lock(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="lock"):
        FileLock(tmp_path / "nowhere" / "lock").take(this_process("mine", MONDAY))


def test_a_holder_whose_lock_was_removed_or_replaced_must_end(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine, other = FileLock(path), FileLock(path)
    mine.take(this_process("mine", MONDAY))
    mine.require_held()
    path.unlink()
    with pytest.raises(StoreUnavailable, match="removed or replaced"):
        mine.require_held()
    other.take(this_process("other", MONDAY))
    other.require_held()
    with pytest.raises(StoreUnavailable, match="removed or replaced"):
        mine.require_held()
    mine.release()
    assert other.holder() == this_process("other", MONDAY)
    other.release()


def test_whoever_holds_nothing_must_not_go_on(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        FileLock(tmp_path / "lock").require_held()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff{]", b"[" * 100_000, b"5", b'{"pid": -1}', b"{}"],
    ids=lambda content: content[:8].decode("latin1"),
)
def test_a_lock_file_that_names_nobody_is_no_holder(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lock"
    path.write_bytes(content)
    assert FileLock(path).holder() is None
    mine = FileLock(path)
    mine.take(this_process("mine", MONDAY))
    assert FileLock(path).holder() == this_process("mine", MONDAY)
    mine.release()


def test_a_process_number_that_would_reach_other_processes_is_none(tmp_path: Path) -> None:
    """A signal to -1 goes to every process there is."""
    path, mine = tmp_path / "lock", FileLock(tmp_path / "lock")
    mine.take(this_process("mine", MONDAY))
    text = path.read_text()
    path.write_text(text.replace(f'"pid": {os.getpid()}', '"pid": -1'))
    assert path.read_text() != text
    assert FileLock(path).holder() is None
    mine.release()
