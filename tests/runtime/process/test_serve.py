"""The executor's process and others beside it, all of them real."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Callable
from threading import Event

import pytest

from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.ports.errors import ExecutorRunning
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.process.one_shot import act_once
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.readings.outcomes import OutcomeStatus
from phoenix.runtime.status.file import read_status
from tests.runtime.processes import serving, started
from tests.runtime.trading import TRADER, approve, proposed
from tests.runtime.trading import signal as fresh_signal


def until(happened: Callable[[], bool]) -> None:
    """Look again and again, for ten seconds at most."""
    for _ in range(100):
        if happened():
            return
        Event().wait(0.1)
    raise AssertionError("it did not happen")


def test_another_process_proposes_approves_and_closes_by_hand(home: Home) -> None:
    with serving(home) as executor, Desk(home) as desk:
        holder = desk.executor()
        assert holder is not None
        assert (holder.pid, holder.command) == (executor.pid, "serve")
        entry = proposed(desk)
        assert entry.intent_id is not None
        assert entry.position_id is not None
        done = approve(desk, entry.intent_id)
        assert (done.status, done.state) == (OutcomeStatus.DONE, PositionState.MANAGED)
        asked = desk.decide(DecisionKind.CLOSE, entry.position_id, signer=TRADER)
        assert asked.intent_id is not None
        assert approve(desk, asked.intent_id).state is PositionState.CLOSED
        assert desk.read.positions() == []
        assert [position.state for position in desk.read.positions(ended=True)] == [PositionState.CLOSED]


def test_a_refusal_reaches_the_process_that_asked(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        refused = desk.decide(
            DecisionKind.APPROVE, entry.intent_id, signer=TRADER, evidence_hash="0" * 64, proof={"kind": "TYPED"}
        )
        assert refused.status is OutcomeStatus.REFUSED
        assert refused.refusal is not None
        assert refused.refusal.reason is RefusalReason.STALE_EVIDENCE
        unknown = desk.ingest(fresh_signal(strategy_id="nobody"), signer=TRADER)
        assert unknown.refusal is not None
        assert unknown.refusal.reason is RefusalReason.STRATEGY_UNKNOWN


def test_a_kill_flag_of_another_process_binds_at_once(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        flag_id = desk.set_kill(None, "enough", signer=TRADER)
        refused = approve(desk, entry.intent_id)
        assert refused.refusal is not None
        assert refused.refusal.reason is RefusalReason.KILL_FLAG
        lifted = desk.decide(DecisionKind.KILL_LIFT, flag_id, signer=TRADER, reason="calm again")
        assert lifted.status is OutcomeStatus.DONE
        assert desk.read.kill_flags() == []


def test_a_second_executor_is_refused_with_who_holds_the_lock_since_when(home: Home) -> None:
    with serving(home) as first, started(home) as second:
        code, errors = second.end()
        assert code == 1
        assert f"process {first.pid}" in errors
        assert "since 20" in errors

        async def nothing(_: RunningExecutor) -> None:
            return None

        with pytest.raises(ExecutorRunning, match=f"process {first.pid}"):
            act_once(home, "mine", nothing, lambda _: None)


def test_it_ends_where_its_lock_was_removed_for_another_may_be_the_executor(home: Home) -> None:
    with serving(home) as first:
        home.lock.unlink()
        code, errors = first.end()
    assert code == 1
    assert "the executor's lock was removed or replaced" in errors
    with serving(home), Desk(home) as desk:
        assert desk.executor() is not None


def test_what_is_no_part_of_trading_does_not_end_it(home: Home) -> None:
    shutil.rmtree(home.inbox)
    home.inbox.write_text("no folder")
    home.status.mkdir()
    with serving(home) as executor, Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        assert approve(desk, entry.intent_id).state is PositionState.MANAGED
        home.status.rmdir()
        home.inbox.unlink()
        until(lambda: read_status(home.status) is not None)
        (home.inbox / "one.json").write_bytes(fresh_signal())
        until((home.inbox / "accepted" / "one.answer.json").exists)
        executor.send(signal.SIGTERM)
        assert executor.end() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_lets_go_in_order(home: Home, number: signal.Signals) -> None:
    with serving(home) as executor, Desk(home) as desk:
        entry = proposed(desk)
        executor.send(number)
        assert executor.end() == (0, "")
        assert desk.executor() is None
        session = desk.read.session()
        assert (session.is_connected, session.detail) == (False, "the executor stopped")
        assert entry.intent_id in {review.intent_id for review in desk.read.pending()}
    assert home.checkpoints.read_bytes().count(b"\n") == 1


def test_a_killed_executor_leaves_the_store_free_and_whole(home: Home) -> None:
    with serving(home) as executor, Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        executor.send(signal.SIGKILL)
        assert executor.end()[0] == -signal.SIGKILL
        assert desk.executor() is None
        assert desk.store.verify().ok
        with serving(home):
            assert approve(desk, entry.intent_id).status is OutcomeStatus.DONE


def test_a_decision_whose_executor_dies_is_acted_on_by_the_process_that_made_it(home: Home) -> None:
    with serving(home) as executor, Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        executor.send(signal.SIGSTOP)
        executor.send(signal.SIGKILL)
        executor.send(signal.SIGCONT)
        done = desk.decide(DecisionKind.PASS, entry.intent_id, signer=TRADER)
        assert (done.status, done.state) == (OutcomeStatus.DONE, PositionState.CANCELLED)


def test_without_an_answer_in_time_the_outcome_is_not_yet_known(home: Home) -> None:
    hasty = Home.open(home.directory, {"commands.wait_s": "0.2"})
    with started(home, "hold") as holder, Desk(hasty) as desk:
        holder.wait_for("ready")
        outcome = desk.decide(DecisionKind.KILL_LIFT, "some flag", signer=TRADER, reason="calm")
        assert outcome.status is OutcomeStatus.NOT_YET_KNOWN
        assert [pending.payload.decision_id for pending in desk.read.unanswered()] == [outcome.decision_id]


def test_a_store_that_was_cut_ends_the_process_with_an_explanation(home: Home) -> None:
    with serving(home) as executor:
        connection = sqlite3.connect(home.store)
        for name in ("beads_no_delete", "bead_keys_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM bead_keys")
        connection.execute("DELETE FROM beads WHERE seq > 2")
        connection.commit()
        connection.close()
        code, errors = executor.end()
    assert code == 1
    assert "replaced or cut" in errors


def test_signals_of_the_inbox_folder_become_proposals(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        unfinished = home.inbox / "one.tmp"
        unfinished.write_bytes(fresh_signal())
        unfinished.rename(home.inbox / "one.json")
        (home.inbox / "two.json").write_bytes(b"{}")
        answers = [home.inbox / "accepted" / "one.answer.json", home.inbox / "refused" / "two.answer.json"]
        until(lambda: all(answer.exists() for answer in answers))
        assert len(desk.read.pending()) == 1
        assert b"MALFORMED" in answers[1].read_bytes()
        assert sorted(path.name for path in home.inbox.iterdir()) == ["accepted", "processing", "refused"]


def test_it_shows_itself_to_those_who_only_look(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        until(lambda: read_status(home.status) is not None)
        status = read_status(home.status)
        assert status is not None
        assert status.document["health"] == "ACTIVE"
        quote = desk.quote("GBPUSD")
        assert getattr(quote, "value", None) is not None, quote


def test_the_broker_is_asked_anew_before_an_order_is_called_absent(home: Home) -> None:
    file = home.directory / "phoenix.toml"
    slow = "seed = 1\nfill_probability = 0.0\ndelay_prob = 1.0\ndelay_range_sec = [40.0, 40.0]\n"
    file.write_text(file.read_text().replace("seed = 1\n", slow) + "\n[timing]\nacknowledgement_limit_s = 1\n")
    slow_home = Home.open(home.directory)
    with serving(slow_home), Desk(slow_home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        assert entry.position_id is not None
        approve(desk, entry.intent_id)
        assert desk.read.position(entry.position_id).state is PositionState.STALLED
        refused = desk.decide(DecisionKind.ATTEST_ABSENT, entry.position_id, signer=TRADER)
        assert refused.refusal is not None
        assert desk.read.position(entry.position_id).state is PositionState.MANAGED
