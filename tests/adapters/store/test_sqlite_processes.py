"""Several processes on one file, and processes that die at any moment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.ports.claims import ClaimOffice
from tests.adapters.store.beads import TALLY, Tally, signal
from tests.adapters.store.contract import append

ROOT = Path(__file__).parents[3]


def worker(path: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.adapters.store.worker", str(path), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output.splitlines()


def test_two_processes_append_without_fork_gap_or_loss(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    workers = [worker(path, "append", name, "60") for name in ("one", "two")]
    acknowledged = [line.split() for process in workers for line in lines_of(process)]
    stored = {str(item.seq): item.bead.bead_id for item in sqlite_store.read()}
    assert dict(acknowledged) == stored
    assert len(stored) == 120
    assert sqlite_store.verify().ok
    assert sqlite_store.view().state.count == 120


def test_each_token_has_one_winner_among_processes(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    workers = [worker(path, "claim", name, "40") for name in ("one", "two")]
    won = [token for process in workers for token in lines_of(process)]
    assert sorted(won) == sorted(f"T{number}" for number in range(40))
    assert sqlite_store.head().seq == 80


@pytest.mark.parametrize("acknowledged_beads", [1, 7, 40])
def test_no_acknowledged_bead_is_lost_when_a_process_is_killed(
    sqlite_store: SqliteStore[Tally], path: Path, acknowledged_beads: int
) -> None:
    with worker(path, "append", "doomed", "100000") as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().split() for _ in range(acknowledged_beads)]
        process.kill()
        acknowledged += [line.split() for line in process.stdout if line.endswith("\n")]
    sqlite_store.close()
    again = SqliteStore.open(path, TALLY, ClaimOffice())
    assert again.verify().ok
    stored = [[str(item.seq), item.bead.bead_id] for item in again.read()]
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) <= len(acknowledged) + 1
    append(again, signal("life goes on"))
    again.close()


def test_a_log_cut_at_any_place_leaves_a_valid_prefix(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    for number in range(8):
        append(sqlite_store, signal(str(number)))
    log = path.with_name(path.name + "-wal").read_bytes()
    stored = [item.bead for item in sqlite_store.read()]
    lengths = []
    for cut in range(0, len(log) + 1, 4999):
        copy = path.with_name("copy.db")
        shutil.copy(path, copy)
        copy.with_name("copy.db-wal").write_bytes(log[:cut])
        again = SqliteStore.open(copy, TALLY, ClaimOffice())
        assert again.verify().ok
        assert [item.bead for item in again.read()] == stored[: again.head().seq]
        lengths.append(again.head().seq)
        again.close()
    assert lengths == sorted(lengths)
    assert {0, 7} <= set(lengths) <= set(range(9))
