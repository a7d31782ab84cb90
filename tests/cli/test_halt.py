"""`phoenix halt`: entries stop at once whatever else hangs, and one ceremony closes everything."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from time import perf_counter

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.vocabulary import AccountMode
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.home.binding import bind_new_store
from tests.cli.conftest import Phoenix
from tests.cli.forked_terminal import typing
from tests.cli.hands import Hands, impatient
from tests.runtime.processes import serving


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    return Hands(impatient(home), phoenix)


def test_on_a_home_that_never_met_a_broker_entries_are_stopped(phoenix: Phoenix, home: Home) -> None:
    called = phoenix("halt")
    assert called.code == ExitCode.OK
    assert called.out.startswith("HALTED: no entry passes from now on")
    assert "Nothing is open." in called.out
    assert not (home.directory / "book.db").exists()
    (flag,) = phoenix("kill", "list", "--json").document["kill_flags"]
    assert (flag["strategy_id"], flag["reason"]) == (None, "halted by hand")
    assert phoenix("simulate-signal").code == ExitCode.REFUSED


def test_what_rests_and_what_is_open_is_listed_with_the_commands_for_it(hands: Hands) -> None:
    opened, resting = hands.enter(), hands.enter_limit()
    called = hands("halt", "--reason", "news")
    assert f"phoenix positions cancel {resting[:13]}" in called.out
    assert f"phoenix positions close {opened[:13]}" in called.out
    document = hands.done("halt")
    assert [order["position_id"] for order in document["resting_entries"]] == [resting]
    assert [position["position_id"] for position in document["open_positions"]] == [opened]


def test_resting_entries_are_cancelled_when_asked_for_and_nothing_else(hands: Hands) -> None:
    opened, resting = hands.enter(), [hands.enter_limit(), hands.enter_limit()]
    document = hands.done("halt", "--cancel-entries")
    assert {cancel["subject_id"] for cancel in document["cancels"]} == set(resting)
    assert [hands.state(position_id) for position_id in resting] == ["CANCELLED", "CANCELLED"]
    assert hands.position(opened)["protection"] == "EXACT"
    assert hands.done("halt", "--cancel-entries")["cancels"] == []


def test_while_the_executor_hangs_entries_are_stopped_without_waiting_for_it(hands: Hands) -> None:
    with serving(hands.home) as executor:
        resting = hands.enter_limit()
        executor.send(signal.SIGSTOP)
        begun = perf_counter()
        document = hands.done("halt")
        waited_s = perf_counter() - begun
        with Desk(hands.home) as desk:
            assert [flag.flag_id for flag in desk.read.kill_flags()] == [document["flag_id"]]
        assert [order["position_id"] for order in document["resting_entries"]] == [resting]
        assert waited_s < hands.home.settings.commands.wait_s / 2
        executor.send(signal.SIGCONT)
        assert hands.done("positions", "cancel", resting)["settled"]


def test_one_confirmation_closes_every_position_each_by_its_own_evidence(hands: Hands) -> None:
    positions = {hands.enter(), hands.enter("--side", "SHORT"), hands.enter()}
    code, seen = typing("CLOSE 3 POSITIONS\n", "halt", "--flatten")
    assert code == ExitCode.OK, seen
    shown = seen.split("approves nothing")[0]
    for position_id in positions:
        assert position_id[:13] in shown
        assert hands.state(position_id) == "CLOSED"
    stories = [hands.done("positions", "history", position_id)["beads"] for position_id in positions]
    with Desk(hands.home) as desk:
        approvals = [
            item.bead.payload for item in desk.beads() if getattr(item.bead.payload, "kind", None) == "APPROVE"
        ][-3:]
    assert len({getattr(approval, "evidence_hash", "") for approval in approvals}) == 3
    assert all(any("decided: APPROVE" in bead["told"] for bead in story) for story in stories)
    hands.tidy()
    hands.proven()


@pytest.mark.parametrize("types", ["CLOSE 3 POSITIONS\n", "yes\n", "\n", "\x04"])
def test_anything_else_closes_nothing_and_leaves_no_exit_waiting(hands: Hands, types: str) -> None:
    position_id = hands.enter()
    code, seen = typing(types, "halt", "--flatten")
    assert code == ExitCode.REFUSED
    assert "nothing was closed" in seen
    assert hands.state(position_id) == "MANAGED"
    assert hands.done("pending")["pending"] == []
    assert len(hands.done("kill", "list")["kill_flags"]) == 1


def test_without_a_terminal_nothing_is_closed_and_entries_are_stopped_all_the_same(hands: Hands) -> None:
    position_id = hands.enter()
    called = hands("halt", "--flatten", "--json")
    assert called.code == ExitCode.REFUSED
    assert "PROOF_MISSING" in called.document["error"]
    assert [flag["flag_id"] for flag in hands.done("kill", "list")["kill_flags"]] == [called.document["flag_id"]]
    assert hands.state(position_id) == "MANAGED"
    assert hands.done("pending")["pending"] == []


def test_a_position_whose_exit_is_under_way_is_named_and_holds_up_no_other(hands: Hands) -> None:
    hands.fault("never_fill", role="EXIT", nth=1)
    hanging, other = hands.enter(), hands.enter()
    hands.close(hanging)
    code, seen = typing("CLOSE 1 POSITION\n", "halt", "--flatten")
    assert code == ExitCode.REFUSED
    assert f"CLOSE {hanging[:13]}: refused: UNSETTLED" in seen
    assert (hands.state(hanging), hands.state(other)) == ("MANAGED", "CLOSED")


def test_with_nothing_open_there_is_nothing_to_confirm(hands: Hands) -> None:
    code, seen = typing("", "halt", "--flatten")
    assert (code, "Type  CLOSE" in seen) == (ExitCode.OK, False)


def test_beside_an_executor_all_exits_are_approved_together(hands: Hands) -> None:
    with serving(hands.home):
        positions = [hands.enter(), hands.enter("--side", "SHORT")]
        code, seen = typing("CLOSE 2 POSITIONS\n", "halt", "--flatten")
        assert code == ExitCode.OK, seen
        assert [hands.state(position_id) for position_id in positions] == ["CLOSED", "CLOSED"]


def test_on_another_account_than_a_simulated_one_typing_closes_nothing(
    phoenix: Phoenix, home: Home
) -> None:  # fmt: skip
    file = home.directory / "phoenix.toml"
    text = file.read_text().replace('"SIM0001"', '"DU0001"').replace('"SIMULATOR"', '"PAPER"')
    text = text.replace('"ALWAYS_OPEN"', '"FX_WEEK"')
    file.write_text(f'{text}\n[store]\npath = "paper.db"\n')
    paper = Home.open(home.directory)
    assert paper.settings.account.mode is AccountMode.PAPER
    bind_new_store(paper, datetime.now(UTC))
    code, seen = typing("CLOSE 1 POSITION\n", "halt", "--flatten")
    assert code == ExitCode.REFUSED
    assert "passkey" in seen
    assert len(phoenix("kill", "list", "--json").document["kill_flags"]) == 1
