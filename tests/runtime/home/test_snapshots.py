"""Snapshots of a home: they shorten a start and never change what it comes to."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from immutables import Map

from phoenix.adapters.snapshots import FileSnapshots, fold_fingerprint
from phoenix.domain.kill import KillFlag
from phoenix.domain.state import State
from phoenix.domain.vocabulary import KillSource
from phoenix.ports.errors import StoreCorrupt, StoreUnavailable
from phoenix.ports.snapshots import Snapshot, Unusable
from phoenix.runtime.checkup.snapshot import SnapshotVerdict, check_snapshot
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from phoenix.runtime.home.snapshots import Snapshots, latest_snapshot, open_snapshots
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.process.serve import serve
from tests.runtime import dying
from tests.runtime.tampering import changed_byte, configure, cut_tail
from tests.runtime.trading import TRADER, approve, proposed


@pytest.fixture
def traded(home: Home) -> Home:
    """A home with a kill flag, a position and a proposal, and the snapshot that its last executor left."""
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        approve(desk, entry.intent_id)
        proposed(desk, entry="1.26900")
        desk.set_kill("somebody", "not today", signer=TRADER)
        desk.catch_up()
    return home


def kept(home: Home) -> Snapshot[State]:
    found = latest_snapshot(home)
    assert isinstance(found, Snapshot), found
    return found


def said(home: Home) -> list[str]:
    """What a reader is told when it opens the store."""
    lines: list[str] = []
    with Desk(home, lines.append) as desk:
        desk.store.head()
    return lines


def whole_fold(home: Home) -> State:
    home.snapshot.unlink(missing_ok=True)
    with Desk(home) as desk:
        return desk.read.state


def test_an_executor_that_leaves_keeps_the_state_that_all_beads_come_to(traded: Home) -> None:
    snapshot = kept(traded)
    assert said(traded) == []
    with Desk(traded) as desk:
        assert desk.store.head() == snapshot.head
        assert desk.read.state == snapshot.state
    assert len(snapshot.state.positions) == 2
    assert whole_fold(traded) == snapshot.state


def test_a_trade_goes_on_from_a_snapshot_as_it_would_have_without(traded: Home) -> None:
    with Desk(traded) as desk:
        (review,) = [review for review in desk.read.pending() if not review.approved]
        assert approve(desk, review.intent_id).refusal is None
    after = kept(traded).state
    assert len([position for position in after.positions.values() if position.open_quantity > 0]) == 2
    assert whole_fold(traded) == after


def test_beads_behind_a_snapshot_are_folded_on_top_of_it(traded: Home) -> None:
    seq = kept(traded).head.seq
    with Desk(traded) as desk:
        flag_id = desk.set_kill(None, "enough", signer=TRADER)
    with Desk(traded) as desk:
        assert desk.store.head().seq == seq + 1
        assert flag_id in desk.read.state.flags
        state = desk.read.state
    assert kept(traded).head.seq == seq
    assert whole_fold(traded) == state


def forge(home: Home, key_folder: Path, state: State) -> None:
    """Write a snapshot as somebody does who has everything but the key."""
    stranger = init(key_folder, datetime.now(UTC))
    public_key = stranger.settings.checkpoints.public_key
    sink = FileSnapshots(home.snapshot, State, fold_fingerprint(), stranger.private_key, public_key)
    sink.keep(Snapshot(kept(home).head, state))


def test_a_kill_flag_edited_away_still_stands(traded: Home) -> None:
    state = kept(traded).state
    assert len(state.flags) == 1
    edited = traded.snapshot.read_bytes().replace(b"not today", b"some day!")
    traded.snapshot.write_bytes(edited)
    (line,) = said(traded)
    assert "not the one that was signed" in line
    assert "whole chain is folded" in line
    with Desk(traded) as desk:
        assert [flag.reason for flag in desk.read.kill_flags()] == ["not today"]


def test_a_snapshot_that_a_stranger_signed_is_left_aside(traded: Home, tmp_path: Path) -> None:
    state = kept(traded).state
    forge(traded, tmp_path / "stranger", replace(state, flags=Map()))
    (line,) = said(traded)
    assert "signature is not that of the configured key" in line
    with Desk(traded) as desk:
        assert desk.read.state == state


def test_a_snapshot_of_another_version_is_left_aside(traded: Home) -> None:
    state = kept(traded).state
    settings = traded.settings.checkpoints
    older = FileSnapshots(traded.snapshot, State, "another version", traded.private_key, settings.public_key)
    older.keep(Snapshot(kept(traded).head, replace(state, flags=Map())))
    (line,) = said(traded)
    assert "another version" in line
    with Desk(traded) as desk:
        assert desk.read.state == state
        desk.catch_up()
    assert kept(traded).state.flags == state.flags


def test_without_a_public_key_a_snapshot_is_left_aside(traded: Home) -> None:
    configure(traded, "public_key", "# public_key")
    assert "checkpoints.public_key" in said(Home.open(traded.directory))[0]


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"not a snapshot", b"[]\n[]\n", b"\xff\xfe\n\x00"])
def test_what_is_no_snapshot_is_left_aside(traded: Home, content: bytes) -> None:
    traded.snapshot.write_bytes(content)
    assert len(said(traded)) == 1


def test_a_cut_tail_stops_the_start_even_without_checkpoints(traded: Home) -> None:
    traded.checkpoints.unlink()
    cut_tail(traded)
    for start in (Desk(traded).catch_up, lambda: Desk(traded).read.state, lambda: check_snapshot(traded)):
        with pytest.raises(StoreCorrupt, match="beads are gone"):
            start()


def test_a_long_lived_executor_checks_the_whole_chain_and_a_moments_one_what_is_new(traded: Home) -> None:
    changed_byte(traded)
    with Desk(traded) as desk:
        desk.store.head()
        assert not desk.store.verify().ok
    with pytest.raises(StoreCorrupt, match="bead 3"):
        asyncio.run(serve(traded, lambda _: None))
    traded.snapshot.unlink()
    with pytest.raises(StoreCorrupt, match="bead 3"):
        Desk(traded).catch_up()


def test_a_snapshot_is_kept_each_time_so_many_beads_were_added(home: Home) -> None:
    with Desk(home) as desk:
        desk.catch_up()
        base = kept(home).head.seq
        snapshots = Snapshots(desk.store, open_snapshots(home), 3, base, lambda _: None)
        seqs = []
        for number in range(7):
            desk.set_kill(f"strategy {number}", "counting", signer=TRADER)
            snapshots.keep_if_due()
            seqs.append(kept(home).head.seq - base)
    assert seqs == [0, 0, 3, 3, 3, 6, 6]


def test_a_snapshot_that_cannot_be_kept_is_told_and_ends_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreUnavailable("the snapshot was not kept (No space left on device)")

    monkeypatch.setattr(FileSnapshots, "keep", full)
    lines: list[str] = []
    with Desk(home, lines.append) as desk:
        desk.catch_up()
    assert any("No space left" in line and "Nothing is lost" in line for line in lines)
    assert latest_snapshot(home) is None


def dies_at(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process killed in the middle of keeping a snapshot."""
    if moment == "half written":
        monkeypatch.setattr("phoenix.adapters.files.os.fsync", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    elif moment == "written, not renamed":
        monkeypatch.setattr("phoenix.adapters.files.os.replace", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    else:
        monkeypatch.setattr("phoenix.adapters.files.sync_folder", lambda _: os.kill(os.getpid(), signal.SIGKILL))


@pytest.mark.parametrize(
    ("moment", "survivor"), [("half written", "former"), ("written, not renamed", "former"), ("renamed", "new")]
)
def test_a_kill_while_a_snapshot_is_written_leaves_the_former_or_the_new_one(
    traded: Home, moment: str, survivor: str
) -> None:
    former = kept(traded).head.seq

    async def script(running: RunningExecutor) -> None:
        with pytest.MonkeyPatch.context() as patch:
            dies_at(moment, patch)
            running.parts.snapshots.keep()

    assert dying.run(traded, script).was_killed
    now = kept(traded).head.seq
    assert (now == former) == (survivor == "former")
    assert said(traded) == []
    state = kept(traded).state
    with Desk(traded) as desk:
        desk.catch_up()
    assert kept(traded).head.seq > now
    assert check_snapshot(traded).verdict is SnapshotVerdict.EQUAL
    assert state.flags == kept(traded).state.flags


# --- holding it against the chain ----------------------------------------------------------------------------------


def test_a_snapshot_is_found_equal_to_the_chain(traded: Home) -> None:
    check = check_snapshot(traded)
    assert (check.verdict, check.seq, check.ok) == (SnapshotVerdict.EQUAL, kept(traded).head.seq, True)


def different_states(state: State) -> Iterator[tuple[State, str]]:
    flag = KillFlag("made-up", None, KillSource.MANUAL, "none", datetime.now(UTC), None)
    yield replace(state, flags=Map()), f"flags[{min(state.flags)}]"
    yield replace(state, flags=state.flags.set("made-up", flag)), "flags[made-up]"
    yield replace(state, next_session_order_id=7777), "next_session_order_id"
    position_id = min(state.positions)
    moved = replace(state.positions[position_id], token_count=9)
    yield replace(state, positions=state.positions.set(position_id, moved)), f"positions[{position_id}]"


def test_a_wrong_snapshot_that_was_signed_all_the_same_is_found(traded: Home) -> None:
    right = kept(traded)
    for state, place in different_states(right.state):
        open_snapshots(traded).keep(Snapshot(right.head, state))
        check = check_snapshot(traded)
        assert (check.verdict, check.ok) == (SnapshotVerdict.DIFFERENT, False)
        assert f"in {place}." in check.detail


def test_without_a_snapshot_that_can_be_used_the_check_says_so(traded: Home) -> None:
    traded.snapshot.write_bytes(b"{}")
    assert isinstance(latest_snapshot(traded), Unusable)
    assert check_snapshot(traded).verdict is SnapshotVerdict.UNUSABLE
    traded.snapshot.unlink()
    assert check_snapshot(traded).verdict is SnapshotVerdict.NONE
