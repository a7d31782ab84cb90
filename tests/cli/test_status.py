"""`phoenix status`: what is shown is as of a bead, and never taken for more than it is."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phoenix.adapters.locks import FileLock, this_process
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.instants import instant_text
from phoenix.domain.vocabulary import SignerKind
from phoenix.ports.answers import Complete, Unknown
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.status.file import read_status
from phoenix.runtime.status.glance import Health, glance
from tests import children
from tests.cli.calling import run
from tests.runtime.processes import serving, until
from tests.runtime.trading import approve, proposed

TRADER = Signer(SignerKind.HUMAN, "trader")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home) -> Callable[..., Any]:
    """The exit code and the document of a status."""

    def ask(*options: str) -> tuple[int, dict[str, Any]]:
        code = run(monkeypatch, "status", "--home", str(home.directory), "--json", *options)
        return code, json.loads(capsys.readouterr().out)

    return ask


def shown(home: Home, as_of: datetime, **changes: object) -> None:
    """A status file as an executor would have written it."""
    document = {
        "as_of": instant_text(as_of), "fresh_until": instant_text(as_of + timedelta(seconds=6)), "head_seq": 1,
        "account": "SIM0001", "mode": "SIMULATOR", "currency": "USD", "adapter": "chaos_mock", "health": "ACTIVE",
        "reason": "entries are open", "connected": True, "reconciled": True, "session": "", "positions": {},
        "pending": 0, "kill_flags": [], "drifts": 0, "strays": 0, "parked": 0, "quotes": {}, **changes,
    }  # fmt: skip
    home.status.write_text(json.dumps(document))


def test_without_an_executor_it_says_so_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    assert run(monkeypatch, "status", "--home", str(home.directory)) == ExitCode.OK
    lines = capsys.readouterr().out
    assert lines.startswith("ENTRIES CLOSED: no executor is at work")
    assert "phoenix serve" in lines


def test_beside_a_running_executor(monkeypatch: pytest.MonkeyPatch, home: Home, told: Callable[..., Any]) -> None:
    with serving(home) as executor, Desk(home) as desk:
        until(lambda: glance(home.directory).is_current(datetime.now(UTC)))
        code, document = told()
        assert (code, document["health"], document["executor"]["pid"]) == (ExitCode.OK, "ACTIVE", executor.pid)
        assert document["shown"]["account"] == "SIM0001"
        assert document["shown"]["quotes"]["GBPUSD"]["bid"]
        desk.set_kill(None, "enough", signer=TRADER)
        code, document = told()
        assert (code, document["health"]) == (ExitCode.HALTED, "HALTED")
        assert "enough" in document["reason"]
        executor.send(signal.SIGKILL)
        executor.end()
        code, document = told()
        assert document["executor"] is None
        assert document["is_current"] is False


def test_a_flag_that_nobody_has_shown_yet_halts_all_the_same(home: Home, told: Callable[..., Any]) -> None:
    with Desk(home) as desk:
        desk.set_kill(None, "by hand", signer=TRADER)
    code, document = told()
    assert (code, document["health"]) == (ExitCode.HALTED, "HALTED")
    assert [flag["reason"] for flag in document["kill_flags"]] == ["by hand"]


@pytest.mark.parametrize("changes", [{"head_seq": 10**6}, {"head_seq": 10**6, "kill_flags": [{"flag_id": "f"}]},
                                     {"head_seq": 2, "kill_flags": None}])  # fmt: skip
def test_no_status_hides_a_flag_of_the_chain_nor_sets_one(
    home: Home, told: Callable[..., Any], changes: dict[str, object]
) -> None:
    with Desk(home) as desk:
        desk.set_kill(None, "by hand", signer=TRADER)
    shown(home, datetime.now(UTC), **changes)
    code, document = told()
    assert (code, document["health"]) == (ExitCode.HALTED, "HALTED")
    assert [flag["reason"] for flag in document["kill_flags"]] == ["by hand"]


def test_what_a_dead_executor_showed_is_old(home: Home) -> None:
    shown(home, datetime.now(UTC))
    lock = FileLock(home.lock)
    lock.take(this_process("serve", datetime.now(UTC) + timedelta(seconds=1)))
    try:
        seen = glance(home.directory)
    finally:
        lock.release()
    assert not seen.is_current(datetime.now(UTC) + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("age_s", "changes", "health", "code"),
    [
        (0, {}, Health.ACTIVE, ExitCode.OK),
        (60, {}, Health.ENTRIES_CLOSED, ExitCode.BROKER_UNREACHABLE),
        (0, {"connected": False, "health": "ENTRIES_CLOSED"}, Health.ENTRIES_CLOSED, ExitCode.BROKER_UNREACHABLE),
        (0, {"reconciled": False}, Health.ENTRIES_CLOSED, ExitCode.BROKER_UNREACHABLE),
        (0, {"drifts": 1}, Health.ACTIVE, ExitCode.DRIFT),
        (0, {"strays": 2}, Health.ACTIVE, ExitCode.DRIFT),
        (0, {"kill_flags": [{"flag_id": "f", "strategy_id": None}]}, Health.HALTED, ExitCode.HALTED),
        (0, {"kill_flags": [{"flag_id": "f", "strategy_id": "one"}]}, Health.ACTIVE, ExitCode.OK),
        (0, {"head_seq": 99}, Health.ENTRIES_CLOSED, ExitCode.BROKER_UNREACHABLE),
    ],
)
def test_the_exit_code_says_what_is_wrong(
    home: Home, told: Callable[..., Any], age_s: int, changes: dict[str, object], health: Health, code: ExitCode
) -> None:
    now = datetime.now(UTC)
    lock = FileLock(home.lock)
    lock.take(this_process("serve", now - timedelta(hours=1)))
    try:
        shown(home, now - timedelta(seconds=age_s), **changes)
        found, document = told()
    finally:
        lock.release()
    assert (document["health"], found) == (health.value, code)


def test_it_neither_opens_the_store_nor_takes_the_lock(home: Home, told: Callable[..., Any]) -> None:
    connection = sqlite3.connect(home.store)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        code, document = told()
    finally:
        connection.rollback()
        connection.close()
    assert code == ExitCode.OK
    assert document["unshown_beads"] == 1


def test_a_status_that_is_no_ordinary_file_is_not_waited_for(home: Home, told: Callable[..., Any]) -> None:
    os.mkfifo(home.status)
    assert told()[1]["shown"] is None


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.one_of(st.integers(), st.text(max_size=4), st.none()), max_size=2),
)  # fmt: skip
NAMES = (
    "as_of", "fresh_until", "head_seq", "account", "mode", "currency", "adapter", "health", "reason", "connected",
    "reconciled", "session", "positions", "pending", "kill_flags", "drifts", "strays", "parked", "quotes", "equity",
    "equity_as_of", "unprotected",
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(odd=st.dictionaries(st.sampled_from(NAMES), ODD, min_size=1, max_size=3), deep=st.booleans())
def test_whatever_stands_in_a_status_file_everything_goes_on(
    home: Home, told: Callable[..., Any], odd: dict[str, object], *, deep: bool
) -> None:
    shown(home, datetime.now(UTC))
    home.status.write_text(json.dumps({**json.loads(home.status.read_text()), **odd}))
    if deep:
        home.status.write_bytes(home.status.read_bytes().replace(b"{", b"{" + b'"x":[' * 5000, 1))
    assert told()[0] in (ExitCode.OK, ExitCode.HALTED, ExitCode.DRIFT)
    with Desk(home) as desk:
        assert isinstance(desk.shown_quote("GBPUSD"), Complete | Unknown)


@pytest.mark.parametrize(
    "quote",
    [
        {"bid": "x", "ask": "1.3", "as_of": "2026-01-01T00:00:00Z"},
        {"bid": "NaN", "ask": "1.3", "as_of": "2026-01-01T00:00:00Z"},
        {"bid": "1.2", "ask": "1.3", "as_of": "yesterday"}, {"bid": 1.2, "ask": 1.3, "as_of": "2026-01-01T00:00:00Z"},
        {"bid": {"x": "1"}, "ask": "1.3", "as_of": "2026-01-01T00:00:00Z"}, {"unknown": 5}, "1.2", None,
        {"bid": "-1", "ask": "1.3", "as_of": "2026-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_of_a_quote_that_no_executor_writes_nothing_is_believed(home: Home, quote: object) -> None:
    shown(home, datetime.now(UTC), quotes={"GBPUSD": quote})
    assert read_status(home.status) is None
    with Desk(home) as desk:
        assert isinstance(desk.shown_quote("GBPUSD"), Unknown)


def test_a_status_of_any_length_is_not_read_to_its_end(home: Home) -> None:
    shown(home, datetime.now(UTC), reason="x" * 1_000_000)
    assert read_status(home.status) is None
    with home.status.open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    try:
        assert read_status(home.status) is None
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


HOSTILE: dict[str, dict[str, object] | None] = {
    "a bad quote": {"quotes": {"GBPUSD": {"bid": "x", "ask": "y", "as_of": "2026-01-01T00:00:00Z"}}},
    "a nested quote": {"quotes": {"GBPUSD": {"bid": {"a": [1]}, "ask": [], "as_of": None}}},
    "no number": {"quotes": {"GBPUSD": {"bid": float("nan"), "ask": 1, "as_of": 0}}, "pending": float("inf")},
    "half a character": {"reason": "\ud800", "quotes": {"GBPUSD": {"unknown": "\ud800"}}, "account": "\ud800"},
    "an endless place": {"head_seq": 2**80},
    "a place before the first": {"head_seq": -1},
    "other types": {"positions": [1], "kill_flags": {"a": 1}, "drifts": "many", "connected": "yes"},
    "half of it": None,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_command_depends_on_what_a_status_file_holds(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], home: Home, name: str
) -> None:
    with Desk(home) as desk:
        approve(desk, proposed(desk).intent_id or "")
    place = ("--home", str(home.directory))
    safety = [("kill", "set", "--strategy", "manual", "--reason", "odd"), ("halt",)]
    for words in [("positions", "list"), ("status",), ("account",), ("pending",), ("orders",), *safety, ("status",)]:
        for options in ((), ("--json",)):
            lock = FileLock(home.lock)
            if words not in safety:
                lock.take(this_process("serve", datetime.now(UTC)))
            odd = HOSTILE[name]
            shown(home, datetime.now(UTC), **(odd or {}))
            if odd is None:
                home.status.write_bytes(home.status.read_bytes()[:90])
            try:
                code = run(monkeypatch, *words, *place, *options)
            finally:
                lock.release()
            assert code in (ExitCode.OK, ExitCode.HALTED, ExitCode.BROKER_UNREACHABLE), (words, options)
            assert "Traceback" not in capfd.readouterr().err
    with Desk(home) as desk:
        assert len(desk.read.state.flags) == 4


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"head_seq": "one"}', b'{"head_seq": 1, "as_of": 3}'])
def test_a_damaged_status_file_is_as_none(home: Home, told: Callable[..., Any], content: bytes) -> None:
    home.status.write_bytes(content)
    assert told()[1]["shown"] is None


def test_odd_values_in_a_status_file_are_not_trusted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    odd = {
        "positions": 3,
        "kill_flags": 5,
        "quotes": [1],
        "pending": "many",
        "account": "\x1b[31mred",
        "fresh_until": 1,
    }
    shown(home, datetime.now(UTC), **odd)
    assert run(monkeypatch, "status", "--home", str(home.directory)) == ExitCode.OK
    assert "\x1b" not in capsys.readouterr().out


def test_where_there_is_no_home_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, "status", "--home", str(tmp_path)) == ExitCode.REFUSED


def test_watching_ends_well_with_an_interrupt(home: Home) -> None:
    program = "from phoenix.cli.main import main; main()"
    command = [sys.executable, "-c", program, "status", "--watch", "--home", str(home.directory)]
    with subprocess.Popen(command, env=children.environment(), stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        while not watching.stdout.readline().startswith("ENTRIES CLOSED"):
            pass
        watching.send_signal(signal.SIGINT)
        watching.stdout.read()
        assert watching.wait() == ExitCode.OK


def test_watching_is_for_people_only(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    assert run(monkeypatch, "status", "--watch", "--json", "--home", str(home.directory)) == ExitCode.USAGE
