"""`phoenix drill`: what is shown and left behind, and what is refused before anything is connected."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from phoenix.adapters.brokers.chaos_mock import broker as mock
from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.vocabulary import AccountMode, PositionState
from phoenix.ports.errors import BrokerUnavailable
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.terminal import INTERRUPT, at_terminal
from tests.runtime.processes import serving
from tests.runtime.rebinding import rebound

QUICK = ("--hold", "0", "--yes-simulated")


def mocked(home: Home, line: str) -> None:
    """The home with another line for its mock broker."""
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text().replace("[broker.chaos_mock]", f"[broker.chaos_mock]\n{line}"))


def as_mode(home: Home, mode: AccountMode, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose account, at the broker and in the configuration, is of another kind."""
    made = rebound(home, mode)
    monkeypatch.setattr(mock, "AccountMode", SimpleNamespace(SIMULATOR=mode))

    def open_it(directory: Path, overrides: object = None) -> Home:
        return made

    monkeypatch.setattr(Home, "open", open_it)
    return made


def never_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(_: ChaosMockBroker) -> None:
        raise AssertionError("it was connected")

    monkeypatch.setattr(ChaosMockBroker, "connect", connect)


def beads(home: Home) -> int:
    with Desk(home) as desk:
        return len(desk.beads())


def states(home: Home) -> list[PositionState | None]:
    with Desk(home) as desk:
        return [position.state for position in desk.read.positions(ended=True)]


def test_a_whole_drill_shows_every_step_and_leaves_a_closed_position_and_a_clean_history(
    phoenix: Phoenix, home: Home
) -> None:
    called = phoenix("drill", *QUICK)
    assert called.code == ExitCode.OK, called
    for shown in ("equity 100,000.00", "buying power", "smallest size 1000", "CLOSED: in at 1.27", "14 steps: 14 OK"):
        assert shown in called.out
    assert "ways out" not in called.out
    assert states(home) == [PositionState.CLOSED]
    assert phoenix("beads", "verify", "--history").code == ExitCode.OK


def test_as_json_it_is_one_document_with_every_step(phoenix: Phoenix) -> None:
    called = phoenix("drill", *QUICK, "--json")
    document = called.document
    assert (called.code, document["ok"], document["exit_code"]) == (ExitCode.OK, True, 0)
    assert [step["number"] for step in document["steps"]] == [str(number) for number in range(1, 15)]
    assert {step["verdict"] for step in document["steps"]} == {"OK"}
    assert all(step["asked"] and step["answered"] and float(step["took_s"]) >= 0 for step in document["steps"])
    assert document["position"]["state"] == "CLOSED"
    assert document["position"]["ways"] == []


def test_typed_out_twice_at_a_terminal(home: Home) -> None:
    code, seen = at_terminal(
        home.directory, "drill", "--hold", "0", types="LONG 1000 GBPUSD\nCLOSE 1000 GBPUSD\n"
    )  # fmt: skip
    assert code == ExitCode.OK, seen
    assert "14 steps: 14 OK" in seen
    assert states(home) == [PositionState.CLOSED]


def test_anything_else_typed_sends_nothing(home: Home) -> None:
    code, seen = at_terminal(home.directory, "drill", types="yes\n")
    assert code == ExitCode.REFUSED, seen
    assert "nobody approved it" in seen
    assert states(home) == [PositionState.CANCELLED]


def test_interrupted_it_says_what_was_not_done_and_what_is_left(home: Home) -> None:
    code, seen = at_terminal(home.directory, "drill", types=INTERRUPT)
    assert code == ExitCode.ERROR, seen
    assert "Traceback" not in seen
    assert "the drill was broken off" in seen
    assert "The position" in seen
    assert "phoenix pass" in seen
    assert states(home) == [PositionState.PROPOSED]


