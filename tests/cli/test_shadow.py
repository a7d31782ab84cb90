"""`phoenix shadow` and `phoenix decay`: evidence that is imported, followed over a recorded market, and reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.vocabulary import StrategyMode
from phoenix.replay.examples import examples_folder
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.forked_terminal import typing
from tests.runtime.processes import serving
from tests.support.shadow import performance_file

NAME = "range-break"
MARKET = examples_folder() / "market"
RECORDED = (
    "--signals", str(examples_folder() / "signals"), "--bid", str(MARKET / "gbpusd-m1-bid.csv"),
    "--ask", str(MARKET / "gbpusd-m1-ask.csv"),
)  # fmt: skip


@pytest.fixture
def strategy(phoenix: Phoenix) -> str:
    assert phoenix("strategy", "register", NAME, "-d", "breaks of a range").code == ExitCode.OK
    return NAME


def recorded(home: Home) -> int:
    with Desk(home) as desk:
        return len(desk.promotions.strategy(NAME).record.sessions)


# --- importing ------------------------------------------------------------------------------------------------------


def test_several_files_are_one_import_and_what_is_known_is_passed_over(
    phoenix: Phoenix, home: Home, strategy: str, tmp_path: Path
) -> None:
    first, second = performance_file(tmp_path, 3, "a.json"), performance_file(tmp_path, 4, "b.json", 3)
    looked = phoenix("shadow", "import", strategy, str(first), str(second), "--dry-run")
    assert (looked.code, "b.json: 4 sessions, 4 autopsies, all sound" in looked.out) == (ExitCode.OK, True)
    assert recorded(home) == 0
    called = phoenix("shadow", "import", strategy, str(first), str(second))
    assert (called.code, "imported: 7 sessions and 7 autopsies" in called.out) == (ExitCode.OK, True)
    longer = performance_file(tmp_path, 8, "longer.json")
    again = phoenix("shadow", "import", strategy, str(longer))
    assert "imported: 1 session and 1 autopsy" in again.out
    assert "passed over: 7 sessions, 7 autopsies" in again.out
    nothing = phoenix("shadow", "import", strategy, str(longer), "--json")
    assert (nothing.code, nothing.document["refusal"]["reason"]) == (ExitCode.REFUSED, "CONFLICT")
    assert nothing.document["recorded"] == {"sessions": "0", "autopsies": "0"}
    assert recorded(home) == 8


def test_beside_an_executor_it_is_the_executor_that_records(
    phoenix: Phoenix, home: Home, strategy: str, tmp_path: Path
) -> None:
    with serving(home):
        document = phoenix("shadow", "import", strategy, str(performance_file(tmp_path, 2)), "--json").document
    assert (document["outcome"], document["recorded"]) == ("DONE", {"sessions": "2", "autopsies": "2"})
    assert document["passed_over"] == {"sessions": "0", "autopsies": "0"}


def _changed(rows: list[dict[str, Any]], **changes: Any) -> list[dict[str, Any]]:
    return [{**rows[0], **changes}, *rows[1:]]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pnl": "much"}, "month.json sessions[0].pnl: 'much' is not a decimal number"),
        ({"market_regime": "CHOPPY"}, "sessions[0].market_regime: 'CHOPPY' is none of TREND, RANGE, UNKNOWN"),
        ({"equity": None}, "sessions[0].equity: absent"),
        ({"session_date": "2999-01-01"}, "sessions[0].session_date: 2999-01-01"),
        ({"colour": "red"}, "sessions[0].colour: there is no such field"),
        ({"strategy_id": "another"}, "sessions[0].strategy_id: 'another' is not 'range-break'"),
    ],
)
def test_a_wrong_file_is_refused_by_row_and_field_and_nothing_is_recorded(
    phoenix: Phoenix, home: Home, strategy: str, tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    file = performance_file(tmp_path, 3)
    document = json.loads(file.read_text())
    file.write_text(json.dumps({**document, "sessions": _changed(document["sessions"], **changes)}))
    called = phoenix("shadow", "import", strategy, str(file))
    assert (called.code, told in called.err) == (ExitCode.REFUSED, True), called.err
    assert called.err.count("\n") == 1
    assert recorded(home) == 0


def test_other_content_for_a_session_on_record_refuses_the_whole_import(
    phoenix: Phoenix, home: Home, strategy: str, tmp_path: Path
) -> None:
    phoenix("shadow", "import", strategy, str(performance_file(tmp_path, 3)))
    file = performance_file(tmp_path, 5)
    document = json.loads(file.read_text())
    file.write_text(json.dumps({"sessions": _changed(document["sessions"], overrides=1)}))
    called = phoenix("shadow", "import", strategy, str(file), "--json")
    assert (called.code, called.document["refusal"]["field"]) == (ExitCode.REFUSED, "sessions[0]")
    assert recorded(home) == 3


def test_files_that_are_none_and_strategies_that_are_unknown_are_refused(phoenix: Phoenix, tmp_path: Path) -> None:
    assert phoenix("shadow", "import", "nobody", str(performance_file(tmp_path))).code == ExitCode.REFUSED
    assert phoenix("shadow", "import", NAME, str(tmp_path / "none.csv")).code == ExitCode.REFUSED
    assert phoenix("shadow", "import", NAME).code == ExitCode.USAGE


# --- following a recorded market ------------------------------------------------------------------------------------


def test_a_recorded_market_is_followed_shown_and_put_on_record(phoenix: Phoenix, home: Home, strategy: str) -> None:
    looked = phoenix("shadow", "follow", strategy, *RECORDED, "--dry-run")
    assert (looked.code, "Nothing was recorded." in looked.out) == (ExitCode.OK, True)
    assert recorded(home) == 0
    called = phoenix("shadow", "follow", strategy, *RECORDED)
    assert called.code == ExitCode.OK
    for part in ("Session", "2024-03-0", "Not followed:", "tampered.json", "imported: "):
        assert part in called.out
    count = recorded(home)
    assert count >= 2
    document = phoenix("shadow", "follow", strategy, *RECORDED, "--json").document
    assert document["refusal"]["reason"] == "CONFLICT"
    assert len(document["run"]["sessions"]) == count


def test_strategies_without_signals_in_the_folder_are_refused(phoenix: Phoenix) -> None:
    phoenix("strategy", "register", "mute", "-d", "says nothing")
    called = phoenix("shadow", "follow", "mute", *RECORDED)
    assert (called.code, "holds no signal of mute" in called.err) == (ExitCode.REFUSED, True)


def test_the_real_month_in_shadow_leads_to_live(phoenix: Phoenix, home: Home, real_month: Path) -> None:
    """Twenty-one sessions, incomplete before them, LIVE after them and a typed confirmation."""
    name = "fvg-retest"
    bid, ask = (str(real_month / f"gbpusd-m1-{side}-2012-02.csv") for side in ("bid", "ask"))
    phoenix("strategy", "register", name, "-d", "gaps")
    assert phoenix("promote", name).code == ExitCode.REFUSED
    with serving(home):
        followed = phoenix(
            "shadow", "follow", name, "--signals", str(real_month / "signals"), "--bid", bid, "--ask", ask, "--json"
        )
        assert followed.document["recorded"] == {"sessions": "21", "autopsies": "49"}
        report = phoenix("shadow", "report", name)
        for part in ("2012-02-01", "TREND", "RANGE", "Drawdown", "efficiency ratio", "left by"):
            assert part in report.out
        code, seen = typing(f"PROMOTE {name}\n", "promote", name)
        assert (code, "is LIVE" in seen) == (ExitCode.OK, True)
    with Desk(home) as desk:
        assert desk.read.state.strategies[name].mode is StrategyMode.LIVE


# --- reports --------------------------------------------------------------------------------------------------------


def test_a_report_has_sessions_regimes_figures_checklist_and_the_rule(
    phoenix: Phoenix, strategy: str, tmp_path: Path
) -> None:
    phoenix("shadow", "import", strategy, str(performance_file(tmp_path, 21)))
    text = phoenix("shadow", "report", strategy).out
    for part in ("2026-01-05", "TREND 11, RANGE 10, UNKNOWN 0", "102,100.00", "Drawdown", "TREND from 0.3 on", "Sharpe",
                 "IMPORT month.json", "met      Trading sessions", "left by"):  # fmt: skip
        assert part in text
    document = phoenix("shadow", "report", strategy, "--json").document
    assert len(document["sessions"]) == 21
    assert "efficiency ratio" in document["conventions"]["market_regime"]
    overview = phoenix("shadow", "report").out
    assert [line.split()[0] for line in overview.splitlines()] == ["Strategy", "manual", NAME]
    listed = {one["strategy_id"]: one for one in phoenix("strategy", "list", "--json").document["strategies"]}
    assert (listed[NAME]["checks_met"], listed[NAME]["checks"]) == ("10", "11")
    assert "10 of 11 met" in phoenix("strategy", "list").out


def test_a_page_replaces_nothing_unasked(phoenix: Phoenix, strategy: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    called = phoenix("shadow", "report", strategy, "--page", str(page), "--json")
    assert called.document["strategy_id"] == strategy
    assert page.read_text().startswith("<!doctype html>")
    page.write_text("mine")
    refused = phoenix("shadow", "report", strategy, "--page", str(page))
    assert (refused.code, "--overwrite" in refused.err) == (ExitCode.REFUSED, True)
    assert page.read_text() == "mine"
    assert phoenix("promote", strategy, "--page", str(page), "--overwrite").code == ExitCode.REFUSED
    assert "from SHADOW to LIVE" in page.read_text()
    assert phoenix("shadow", "report", strategy, "--page", str(tmp_path / "no" / "page.html")).code == ExitCode.REFUSED
    assert phoenix("shadow", "report", "--page", str(tmp_path / "all.html")).code == ExitCode.USAGE


def test_what_a_file_says_never_steers_the_terminal(phoenix: Phoenix, strategy: str, tmp_path: Path) -> None:
    hostile = performance_file(tmp_path, 1, "a\x1b[2J.json")
    phoenix("shadow", "import", strategy, str(hostile))
    shown = phoenix("shadow", "report", strategy).out
    assert "\x1b" not in shown
    assert "a\\x1b[2J.jso" in shown


def test_open_shadow_trades_are_listed(phoenix: Phoenix) -> None:
    assert "No shadow trade" in phoenix("shadow", "trades").out
    signal = phoenix("simulate-signal", "--json").document["signals"][0]
    (trade,) = phoenix("shadow", "trades", "manual", "--json").document["trades"]
    assert (trade["signal_id"], trade["strategy_id"]) == (signal["signal_id"], "manual")
    assert signal["signal_id"][:13] in phoenix("shadow", "trades").out
    assert phoenix("shadow", "trades", "nobody").code == ExitCode.REFUSED


# --- decay ----------------------------------------------------------------------------------------------------------


def test_decay_is_told_and_from_its_bound_on_kills(phoenix: Phoenix, strategy: str) -> None:
    assert "Nobody has said anything" in phoenix("decay", "list").out
    assert phoenix("decay", "tell", strategy, "--score", "0.7", "-r", "the edge wears off").code == ExitCode.OK
    assert phoenix("kill", "list", "--json").document["kill_flags"] == []
    told = phoenix("decay", "tell", strategy, "--score", "0.85", "-r", "gone")
    assert (told.code, "phoenix kill list" in told.out) == (ExitCode.OK, True)
    (flag,) = phoenix("kill", "list", "--json").document["kill_flags"]
    assert (flag["source"], flag["strategy_id"]) == ("SIGNALMAN", strategy)
    (last,) = phoenix("decay", "list", "--json").document["decays"]
    assert (last["score"], last["verdict"], last["signer"]) == ("0.85", "KILL", "HUMAN")
    assert "KILLS" in phoenix("decay", "list").out


def test_what_is_no_score_or_names_nobody_is_refused(phoenix: Phoenix, strategy: str) -> None:
    for score in ("2", "-0.1", "NaN", "much"):
        assert phoenix("decay", "tell", strategy, f"--score={score}", "-r", "x").code == ExitCode.REFUSED
    assert phoenix("decay", "tell", "nobody", "--score", "0.1", "-r", "x").code == ExitCode.REFUSED
    assert phoenix("decay", "tell", "--score", "0.1", "-r", "x").code == ExitCode.USAGE
    assert phoenix("decay", "tell", strategy, "--all", "--score", "0.1", "-r", "x").code == ExitCode.USAGE
    assert phoenix("decay", "list", "--json").document["decays"] == []
    assert phoenix("decay", "tell", "--all", "--score", "0.9", "-r", "a crash").code == ExitCode.OK
    assert phoenix("decay", "list").out.splitlines()[1].startswith("ALL")
