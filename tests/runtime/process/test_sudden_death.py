"""kill -9 at every fault point there is, one after the other: nothing is sent twice, lost or guessed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from phoenix.domain.vocabulary import PositionState
from phoenix.runtime.checkup.proof import ledger_of, prove
from phoenix.runtime.desk import Desk
from phoenix.runtime.faults.points import ANY
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from tests.runtime.dying import Died, Script, run, trade_by_hand
from tests.runtime.trading import signal

PASSES_MAX = 400
SHARES = 4
RECOVERY_PASSES = 36


def fresh_home(folder: Path, name: str) -> Home:
    made = init(folder / name, datetime.now(UTC))
    return Home.open(made.directory, {"commands.linger_s": "0.1"})


def require_kept(home: Home, died: Died) -> None:
    """Every bead that was acknowledged stands where it was."""
    with Desk(home) as desk:
        stored = {item.seq: item.bead_hash.hex() for item in desk.beads()}
        assert desk.store.verify().ok
    assert died.acknowledged == [(seq, stored.get(seq)) for seq, _ in died.acknowledged]


def require_sound(home: Home) -> None:
    """The broker received every order once, and no invariant is broken."""
    received = Counter(record["reference"] for record in ledger_of(home) or () if record["kind"] == "ORDER_RECEIVED")
    assert set(received.values()) <= {1}, received
    with Desk(home) as desk:
        report = prove(home, desk.store, settled=True)
    assert report.ledger_known
    assert report.ok, [finding.text() for finding in report.findings]


def require_ended(home: Home) -> None:
    """A person was able to bring everything to its end."""
    with Desk(home) as desk:
        assert [(position.state, position.open_quantity) for position in desk.read.positions()] == []
        assert desk.read.pending() == []


def test_a_trade_that_nothing_disturbs_ends_closed(tmp_path: Path) -> None:
    home = fresh_home(tmp_path, "home")
    assert run(home, trade_by_hand(signal())).code == 0
    require_ended(home)
    require_sound(home)
    with Desk(home) as desk:
        assert [position.state for position in desk.read.positions(ended=True)] == [PositionState.CLOSED]


@pytest.mark.parametrize("share", range(SHARES))
def test_a_trade_survives_a_kill_at_any_point(tmp_path: Path, share: int) -> None:
    kills = 0
    for at_pass in range(1 + share, PASSES_MAX, SHARES):
        home = fresh_home(tmp_path, str(at_pass))
        script = trade_by_hand(signal())
        died = run(home, script, f"{ANY}:{at_pass}")
        require_kept(home, died)
        if not died.was_killed:
            assert died.code == 0
            break
        kills += 1
        require_finished(home, script)
    assert kills * SHARES > 90


@pytest.mark.parametrize("first", ["broker.submit.before", "broker.submit.after", "commit.after.ORDER.PREPARED:2"])
@pytest.mark.parametrize("share", range(2))
def test_a_recovery_survives_a_kill_at_any_point(tmp_path: Path, first: str, share: int) -> None:
    kills = 0
    for at_pass in range(1 + share, RECOVERY_PASSES, 2):
        home = fresh_home(tmp_path, str(at_pass))
        script = trade_by_hand(signal())
        assert run(home, script, first).was_killed
        died = run(home, script, f"{ANY}:{at_pass}")
        require_kept(home, died)
        assert died.was_killed
        kills += 1
        require_finished(home, script)
    assert kills >= RECOVERY_PASSES // 2 - 1


def require_finished(home: Home, script: Script) -> None:
    """After a death, another process brings the trade to its end, and nothing was done twice or lost."""
    finished = run(home, script)
    assert finished.code == 0
    require_kept(home, finished)
    require_ended(home)
    require_sound(home)