def test_a_fill_that_does_not_come_is_unknown_and_the_commands_that_lead_on_are_shown(
    phoenix: Phoenix, home: Home
) -> None:
    mocked(home, "fill_probability = 0.0")
    called = phoenix("drill", *QUICK, "--wait", "0.3")
    assert called.code == ExitCode.NOT_YET_KNOWN, called
    assert "an ordinary position, with its ordinary ways out" in called.out
    assert "phoenix positions cancel" in called.out
    with Desk(home) as desk:
        (position,) = desk.read.positions()
    assert phoenix("positions", "cancel", position.position_id).code == ExitCode.OK
    assert states(home) == [PositionState.CANCELLED]
    assert phoenix("beads", "verify", "--history").code == ExitCode.OK


def test_a_kill_flag_refuses_the_entry_and_the_way_to_lift_it_is_shown(phoenix: Phoenix, home: Home) -> None:
    assert phoenix("kill", "set", "--reason", "closed for today").code == ExitCode.OK
    called = phoenix("drill", *QUICK)
    assert called.code == ExitCode.REFUSED, called
    shown = " ".join(called.out.split())
    assert "closed for today" in shown
    assert "phoenix kill lift FLAG" in shown
    assert states(home) == []


def test_on_a_paper_account_the_connection_is_proven_and_nothing_more(
    phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = as_mode(home, AccountMode.PAPER, monkeypatch)
    called = phoenix("drill", "--json")
    assert called.code == ExitCode.CONNECTION_PROVEN, called
    verdicts = [step["verdict"] for step in called.document["steps"]]
    assert verdicts == ["OK"] * 6 + ["NOT_DONE"] * 8
    assert "LONG" in called.err, "the review goes where people look"
    assert states(paper) == [PositionState.CANCELLED]
    assert "proves no human on a PAPER account" in phoenix("drill", "--yes-simulated").err


def test_a_live_account_is_refused_before_anything_is_connected(
    phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = as_mode(home, AccountMode.LIVE, monkeypatch)
    never_connected(monkeypatch)
    before = beads(live)
    called = phoenix("drill", "--yes-simulated", "--json")
    assert called.code == ExitCode.REFUSED
    assert called.document["error"]["reason"] == "NOT_ALLOWED"
    assert "never on a LIVE account" in called.err
    assert beads(live) == before


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--pair", "XXXYYY"), "XXXYYY is not configured; configured is GBPUSD"),
        (("--quantity", "1500"), "1500 is not on the grid of GBPUSD"),
        (("--quantity", "many"), "quantity: 'many' is not a decimal number"),
        (("--hold", "-1"), "hold: -1 is not within 0 and 3600"),
        (("--wait", "0"), "wait: 0 is not within 0 and 3600"),
    ],
)
def test_what_cannot_be_drilled_is_refused_before_anything_is_connected(
    phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], part: str
) -> None:
    never_connected(monkeypatch)
    before = beads(home)
    called = phoenix("drill", "--yes-simulated", *options)
    assert called.code == ExitCode.REFUSED
    assert part in called.err
    assert beads(home) == before


def test_without_a_terminal_nobody_can_approve_and_nothing_is_connected(
    phoenix: Phoenix, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_connected(monkeypatch)
    called = phoenix("drill")
    assert called.code == ExitCode.REFUSED
    assert "PROOF_MISSING" in called.err


def test_without_a_session_it_is_an_unreachable_broker(
    phoenix: Phoenix, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    async def connect(_: ChaosMockBroker) -> None:
        raise BrokerUnavailable("connection refused; nothing was sent")

    monkeypatch.setattr(ChaosMockBroker, "connect", connect)
    called = phoenix("drill", *QUICK)
    assert called.code == ExitCode.BROKER_UNREACHABLE
    assert "connection refused" in called.out


def test_beside_an_executor_it_names_the_way(phoenix: Phoenix, home: Home) -> None:
    with serving(home):
        called = phoenix("drill", *QUICK)
    assert called.code == ExitCode.REFUSED
    assert "end phoenix serve, drill, then start it again" in called.err
    assert states(home) == []
