"""`phoenix kill`: entries stop at once, and pass again when a human says why."""

from __future__ import annotations

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.instants import parse_instant
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.runtime.processes import serving


def test_a_flag_is_set_without_confirmation_and_blocks_entries(phoenix: Phoenix) -> None:
    called = phoenix("kill", "set", "--reason", "news")
    assert called.code == ExitCode.OK
    assert "all strategies" in called.out
    (flag,) = phoenix("kill", "list", "--json").document["kill_flags"]
    assert (flag["strategy_id"], flag["reason"], flag["source"], flag["expires_at"]) == (None, "news", "MANUAL", None)
    assert flag["flag_id"][:13] in phoenix("kill", "list").out
    assert phoenix("simulate-signal").code == ExitCode.REFUSED


def test_a_flag_of_one_strategy_ends_by_itself(phoenix: Phoenix) -> None:
    told = phoenix("kill", "set", "--strategy", "manual", "--minutes", "5", "-r", "lunch", "--json").document
    (flag,) = phoenix("kill", "list", "--json").document["kill_flags"]
    assert (flag["flag_id"], flag["strategy_id"]) == (told["flag_id"], "manual")
    assert (parse_instant(flag["expires_at"]) - parse_instant(flag["set_at"])).total_seconds() == pytest.approx(
        300, abs=2
    )


def test_a_flag_for_an_unknown_strategy_is_set_and_said_to_be_for_nobody(phoenix: Phoenix) -> None:
    called = phoenix("kill", "set", "--strategy", "manuel", "--reason", "typo")
    assert called.code == ExitCode.OK
    assert "WARNING: no such strategy is registered" in called.out
    told = phoenix("kill", "set", "--strategy", "manuel", "--reason", "typo", "--json").document
    assert told["strategy_is_registered"] is False


def test_lifting_takes_a_reason_and_lets_entries_pass(phoenix: Phoenix) -> None:
    flag_id = phoenix("kill", "set", "-r", "news", "--json").document["flag_id"]
    assert phoenix("kill", "lift", flag_id).code == ExitCode.USAGE
    assert phoenix("kill", "lift", flag_id, "--reason", " ").code == ExitCode.REFUSED
    assert phoenix("kill", "lift", flag_id[:13], "--reason", "calm").code == ExitCode.OK
    assert phoenix("kill", "list", "--json").document["kill_flags"] == []
    assert phoenix("simulate-signal").code == ExitCode.OK
    again = phoenix("kill", "lift", flag_id, "--reason", "calm")
    assert (again.code, "phoenix kill list" in again.err) == (ExitCode.REFUSED, True)


def test_wrong_input_sets_nothing(phoenix: Phoenix) -> None:
    assert phoenix("kill", "set").code == ExitCode.USAGE
    assert phoenix("kill", "set", "--reason", "  ").code == ExitCode.REFUSED
    assert phoenix("kill", "set", "--reason", "x", "--minutes", "0").code == ExitCode.USAGE
    assert phoenix("kill", "set", "--reason", "x", "--minutes", "99999999999999").code == ExitCode.USAGE
    for strategy in ("", "  ", "x" * 101, "a\tb", "café"):
        refused = phoenix("kill", "set", "--reason", "x", "--strategy", strategy)
        assert (refused.code, "strategy" in refused.err) == (ExitCode.REFUSED, True)
    assert phoenix("kill", "list", "--json").document["kill_flags"] == []


def test_beside_an_executor_it_is_lifted_by_it(phoenix: Phoenix, home: Home) -> None:
    with serving(home):
        flag_id = phoenix("kill", "set", "-r", "news", "--json").document["flag_id"]
        assert phoenix("kill", "lift", flag_id, "--reason", "calm").code == ExitCode.OK
        assert phoenix("kill", "list").out.startswith("No kill flag is active")
