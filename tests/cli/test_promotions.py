"""`phoenix shadow` and `phoenix promote`: from evidence to LIVE by commands, and never past the checklist."""

from __future__ import annotations

from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.vocabulary import StrategyMode
from phoenix.replay.examples import examples_folder
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.forked_terminal import typing
from tests.runtime.desk.test_promotions import STRATEGY, performance_file
from tests.runtime.processes import serving

MARKET = examples_folder() / "market"
FOLLOWED = (
    "--signals", str(examples_folder() / "signals"), "--bid", str(MARKET / "gbpusd-m1-bid.csv"),
    "--ask", str(MARKET / "gbpusd-m1-ask.csv"), "--pair", "GBPUSD",
)  # fmt: skip


def mode_of(home: Home) -> StrategyMode:
    with Desk(home) as desk:
        return desk.promotions.strategy(STRATEGY).mode


def at_home(home: Home, *arguments: str) -> tuple[str, ...]:
    return (*arguments, "--home", str(home.directory))


def test_what_is_missing_is_listed_and_the_attempt_is_on_record(phoenix: Phoenix, home: Home) -> None:
    phoenix("quote")
    looked = phoenix("promote", STRATEGY, "--check")
    assert looked.code == ExitCode.REFUSED
    for item in ("Trading sessions", "Market regimes", "Sharpe ratio", "Autopsies"):
        assert item in looked.out
    assert phoenix("beads", "list", "--type", "REFUSAL", "--json").document["beads"] == []
    refused = phoenix("promote", STRATEGY)
    assert refused.code == ExitCode.REFUSED
    assert "EVIDENCE_INCOMPLETE" in refused.out
    assert "MISSING" in refused.out
    assert len(phoenix("beads", "list", "--type", "REFUSAL", "--json").document["beads"]) == 1
    assert mode_of(home) is StrategyMode.SHADOW


def test_a_complete_record_goes_live_by_a_typed_word(phoenix: Phoenix, home: Home, tmp_path: Path) -> None:
    assert phoenix("shadow", "import", STRATEGY, str(performance_file(tmp_path))).code == ExitCode.OK
    asked = phoenix("promote", STRATEGY, "--json")
    assert (asked.code, asked.document["outcome"]) == (ExitCode.OK, "DONE")
    intent_id = asked.document["intent_id"]
    waiting = phoenix("pending", "--json").document["promotions"]
    assert [one["intent_id"] for one in waiting] == [intent_id]
    assert f"PROMOTE {STRATEGY}" in phoenix("pending").out
    assert f"PROMOTE {STRATEGY}" in phoenix("review", intent_id[:13]).out
    assert phoenix("approve", intent_id).code == ExitCode.REFUSED
    code, seen = typing("yes\n", *at_home(home, "approve", intent_id))
    assert (code, mode_of(home)) == (ExitCode.REFUSED, StrategyMode.SHADOW), seen
    code, seen = typing(f"PROMOTE {STRATEGY}\n", *at_home(home, "promote", STRATEGY))
    assert (code, mode_of(home)) == (ExitCode.OK, StrategyMode.LIVE), seen
    assert f"promoted: {STRATEGY} is LIVE" in seen
    assert "LIVE since" in phoenix("promote", STRATEGY).out
    assert phoenix("beads", "verify", "--history").code == ExitCode.OK


@pytest.mark.parametrize("command", ["pass", "withdraw"])
def test_a_promotion_that_waits_can_be_given_up(
    phoenix: Phoenix, home: Home, tmp_path: Path, command: str
) -> None:  # fmt: skip
    phoenix("shadow", "import", STRATEGY, str(performance_file(tmp_path)))
    intent_id = phoenix("promote", STRATEGY, "--json").document["intent_id"]
    given_up = phoenix(command, intent_id, "--reason", "not yet")
    if command == "pass":
        assert given_up.code == ExitCode.OK
        assert phoenix("pending", "--json").document["promotions"] == []
    else:
        assert given_up.code == ExitCode.REFUSED
    assert mode_of(home) is StrategyMode.SHADOW


