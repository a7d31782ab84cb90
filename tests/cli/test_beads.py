"""`phoenix beads`, `phoenix checkpoint`: the record can be read, verified, and taken elsewhere whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.gist import gist
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from tests.cli.calling import run
from tests.runtime.processes import serving
from tests.runtime.tampering import rewrite
from tests.runtime.trading import proposed

Called = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a proposal in it, that nobody changes."""
    home = init(tmp_path_factory.mktemp("lived") / "home", datetime.now(UTC))
    with Desk(home) as desk:
        proposed(desk)
    return home


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Called:
    def answer(home: Home, *arguments: str) -> tuple[int, str]:
        code = run(monkeypatch, *arguments, "--home", str(home.directory))
        return code, capsys.readouterr().out

    return answer


def seqs(home: Home, call: Called, *options: str) -> list[int]:
    code, out = call(home, "beads", "list", "--json", *options)
    assert code == ExitCode.OK
    return [bead["seq"] for bead in json.loads(out)["beads"]]


def head(home: Home) -> int:
    with Desk(home) as desk:
        return desk.store.head().seq


def test_the_newest_beads_come_last(lived_in: Home, call: Called) -> None:
    last = head(lived_in)
    assert seqs(lived_in, call) == list(range(max(1, last - 19), last + 1))
    assert seqs(lived_in, call, "--limit", "3") == [last - 2, last - 1, last]


def test_behind_a_place_the_first_ones_are_listed(lived_in: Home, call: Called) -> None:
    assert seqs(lived_in, call, "--after", "4", "--limit", "2") == [5, 6]


def test_beads_are_found_by_type_and_by_position(lived_in: Home, call: Called) -> None:
    _, out = call(lived_in, "beads", "list", "--type", "position", "--type", "INTENT", "--json")
    found = json.loads(out)["beads"]
    assert {bead["bead_type"] for bead in found} == {"POSITION", "INTENT"}
    position_id = found[0]["payload"]["position_id"]
    _, out = call(lived_in, "beads", "list", "--position", position_id[:13], "--json")
    assert {bead["payload"]["position_id"] for bead in json.loads(out)["beads"]} == {position_id}


def test_for_people_each_bead_is_told_in_a_line(lived_in: Home, call: Called) -> None:
    code, out = call(lived_in, "beads", "list")
    assert code == ExitCode.OK
    assert "PROPOSED" in out
    assert "SIGNAL" in out


def test_one_bead_is_shown_by_place_and_by_the_beginning_of_its_id(lived_in: Home, call: Called) -> None:
    _, out = call(lived_in, "beads", "show", "3", "--json")
    bead = json.loads(out)
    assert bead["seq"] == 3
    _, again = call(lived_in, "beads", "show", bead["bead_id"], "--json")
    assert again == out
    code, text = call(lived_in, "beads", "show", "1")
    assert code == ExitCode.OK
    assert "id: SIM0001" in text


@pytest.mark.parametrize("named", ["0", "99999", "zzz", ""])
def test_a_bead_that_is_not_there_is_refused(lived_in: Home, call: Called, named: str) -> None:
    assert call(lived_in, "beads", "show", named)[0] == ExitCode.REFUSED


def test_an_id_that_several_have_is_refused(lived_in: Home, call: Called) -> None:
    code, out = call(lived_in, "beads", "show", "01", "--json")
    if code == ExitCode.OK:  # 01 is a place too
        assert json.loads(out)["seq"] == 1
    assert call(lived_in, "beads", "show", "01a")[0] == ExitCode.REFUSED


def test_text_of_a_bead_cannot_steer_the_terminal() -> None:
    alert = AlertPayload("1", AlertEvent.RAISED, Severity.INFO, "ANY", "x", "\x1b[2Jgone", None)
    assert "\x1b" not in gist(alert)


def test_a_whole_record_verifies(lived_in: Home, call: Called) -> None:
    code, out = call(lived_in, "beads", "verify", "--history", "--json")
    report = json.loads(out)
    assert (code, report["ok"], report["chain"]["checked"]) == (ExitCode.OK, True, head(lived_in))
    assert [finding["check"] for finding in report["findings"]] == ["chain", "checkpoint", "snapshot", "history"]
    assert report["history"]["invariants"]["INV-BEAD-CHAIN-1"]["verdict"] == "OK"


def test_for_people_every_invariant_has_its_verdict(lived_in: Home, call: Called) -> None:
    code, out = call(lived_in, "beads", "verify", "--history")
    assert code == ExitCode.OK
    assert "INV-SUBMIT-ONCE-1" in out
    assert out.splitlines()[-1] == "4 checks: 4 OK"


