"""`phoenix bunny` from the command line to its report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from phoenix.bunny.registry import PLAYS
from phoenix.bunny.stage import Broken, Stage
from phoenix.cli.exit_codes import ExitCode
from tests.cli.calling import run

Printed = pytest.CaptureFixture[str]


def test_a_wave_is_shown_vector_by_vector(monkeypatch: pytest.MonkeyPatch, capsys: Printed, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    assert run(monkeypatch, "bunny", "--wave", "4", "--seed", "7", "--report", str(report)) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "Seed 7, mode INSTANT: 6 PASS, 0 FAIL, 0 NOT BUILT" in shown
    assert "| 7 | 4 | CV_S32_PROMOTION_VETO |" in report.read_text(encoding="utf-8")


def test_a_program_gets_one_document(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    assert run(monkeypatch, "bunny", "--vector", "token_race", "--mode", "realistic", "--json") == ExitCode.OK
    document = json.loads(capsys.readouterr().out)
    [only] = document["vectors"]
    assert (document["ok"], document["mode"], only["vector"], only["verdict"]) == (
        True, "REALISTIC", "CV_S32_TOKEN_RACE", "PASS",
    )  # fmt: skip
    assert all(proof["bead_id"] for proof in only["evidence"])


def test_a_failed_vector_is_an_error_and_says_how_to_see_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    def fail(stage: Stage) -> None:
        raise Broken("seen otherwise")

    monkeypatch.setitem(PLAYS, "CV_S32_TOKEN_RACE", fail)
    assert run(monkeypatch, "bunny", "--vector", "CV_S32_TOKEN_RACE") == ExitCode.ERROR
    shown = capsys.readouterr().out
    assert "CV_S32_TOKEN_RACE failed: seen otherwise" in shown
    assert "phoenix bunny --seed 32 --mode INSTANT --vector CV_S32_TOKEN_RACE" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--wave", "12"], "--wave: there is no wave 12. Use one of: 1, 2"),
        (["--mode", "WILD"], "--mode: there is no mode WILD. Use one of: INSTANT"),
        (["--vector", "token_rac"], "Did you mean CV_S32_TOKEN_RACE"),
        (["--wave", "1", "--report", "no/such/folder/report.md"], "the folder no/such/folder does not exist"),
    ],
)
def test_a_wrong_option_is_refused_with_what_to_use(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    assert run(monkeypatch, "bunny", *arguments) != ExitCode.OK
    assert told in capsys.readouterr().err
