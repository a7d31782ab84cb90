"""What is asked of a running executor by another process: strategies, sessions, checkpoints, refusals on record."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.operations import SessionPayload, StrategyPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.vocabulary import RefusalReason, SessionEvent
from phoenix.ports.checkpoints import Checkpoint
from phoenix.ports.errors import ExecutorRunning, NotYetKnown
from phoenix.ports.lock import Holder
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import BOOK, Home
from phoenix.runtime.process.checkpoint_request import CheckpointRequest
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.readings.outcomes import OutcomeStatus
from phoenix.runtime.signals.notations import Notation
from tests.runtime.dying import run
from tests.runtime.processes import serving, started, until
from tests.runtime.trading import TRADER
from tests.runtime.trading import signal as fresh_signal


def in_book(home: Home, statement: str) -> None:
    """Change the broker's book by hand."""
    with closing(sqlite3.connect(home.directory / BOOK, isolation_level=None, timeout=5)) as shell:
        shell.execute(statement)


def test_strategies_documents_and_flags_reach_a_running_executor(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        done = desk.register_strategy("mine", "my own", signer=TRADER)
        assert done.status is OutcomeStatus.DONE
        payloads = [item.bead.payload for item in desk.beads()]
        assert done.decision_id in [bead.decision_id for bead in payloads if isinstance(bead, StrategyPayload)]
        again = desk.register_strategy("mine", "my own", signer=TRADER)
        assert again.refusal is not None
        assert again.refusal.reason is RefusalReason.CONFLICT

        proposed = desk.ingest(fresh_signal(strategy_id="mine"), signer=TRADER, notation=Notation.YAML)
        assert proposed.intent_id is not None
        begin = desk.store.head().seq
        refused = [
            desk.ingest(b"{}", signer=TRADER), desk.ingest(b"a: &b c", signer=TRADER, notation=Notation.YAML),
            desk.ingest(fresh_signal(pair="XXXYYY"), signer=TRADER),
        ]  # fmt: skip
        reasons = [outcome.refusal.reason for outcome in refused if outcome.refusal is not None]
        assert reasons == [RefusalReason.MALFORMED, RefusalReason.MALFORMED, RefusalReason.INSTRUMENT_UNKNOWN]
        on_record = [item.bead.payload for item in desk.beads(begin)]
        assert [bead.reason for bead in on_record if isinstance(bead, RefusalPayload)] == reasons
        assert {bead.bead_type for bead in on_record} == {BeadType.REFUSAL}

        desk.set_kill(None, "enough", signer=TRADER)
        until(lambda: home.alerts.exists() and "KILL_FLAG_SET" in home.alerts.read_text())
        desk.set_kill("mine", "enough of it", signer=TRADER)
        until(lambda: home.alerts.read_text().count('"kind":"KILL_FLAG_SET"') == 2)
        assert [told.alert.kind for told in desk.read.alerts()].count("KILL_FLAG_SET") == 2


def test_a_flag_is_told_once_whenever_the_executor_that_took_it_up_died(home: Home) -> None:
    with Desk(home) as desk:
        desk.set_kill(None, "enough", signer=TRADER)
        assert run(home, nothing, "commit.before.ALERT.RAISED").was_killed
        assert [told.alert.kind for told in desk.read.alerts()] == []
        for _ in range(2):
            assert run(home, nothing).code == 0
        assert [told.alert.kind for told in desk.read.alerts()] == ["KILL_FLAG_SET"]
    assert len(home.alerts.read_text().splitlines()) == 1


async def nothing(_: RunningExecutor) -> None:
    """What an executor does by itself."""


def test_a_session_is_opened_anew_by_a_process_that_names_itself(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        working = desk.reconnect(signer=TRADER)
        assert working.refusal is not None
        assert working.refusal.reason is RefusalReason.WRONG_STATE
        in_book(home, """INSERT INTO faults (kind, detail) VALUES ('socket_drop', '{"for_s": 600}')""")
        until(lambda: not desk.read.session().is_connected)
        in_vain = desk.reconnect(signer=TRADER)
        assert in_vain.refusal is not None
        assert in_vain.refusal.reason is RefusalReason.CONNECTION
        in_book(home, "DELETE FROM faults")
        done = desk.reconnect(signer=TRADER, reason="the cable is in again")
        assert done.status is OutcomeStatus.DONE
        sessions = [item.bead.payload for item in desk.beads() if isinstance(item.bead.payload, SessionPayload)]
        [opened] = [bead for bead in sessions if bead.decision_id == done.decision_id]
        assert opened.event is SessionEvent.RECONNECTED
        until(lambda: desk.read.session().is_reconciled)


def test_a_serving_process_takes_a_checkpoint_when_it_is_asked(home: Home) -> None:
    with serving(home) as executor, Desk(home) as desk:
        first, second = desk.checkpoint(), desk.checkpoint()
        assert first.seq < second.seq
        kept = [json.loads(line)["seq"] for line in home.checkpoints.read_text().splitlines()]
        assert [str(taken.seq) for taken in (first, second)] == kept[-2:]
        hasty = Desk(Home.open(home.directory, {"commands.wait_s": "0.3"}))
        executor.send(signal.SIGSTOP)
        with hasty, pytest.raises(NotYetKnown, match=f"process {executor.pid}"):
            hasty.checkpoint()
        executor.send(signal.SIGCONT)
        assert executor.pid == getattr(desk.executor(), "pid", None)


def request(home: Home, holder: Holder | None) -> CheckpointRequest:
    def act() -> Checkpoint:
        raise AssertionError("taken here, beside an executor")

    return CheckpointRequest(home, lambda: holder, act)


def serving_elsewhere(host: str, command: str = "serve", pid: int | None = None) -> Holder:
    return Holder(os.getpid() if pid is None else pid, host, "somebody", command, datetime.now(UTC))


def test_an_executor_out_of_reach_is_named_and_nothing_is_asked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(pid: int, number: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "kill", forbidden)
    with pytest.raises(ExecutorRunning, match="run this command there"):
        request(home, serving_elsewhere("another-host")).look()
    with pytest.raises(ExecutorRunning, match="as somebody"):
        request(home, serving_elsewhere(socket.gethostname())).look()


def test_nobody_but_a_serving_process_is_sent_a_signal(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process would die of it."""
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, _: sent.append(pid))
    asked = request(home, serving_elsewhere(socket.gethostname(), "embedded"))
    assert asked.look() is None
    assert sent == []
    assert isinstance(asked.unanswered(), ExecutorRunning)
    serve = request(home, serving_elsewhere(socket.gethostname(), pid=1))
    assert (serve.look(), serve.look()) == (None, None)
    assert sent == [1]


def test_serve_waits_for_a_command_that_is_executor_for_a_moment(home: Home) -> None:
    with started(home, "hold") as one_shot:
        one_shot.wait_for("ready")
        with started(home) as executor:
            assert f"process {one_shot.pid}" in executor.wait_for("waiting for hold")
            one_shot.kill()
            executor.wait_for("ready")


def test_serve_waits_no_longer_than_commands_do(home: Home) -> None:
    configuration = home.directory / "phoenix.toml"
    configuration.write_text(configuration.read_text() + "\n[commands]\nwait_s = 0.2\n")
    with started(home, "hold") as one_shot:
        one_shot.wait_for("ready")
        with started(home) as executor:
            code, errors = executor.end()
            assert code == 1
            assert f"process {one_shot.pid}" in errors