@pytest.mark.parametrize("how", [[], ["--quick"]])
def test_a_changed_bead_is_named_and_leaves_with_an_error(home: Home, call: Called, how: list[str]) -> None:
    with Desk(home) as desk:
        desk.catch_up()
    rewrite(home, "UPDATE beads SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE seq = 4")
    code, out = call(home, "beads", "verify", "--json", "--history", *how)
    report = json.loads(out)
    assert (code, report["chain"]["first_bad_seq"], report["history"]) == (ExitCode.ERROR, 4, None)
    assert "NOT_CHECKED" in {finding["verdict"] for finding in report["findings"]}
    assert "bead 4" in call(home, "beads", "verify", *how)[1]


def test_a_tail_that_was_cut_off_is_missed_by_the_checkpoint(home: Home, call: Called) -> None:
    with Desk(home) as desk:
        desk.catch_up()
    rewrite(home, "DELETE FROM bead_keys WHERE seq > 3", "DELETE FROM beads WHERE seq > 3")
    code, out = call(home, "beads", "verify", "--json")
    report = json.loads(out)
    assert (code, report["chain"]["first_bad_seq"]) == (ExitCode.ERROR, None)
    assert next(finding["check"] for finding in report["findings"] if finding["verdict"] == "FAILED") == "checkpoint"


def independently_verified(file: Path) -> int:
    """The chain of an export, by whoever has read docs/reference/bead-export.md and nothing of Phoenix."""
    head, count = bytes(32), 0
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        body = row["body"].encode("utf-8")
        count += 1
        assert row["seq"] == count
        assert row["prev_hash"] == head.hex()
        head = sha256(head + body).digest()
        assert row["bead_hash"] == head.hex()
        assert json.loads(body)["seq"] == str(count)
    return count


def test_an_export_is_verified_without_phoenix(lived_in: Home, call: Called, tmp_path: Path) -> None:
    file = tmp_path / "beads.jsonl"
    code, out = call(lived_in, "beads", "export", str(file))
    assert (code, out) == (ExitCode.OK, "")
    assert independently_verified(file) == head(lived_in)
    file.write_text(file.read_text().replace("SIM0001", "SIM0002", 1))
    with pytest.raises(AssertionError):
        independently_verified(file)


def test_an_export_overwrites_nothing_and_leaves_no_part(lived_in: Home, call: Called, tmp_path: Path) -> None:
    file = tmp_path / "beads.jsonl"
    file.write_text("mine")
    assert call(lived_in, "beads", "export", str(file))[0] == ExitCode.REFUSED
    assert call(lived_in, "beads", "export", str(tmp_path / "no" / "folder"))[0] == ExitCode.REFUSED
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"beads.jsonl": "mine"}


def test_an_export_that_breaks_off_leaves_no_file(home: Home, call: Called, tmp_path: Path) -> None:
    rewrite(home, "UPDATE beads SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB) WHERE seq = 1")
    file = tmp_path / "beads.jsonl"
    assert call(home, "beads", "export", str(file))[0] == ExitCode.ERROR
    assert not list(tmp_path.glob("*jsonl*"))


def test_an_export_can_be_of_some_beads_and_to_standard_output(
    lived_in: Home, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(lived_in.directory)
    assert run(monkeypatch, "beads", "export", "-", "--type", "SIGNAL", "--after", "1", "--home", home) == ExitCode.OK
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [json.loads(line["body"])["bead_type"] for line in lines] == ["SIGNAL"]


def test_checkpoints_are_taken_and_listed(home: Home, call: Called) -> None:
    assert "No checkpoint was taken yet" in call(home, "checkpoint", "--list")[1]
    code, out = call(home, "checkpoint", "--json")
    taken = json.loads(out)
    _, listed = call(home, "checkpoint", "--list", "--json")
    assert code == ExitCode.OK
    assert taken in json.loads(listed)["checkpoints"]
    with Desk(home) as desk:
        [bead] = desk.beads(taken["seq"] - 1, 1)
    assert bead.bead_hash.hex() == taken["bead_hash"]


def test_a_tampered_checkpoint_file_is_not_listed(home: Home, call: Called) -> None:
    call(home, "checkpoint")
    home.checkpoints.write_bytes(home.checkpoints.read_bytes() + b"5\n")
    assert call(home, "checkpoint", "--list")[0] == ExitCode.ERROR


def test_beside_an_executor_at_work(home: Home, call: Called) -> None:
    with serving(home):
        assert call(home, "beads", "verify", "--history")[0] == ExitCode.OK
        assert seqs(home, call)
        assert call(home, "checkpoint")[0] == ExitCode.OK
