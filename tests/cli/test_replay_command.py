"""`phoenix replay` and `phoenix demo` from the command line to their files."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.cli.commands.replay import verdict
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.progress import progress_bar
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import Fold
from phoenix.replay.result import Proof
from tests.cli.calling import EXAMPLES, run
from tests.replay.agreement import cse, write_world
from tests.replay.results import GOOD, result
from tests.replay.worlds import flat, market

KEYS = {"trades", "refused", "beads", "chain_ok", "history_ok", "open_drift"}


def test_a_replay_writes_the_result_and_the_picture(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_world(tmp_path, market(*flat("1.2500", 9)), [cse(1, "1.25000", "1.24800", "1.25400")])
    out, svg = tmp_path / "out.json", tmp_path / "out.svg"
    files = ["--signals", tmp_path / "signals", "--bid", tmp_path / "bid.csv", "--ask", tmp_path / "ask.csv"]

    code = run(monkeypatch, "replay", *map(str, files), "--json", str(out), "--svg", str(svg))

    document = json.loads(out.read_text())
    assert code == ExitCode.OK
    assert document.keys() >= KEYS
    assert [trade["state"] for trade in document["trades"]] == ["MANAGED"]
    assert document["trades"][0]["entry_time"] == "2024-03-04T08:01:00.000000Z"
    assert svg.read_text().startswith("<svg")
    assert "Orders sent" in capsys.readouterr().out


def test_a_result_for_standard_output_is_nothing_but_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_world(tmp_path, market(*flat("1.2500", 9)), [cse(1, "1.25000", "1.24800", "1.25400")])
    files = ["--signals", tmp_path / "signals", "--bid", tmp_path / "bid.csv", "--ask", tmp_path / "ask.csv"]
    assert run(monkeypatch, "replay", *map(str, files), "--json", "-") == ExitCode.OK
    printed = capsys.readouterr()
    assert json.loads(printed.out).keys() >= KEYS
    assert printed.err == ""


def test_options_reach_the_replay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_world(tmp_path, market(*flat("1.2500", 9)), [cse(1, "1.25000", "1.24800", "1.25400", 2)])
    files = ["--signals", tmp_path / "signals", "--bid", tmp_path / "bid.csv", "--ask", tmp_path / "ask.csv"]
    options = ["--equity", "10000", "--latency-s", "180", "--limits", "--pair", "GBPUSD", "--json", "-"]
    run(monkeypatch, "replay", *map(str, files), *options)
    document = json.loads(capsys.readouterr().out)
    assert document["trades"][0]["quantity"] == "50000"
    assert document["trades"][0]["entry_time"] == "2024-03-04T08:05:00.000000Z"
    assert document["risk_profile"].startswith("the configured risk limits")


def test_the_demonstration_shows_every_bundled_signal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "demo", "--out", str(tmp_path / "out")) == ExitCode.OK
    document = json.loads((tmp_path / "out" / "replay.json").read_text())
    assert len(document["trades"]) + len(document["refused"]) == len(list((EXAMPLES / "signals").iterdir()))
    assert (document["chain_ok"], document["history_ok"], document["open_drift"]) == (True, True, 0)
    assert (tmp_path / "out" / "equity.svg").is_file()
    text = capsys.readouterr().out
    assert "14 signals: 8 closed (3 with a profit), 1 not closed, 5 refused" in text
    assert "…" not in text, "a column was cut short"


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (GOOD, ExitCode.OK),
        (replace(GOOD, chain_ok=False), ExitCode.ERROR),
        (replace(GOOD, history_problems=("broken",)), ExitCode.ERROR),
        (replace(GOOD, drift=("GBPUSD: 1 against 0",)), ExitCode.DRIFT),
        (replace(GOOD, chain_ok=False, drift=("GBPUSD: 1 against 0",)), ExitCode.ERROR),
    ],
)
def test_a_record_that_cannot_be_trusted_has_its_exit_code(proof: Proof, code: ExitCode) -> None:
    assert verdict(result(proof=proof)) is code


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Replaying", is_quiet=False) as on_progress:
        on_progress(1, 2)
    assert capsys.readouterr().err == ""


def test_progress_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar("Replaying", is_quiet=False) as on_progress:
        on_progress(1, 2)
    assert "1/2" in capsys.readouterr().err


def test_the_beads_of_a_demo_can_be_read_again_from_their_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run(monkeypatch, "demo", "--out", str(tmp_path))
    told = json.loads((tmp_path / "replay.json").read_text())
    store = SqliteStore.open(tmp_path / "demo.db", Fold(EMPTY, evolve), ClaimOffice())
    try:
        verification = store.verify()
        assert verification.ok
        assert verification.checked == told["beads"]
    finally:
        store.close()


def test_a_store_file_that_is_taken_is_refused_and_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("somebody's notes")
    write_world(tmp_path, market(*flat("1.2500", 9)), [cse(1, "1.25000", "1.24800", "1.25400")])
    files = ["--signals", tmp_path / "signals", "--bid", tmp_path / "bid.csv", "--ask", tmp_path / "ask.csv"]
    assert run(monkeypatch, "replay", *map(str, files), "--store", str(taken)) == ExitCode.ERROR
    assert "taken.db" in capsys.readouterr().err
    assert taken.read_text() == "somebody's notes"
