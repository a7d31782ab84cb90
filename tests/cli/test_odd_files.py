"""A home whose files are gone, destroyed or no files at all: every command says so and ends."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix

LIMIT_S = 10


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    """Whatever waits for ever fails."""

    def give_up(_: int, __: object) -> None:
        raise AssertionError(f"it still waits after {LIMIT_S} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def a_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS: list[Callable[[Path], None]] = [os.mkfifo, a_socket, a_device, Path.mkdir]
FILES: dict[str, Callable[[Home], Path]] = {
    "configuration": lambda home: home.directory / "phoenix.toml",
    "store": lambda home: home.store,
    "write-ahead log": lambda home: Path(f"{home.store}-wal"),
    "lock": lambda home: home.lock,
    "status": lambda home: home.status,
    "snapshot": lambda home: home.snapshot,
    "checkpoints": lambda home: home.checkpoints,
    "key": lambda home: home.private_key,
    "alerts": lambda home: home.alerts,
    "book": lambda home: home.directory / "book.db",
}
ACTING: list[tuple[str, ...]] = [("serve",), ("simulate-signal",), ("checkpoint",)]
SPARED = ("status", "snapshot", "alerts")
"""What nobody needs to trade; it is left aside."""
ONE_SHOT = ACTING[1:]
LOOKING: list[tuple[str, ...]] = [
    ("status",),
    ("status", "--json"),
    ("pending",),
    ("beads", "verify"),
    ("config", "check"),
    ("kill", "list"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("file", FILES)
def test_what_is_no_file_is_refused_instead_of_waited_for(
    phoenix: Phoenix, home: Home, file: str, kind: Callable[[Path], None]
) -> None:
    path = FILES[file](home)
    path.unlink(missing_ok=True)
    kind(path)
    called = phoenix("doctor", "--json")
    assert called.code == ExitCode.ERROR, called
    assert path.name in called.out
    for acting in ONE_SHOT if file in SPARED else ACTING:
        called = phoenix(*acting)
        if file in SPARED:
            assert called.code == ExitCode.OK, (acting, called)
            continue
        assert called.code in (ExitCode.ERROR, ExitCode.REFUSED), (acting, called)
        assert path.name in called.err
        assert called.err.count("\n") == 1
    for looking in LOOKING:
        phoenix(*looking)


def cut_off(store: Path) -> None:
    os.truncate(store, 5_000)


def zeroed(store: Path) -> None:
    store.write_bytes(bytes(store.stat().st_size))


def garbage(store: Path) -> None:
    store.write_bytes(b"garbage" * 10_000)


def emptied(store: Path) -> None:
    store.write_bytes(b"")


def replaced_by_folder(store: Path) -> None:
    store.unlink()
    store.mkdir()


@pytest.mark.parametrize("destroy", [cut_off, zeroed, garbage, emptied, replaced_by_folder, Path.unlink])
def test_a_destroyed_store_is_never_well(phoenix: Phoenix, home: Home, destroy: Callable[[Path], None]) -> None:
    destroy(home.store)
    for command in ("status", "doctor"):
        called = phoenix(command)
        assert called.code == ExitCode.ERROR, (command, called)
        assert home.store.name in "".join((called.out + called.err).split())
        assert phoenix(command, "--json").document["exit_code"] == ExitCode.ERROR
    assert "phoenix doctor" in phoenix("status").err
    for acting in ACTING:
        assert phoenix(*acting).code in (ExitCode.ERROR, ExitCode.REFUSED), acting


def test_what_is_dropped_into_the_inbox_holds_nobody_up(phoenix: Phoenix, home: Home) -> None:
    os.mkfifo(home.inbox / "signal.json")
    assert phoenix("doctor").code != ExitCode.USAGE
    assert phoenix("simulate-signal").code == ExitCode.OK
