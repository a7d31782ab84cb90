"""`phoenix strategy`, `drift` and `broker`."""

from __future__ import annotations

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import Hands, impatient
from tests.runtime.processes import serving


def test_a_strategy_is_registered_once_and_its_signals_are_proposed(phoenix: Phoenix) -> None:
    assert phoenix("simulate-signal", "--strategy", "mine").code == ExitCode.REFUSED
    assert phoenix("strategy", "register", "mine", "--description", "my own").code == ExitCode.OK
    assert phoenix("simulate-signal", "--strategy", "mine").code == ExitCode.OK
    again = phoenix("strategy", "register", "mine", "-d", "again", "--json")
    assert (again.code, again.document["refusal"]["reason"]) == (ExitCode.REFUSED, "CONFLICT")
    told = {known["strategy_id"]: known for known in phoenix("strategy", "list", "--json").document["strategies"]}
    assert (told["mine"]["description"], told["mine"]["mode"]) == ("my own", "SHADOW")


def test_a_strategy_shows_what_blocks_it(phoenix: Phoenix) -> None:
    phoenix("strategy", "register", "mine", "-d", "my own")
    flag_id = phoenix("kill", "set", "--strategy", "mine", "-r", "news", "--json").document["flag_id"]
    assert f"blocked by {flag_id[:13]}" in phoenix("strategy", "list").out


def test_wrong_names_and_missing_descriptions_are_refused(phoenix: Phoenix) -> None:
    assert phoenix("strategy", "register", "mine").code == ExitCode.USAGE
    assert phoenix("strategy", "register", "\x1b[31m", "-d", "red").code == ExitCode.REFUSED
    assert phoenix("strategy", "register", " ", "-d", "nothing").code == ExitCode.REFUSED


def test_beside_an_executor_it_registers_and_keeps_its_session(phoenix: Phoenix, home: Home) -> None:
    with serving(home):
        assert phoenix("strategy", "register", "mine", "-d", "my own").code == ExitCode.OK
        refused = phoenix("broker", "reconnect", "--json")
        assert (refused.code, refused.document["refusal"]["reason"]) == (ExitCode.REFUSED, "WRONG_STATE")
        status = phoenix("broker", "status")
        assert "connected, books agree" in status.out
        assert "serve, process" in status.out


def test_a_lost_session_is_opened_anew_by_hand(phoenix: Phoenix, home: Home) -> None:
    hands = Hands(impatient(home), phoenix)
    hands.fault("socket_drop")
    with serving(hands.home):
        lost = phoenix("broker", "reconnect", "--json")
        assert lost.code == ExitCode.REFUSED
        assert lost.document["refusal"]["reason"] == "CONNECTION"
        hands.healed()
        assert phoenix("broker", "reconnect").code == ExitCode.OK
        assert hands.done("broker", "status")["connected"]


def test_the_session_is_told_from_the_beads_without_connecting(phoenix: Phoenix, home: Home) -> None:
    document = phoenix("broker", "status", "--json").document
    assert (document["connected"], document["detail"], document["books_read_at"]) == (False, "never connected", None)
    assert not (home.directory / "book.db").exists()
    assert phoenix("broker", "status").out.splitlines()[-1] == "next      phoenix serve"


def test_without_drift_there_is_nothing_to_resolve(phoenix: Phoenix) -> None:
    assert phoenix("drift", "list").out.startswith("No difference")
    refused = phoenix("drift", "resolve", "abc", "--as", "acknowledged", "-r", "seen")
    assert (refused.code, "phoenix drift list" in refused.err) == (ExitCode.REFUSED, True)
    assert phoenix("drift", "resolve", "abc", "--as", "nonsense", "-r", "seen").code == ExitCode.USAGE