def test_a_kill_flag_refuses_a_promotion_that_waits(phoenix: Phoenix, home: Home, tmp_path: Path) -> None:
    phoenix("shadow", "import", STRATEGY, str(performance_file(tmp_path)))
    intent_id = phoenix("promote", STRATEGY, "--json").document["intent_id"]
    phoenix("kill", "set", "--reason", "looking into the feed")
    code, seen = typing(f"PROMOTE {STRATEGY}\n", *at_home(home, "approve", intent_id))
    assert code == ExitCode.REFUSED
    assert "looking into the feed" in seen
    assert mode_of(home) is StrategyMode.SHADOW


def test_a_report_has_a_page_with_pictures_that_needs_nothing_else(phoenix: Phoenix, tmp_path: Path) -> None:
    phoenix("shadow", "import", STRATEGY, str(performance_file(tmp_path)))
    page = tmp_path / "record.html"
    told = phoenix("shadow", "report", STRATEGY, "--page", str(page))
    assert told.code == ExitCode.OK
    for word in ("Sharpe", "Max drawdown", "TREND", "RANGE", "2026-"):
        assert word in told.out
    text = page.read_text()
    assert "<svg" in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    document = phoenix("shadow", "report", STRATEGY, "--json").document
    assert len(document["sessions"]) == 20
    assert phoenix("shadow", "report", STRATEGY, "--page", str(tmp_path / "no" / "x.html")).code != ExitCode.OK


def test_recorded_signals_are_followed_and_recorded_unless_it_is_a_dry_run(phoenix: Phoenix) -> None:
    phoenix("strategy", "register", "range-break", "--description", "gaps")
    dry = phoenix("shadow", "follow", "range-break", *FOLLOWED, "--dry-run")
    assert dry.code == ExitCode.OK
    assert "Nothing was recorded." in dry.out
    assert "tampered" in dry.out
    assert phoenix("shadow", "report", "range-break", "--json").document["sessions"] == []
    assert phoenix("shadow", "follow", "range-break", *FOLLOWED).code == ExitCode.OK
    assert phoenix("shadow", "report", "range-break", "--json").document["sessions"] != []
    again = phoenix("shadow", "follow", "range-break", *FOLLOWED, "--json")
    assert (again.code, again.document["recorded"]["refusal"]["reason"]) == (ExitCode.REFUSED, "CONFLICT")


def test_wrong_files_and_names_are_refused_with_field_and_remedy(phoenix: Phoenix, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("session_date,pnl\n2026-01-05,1\n")
    refused = phoenix("shadow", "import", STRATEGY, str(wrong))
    assert refused.code == ExitCode.REFUSED
    assert "market_regime" in refused.err
    for command in (("promote", "nobody"), ("shadow", "report", "nobody"), ("shadow", "import", "nobody", str(wrong))):
        called = phoenix(*command)
        assert called.code == ExitCode.REFUSED, (command, called)
        assert called.err.count("\n") == 1, called


def test_open_shadow_trades_are_listed(phoenix: Phoenix) -> None:
    assert "No shadow trade" in phoenix("shadow", "trades").out
    assert phoenix("simulate-signal").code == ExitCode.OK
    assert STRATEGY in phoenix("shadow", "trades").out
    (trade,) = phoenix("shadow", "trades", "--json").document["trades"]
    assert trade["strategy_id"] == STRATEGY


def test_beside_an_executor_that_dies_it_is_promoted_once_or_not_at_all(
    phoenix: Phoenix, home: Home, tmp_path: Path
) -> None:
    with serving(home) as executor:
        assert phoenix("shadow", "import", STRATEGY, str(performance_file(tmp_path))).code == ExitCode.OK
        intent_id = phoenix("promote", STRATEGY, "--json").document["intent_id"]
        executor.kill()
        code, seen = typing(f"PROMOTE {STRATEGY}\n", *at_home(home, "approve", intent_id))
    assert code == ExitCode.OK, seen
    promoted = phoenix("beads", "list", "--type", "PROMOTION", "--json").document["beads"]
    assert len(promoted) == 1
    assert phoenix("beads", "verify", "--history").code == ExitCode.OK
