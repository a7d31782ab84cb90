"""`phoenix ingest`: every document is answered, and what is refused says what to do."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.runtime.processes import serving, started
from tests.runtime.trading import signal


def dropped(folder: Path, name: str, **changes: object) -> str:
    file = folder / name
    file.write_bytes(signal(**changes))
    return str(file)


def test_a_signal_is_proposed_and_the_next_command_is_named(phoenix: Phoenix, tmp_path: Path) -> None:
    called = phoenix("ingest", dropped(tmp_path, "a.json"))
    assert called.code == ExitCode.OK
    assert "a.json: PROPOSED as intent " in called.out
    assert "Next: phoenix review " in called.out


def test_each_of_several_is_answered_and_one_refusal_decides_the_code(phoenix: Phoenix, tmp_path: Path) -> None:
    good = dropped(tmp_path, "good.json")
    off_grid = dropped(tmp_path, "off.json", entry="1.270001")
    called = phoenix("ingest", good, good, off_grid, "--json")
    first, again, refused = called.document["signals"]
    assert called.code == ExitCode.REFUSED
    assert (first["outcome"], first["repeated"]) == ("PROPOSED", False)
    assert (again["outcome"], again["repeated"], again["intent_id"]) == ("PROPOSED", True, first["intent_id"])
    assert refused["refusal"].keys() == {"reason", "field", "detail", "remedy"}
    assert (refused["refusal"]["reason"], refused["refusal"]["field"]) == ("PRICE_INVALID", "parameters.entry")


def test_a_refusal_tells_reason_field_detail_and_remedy(phoenix: Phoenix, tmp_path: Path) -> None:
    called = phoenix("ingest", dropped(tmp_path, "off.json", entry="1.270001"))
    assert called.code == ExitCode.REFUSED
    for part in ("REFUSED: PRICE_INVALID parameters.entry: 1.270001", "Give a multiple of the tick"):
        assert part in called.out


def test_standard_input_is_a_signal_too(phoenix: Phoenix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(signal())))
    called = phoenix("ingest", "-", "--json")
    assert called.code == ExitCode.OK
    assert called.document["signals"][0]["from"] == "-"


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"[]", b'{"a": 1}', b"{" * 5000, b" " * 1_100_000])
def test_what_is_no_signal_is_refused_without_a_traceback(phoenix: Phoenix, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    called = phoenix("ingest", str(file), "--json")
    assert called.code == ExitCode.REFUSED
    assert called.document["signals"][0]["refusal"]["reason"] == "MALFORMED"


@pytest.mark.parametrize("name", ["a.yaml", "a.yml"])
def test_a_signal_may_be_written_as_yaml(phoenix: Phoenix, tmp_path: Path, name: str) -> None:
    called = phoenix("ingest", dropped(tmp_path, name), "--json")
    assert called.document["signals"][0]["outcome"] == "PROPOSED"
    (tmp_path / name).write_bytes(b"signal_id: !!str 1\n")
    called = phoenix("ingest", str(tmp_path / name), "--json")
    assert called.document["signals"][0]["refusal"]["field"] == "signal_id"


def test_what_no_executor_has_refused_yet_is_not_yet_known(
    phoenix: Phoenix, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOENIX_COMMANDS__WAIT_S", "0.1")
    file = tmp_path / "bad.json"
    file.write_bytes(b"{}")
    with started(home, "hold") as holder:
        holder.wait_for("ready")
        called = phoenix("ingest", str(file))
    assert called.code == ExitCode.NOT_YET_KNOWN
    assert "waits in the inbox" in called.out


def test_a_missing_file_is_named_and_nothing_is_handed_in(phoenix: Phoenix, tmp_path: Path) -> None:
    called = phoenix("ingest", dropped(tmp_path, "a.json"), str(tmp_path / "none.json"))
    assert called.code == ExitCode.ERROR
    assert "none.json" in called.err
    assert phoenix("pending", "--json").document["pending"] == []


def test_without_a_home_it_says_how_to_make_one(phoenix: Phoenix, tmp_path: Path) -> None:
    called = phoenix("ingest", dropped(tmp_path, "a.json"), "--home", str(tmp_path / "nowhere"))
    assert called.code == ExitCode.REFUSED
    assert "Run phoenix init" in called.err


def test_hostile_names_cannot_steer_the_terminal(phoenix: Phoenix, tmp_path: Path) -> None:
    called = phoenix("ingest", dropped(tmp_path, "\x1b[2J[red]x.json", pair="\u202eXX"))
    assert "\x1b" not in called.out
    assert "\u202e" not in called.out
    assert "\\x1b[2J[red]x.json: REFUSED" in called.out


def test_beside_an_executor_it_follows_the_signal(phoenix: Phoenix, home: Home, tmp_path: Path) -> None:
    with serving(home):
        called = phoenix("ingest", dropped(tmp_path, "a.json"), "--json")
    assert called.code == ExitCode.OK
    assert called.document["signals"][0]["outcome"] == "PROPOSED"


def test_what_no_executor_has_looked_at_is_not_yet_known(
    phoenix: Phoenix, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOENIX_COMMANDS__WAIT_S", "0")
    with started(home, "hold") as holder:
        holder.wait_for("ready")
        called = phoenix("ingest", dropped(tmp_path, "a.json"))
        assert called.code == ExitCode.NOT_YET_KNOWN
        assert "not yet known" in called.out
        assert "waits for an executor" in phoenix("pending").out
        assert len(phoenix("pending", "--json").document["unread_signals"]) == 1
