"""kill -9 at every fault point there is, one after the other: nothing is sent twice, lost or guessed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home, init
from phoenix.runtime.proof import ledger_of, prove
from tests.runtime.dying import Died, run, trade_by_hand
from tests.runtime.trading import signal

PASSES_MAX = 400


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


def test_a_trade_survives_a_kill_at_any_point(tmp_path: Path) -> None:
    kills = 0
    for at_pass in range(1, PASSES_MAX):
        home = fresh_home(tmp_path, str(at_pass))
        script = trade_by_hand(signal())
        died = run(home, script, at_pass)
        require_kept(home, died)
        if not died.was_killed:
            assert died.code == 0
            break
        kills += 1
        finished = run(home, script)
        assert finished.code == 0
        require_kept(home, finished)
        require_sound(home)
    assert kills > 80
