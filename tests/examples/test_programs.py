"""The example programs do what their pages say, from a copy, in a process of their own."""

from __future__ import annotations

import json
from pathlib import Path

from phoenix import Desk, PositionState, Signer, SignerKind, create_home, open_home
from tests.examples.copies import EXAMPLES, copied, run, said


def test_every_example_program_has_a_page_and_a_test() -> None:
    folders = {path.parent.name for path in EXAMPLES.glob("*/*.py")}
    assert folders == {"feed_and_follow", "own_approver", "own_broker", "own_neighbours"}
    assert all((EXAMPLES / folder / "README.md").is_file() for folder in folders)


def test_a_program_feeds_signals_and_follows_beads(tmp_path: Path) -> None:
    folder = copied("feed_and_follow", tmp_path)
    told = said(run(folder, "feed_and_follow.py", str(tmp_path / "home")))
    assert "proposed as" in told
    assert "refused: PRICE_INVALID parameters.stop" in told
    assert "waits for a human" in told
    followed = [line.split()[1] for line in told.splitlines() if line.split()[0].isdigit()]
    followed = [kind for kind in followed if kind != "HEARTBEAT"]
    assert followed[:6] == ["SIGNAL", "STATE_ANCHOR", "INTENT", "ACCOUNT", "EVIDENCE", "POSITION"]
    assert followed[-3:] == ["REFUSAL", "BROKER_SESSION", "CHECKPOINT"]


def test_a_program_decides_by_a_rule_of_its_own(tmp_path: Path) -> None:
    folder = copied("own_approver", tmp_path)
    told = said(run(folder, "own_approver.py", str(tmp_path / "home")))
    assert "APPROVE by two-to-one: it promises 2 R" in told
    assert "PASS by two-to-one: it promises 1.5 R, and the rule asks for 2" in told
    with Desk(open_home(tmp_path / "home")) as desk:
        states = [position.state for position in desk.read.positions(ended=True)]
        assert states == [PositionState.CLOSED, PositionState.CANCELLED]
        assert desk.store.verify().ok


def test_a_signalman_of_ones_own_reads_a_chain(tmp_path: Path) -> None:
    """Two losses in a row, by a month that was put on record."""
    rows = [
        {"signal_id": f"s-{number}", "pnl": "-10", "duration_s": "60", "exit_reason": "STOP_LOSS"} for number in (1, 2)
    ]
    (tmp_path / "trades.json").write_text(json.dumps({"autopsies": rows}))
    with Desk(create_home(tmp_path / "home")) as desk:
        desk.catch_up()
        human = Signer(SignerKind.HUMAN, "ada")
        done = desk.promotions.import_file("manual", tmp_path / "trades.json", signer=human)
        assert done.refusal is None, done.refusal
    folder = copied("own_neighbours", tmp_path)
    assert said(run(folder, "losing_streak.py", str(tmp_path / "home"))) == "manual: 1, 2 losses in a row\n"
