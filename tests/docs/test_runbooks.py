"""INV-RUNBOOK-1: every CRITICAL alert names a runbook that is there, in commands that exist; and they are drilled."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

import pytest

from phoenix.application.alerts import RULES, AlertKind
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.vocabulary import Severity
from phoenix.runtime.home import Home
from tests.adapters.alerts.receivers import HOST, webhook
from tests.cli.conftest import Called, Phoenix, home, phoenix
from tests.cli.hands import Hands, impatient
from tests.docs.runbook_pages import FOLDER, PAGES, kinds_of, named, played, problems_with, runbook_of
from tests.runtime.processes import serving

__all__ = ["home", "phoenix"]
SECTIONS = ["What you see", "What it means", "First", "Step by step", "It is over when", "Never"]
LOOKING = {"status", "doctor"}
"""These answer with an exit code that says what they saw."""


@pytest.mark.parametrize("kind", [kind for kind in AlertKind if RULES[kind].severity is Severity.CRITICAL])
def test_every_critical_alert_names_a_runbook_that_is_there_and_knows_of_it(kind: AlertKind) -> None:
    runbook = RULES[kind].runbook
    assert runbook is not None
    [page] = [page for page in PAGES if runbook_of(page) == runbook]
    assert kind.value in kinds_of(page)


@pytest.mark.parametrize("page", PAGES, ids=runbook_of)
def test_a_runbook_is_for_the_alerts_that_name_it_and_says_all_there_is_to_say(page: Path) -> None:
    assert kinds_of(page) == {kind.value for kind, rule in RULES.items() if rule.runbook == runbook_of(page)}
    headings = [line[3:] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert headings == SECTIONS


def test_the_nine_runbooks_are_there_and_listed() -> None:
    assert [runbook_of(page) for page in PAGES] == [f"RB-{number:03}" for number in range(1, 10)]
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"({page.name})" in listed for page in PAGES)


@pytest.mark.parametrize("page", [*PAGES, FOLDER / "README.md"], ids=lambda page: page.stem)
def test_every_command_of_a_runbook_exists(page: Path) -> None:
    commands = named(page)
    assert commands
    assert {command: found for command in commands if (found := list(problems_with(command)))} == {}


@pytest.mark.parametrize(
    "command",
    ["phoenix fly", "phoenix alerts fly", "phoenix status --hard", "phoenix kill lift a b", "phoenix alerts --open"],
)
def test_a_command_that_does_not_exist_would_be_found(command: str) -> None:
    assert list(problems_with(command))


# --- drills -----------------------------------------------------------------------------------------------------------


class Drill:
    """Plays the commands of a page, in their order, with the ids that are meant in place of their names."""

    def __init__(self, hands: Hands, page: str) -> None:
        [self._page] = [found for found in (*PAGES, FOLDER / "README.md") if found.stem.startswith(page)]
        self._hands = hands
        self.seen: dict[str, Called] = {}

    def play(self, names: Mapping[str, str | Callable[[], str]]) -> None:
        for command in played(self._page):
            meant = [names.get(word, word) for word in shlex.split(command)[1:]]
            words = [word if isinstance(word, str) else word() for word in meant]
            if words == ["approve"]:
                [waiting] = self._hands.done("pending")["pending"]
                assert self._hands.approve(waiting["intent_id"]) == ExitCode.OK
                continue
            if words[:2] == ["broker", "reconnect"]:
                self._hands.healed()
            called = self._hands(*words)
            if called.code == ExitCode.REFUSED and "the session is open" in called.out:
                continue  # the executor was quicker
            allowed = {ExitCode.OK, ExitCode.HALTED, ExitCode.DRIFT, ExitCode.ERROR, ExitCode.BROKER_UNREACHABLE}
            assert called.code in (allowed if words[0] in LOOKING else {ExitCode.OK}), (command, called.out, called.err)
            self.seen[command] = called


def open_alerts(hands: Hands) -> dict[str, str]:
    """The ids of the open alerts by their kinds."""
    return {found["kind"]: found["alert_id"] for found in hands.done("alerts", "list", "--open")["alerts"]}


def flag_of(hands: Hands) -> str:
    return str(hands.done("kill", "list")["kill_flags"][0]["flag_id"])


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    opened = impatient(home)
    file = opened.directory / "phoenix.toml"
    file.write_text(f"{file.read_text()}\n[reconciliation]\nsettling_s = 0\n[timing]\nprotection_grace_s = 1\n")
    return Hands(Home.open(opened.directory), phoenix)


def test_drill_connection_loss(hands: Hands, home: Home) -> None:
    with serving(hands.home):
        hands.fault("socket_drop", for_s=600)
        _until(lambda: "CONNECTION_LOST" in open_alerts(hands))
        _until(lambda: hands("status").code == ExitCode.BROKER_UNREACHABLE)
        drill = Drill(hands, "RB-001")
        drill.play({})
        _until(lambda: hands("status").code == ExitCode.OK)
        assert "ENTRIES CLOSED" in drill.seen["phoenix status"].out


def test_drill_drift(hands: Hands) -> None:
    hands.fault("foreign_holding", at="2020-01-01T00:00:00Z", pair="GBPUSD", quantity="5000", price="1.26")
    for _ in range(5):
        hands.look()
    [drift] = hands.done("drift", "list")["drifts"]
    assert "DRIFT_FOUND" in open_alerts(hands)
    drill = Drill(hands, "RB-002")
    drill.play({"DRIFT": drift["drift_bead_id"]})
    assert drill.seen["phoenix status"].code == ExitCode.OK
    assert hands.done("drift", "list")["drifts"] == []


def test_drill_stalled(hands: Hands) -> None:
    hands.fault("lose", role="ENTRY")
    position_id = hands.enter()
    hands.look()
    assert "POSITION_STALLED" in open_alerts(hands)
    drill = Drill(hands, "RB-003")
    drill.play({"ID": position_id})
    assert hands.state(position_id) == "CANCELLED"
    assert hands.concerns(position_id) == set()
    hands.proven()


def test_drill_emergency_halt(hands: Hands) -> None:
    hands.fault("reject", role="STOP_LOSS", nth=1)
    position_id = hands.enter()
    _until(lambda: _looked(hands) and "POSITION_UNPROTECTED" in open_alerts(hands))
    prices = iter(("1.26500", "1.28000"))
    drill = Drill(hands, "RB-004")
    drill.play({"ID": position_id, "PRICE": lambda: next(prices), "FLAG": lambda: flag_of(hands)})
    assert (hands.state(position_id), hands.position(position_id)["protection"]) == ("MANAGED", "EXACT")
    assert hands.done("kill", "list")["kill_flags"] == []


def test_drill_kill_flag(hands: Hands) -> None:
    flag_id = hands.done("kill", "set", "--reason", "pulled by hand")["flag_id"]
    hands.look()
    drill = Drill(hands, "RB-005")
    drill.play({"FLAG": flag_id})
    assert flag_id not in {flag["flag_id"] for flag in hands.done("kill", "list")["kill_flags"]}


def test_drill_alerts_down(hands: Hands) -> None:
    with webhook() as server:
        server.status = 401
        file = hands.home.directory / "phoenix.toml"
        file.write_text(f'{file.read_text()}\n[alerts.channels]\nphone = "json://{HOST}:{server.port}"\n')
        assert hands("alerts", "test").code == ExitCode.ERROR
        assert hands("alerts", "test").code == ExitCode.ERROR
        alert_id = open_alerts(hands)["ALERTS_DOWN"]
        assert "FAILING" in hands("status").out
        server.status = 200
        drill = Drill(hands, "RB-006")
        drill.play({"ALERT": alert_id})
        assert "phone: took it" in drill.seen["phoenix alerts test"].out
        assert "FAILING" not in drill.seen["phoenix alerts list"].out
        hands.look()
    assert open_alerts(hands) == {}


def test_drill_gateway_auto_update(hands: Hands) -> None:
    with serving(hands.home):
        hands.fault("socket_drop", for_s=600)
        _until(lambda: "CONNECTION_LOST" in open_alerts(hands))
        drill = Drill(hands, "RB-007")
        drill.play({})
        assert "GBPUSD" in drill.seen["phoenix quote"].out


def test_drill_pacing(hands: Hands) -> None:
    Drill(hands, "RB-008").play({})


def test_drill_worker_stopped(hands: Hands) -> None:
    with serving(hands.home) as executor:
        executor.send(signal.SIGSTOP)
        try:
            _until(lambda: hands("status").code == ExitCode.BROKER_UNREACHABLE)
            assert "ENTRIES CLOSED" in hands("status").out
            assert "WARNING" in hands("doctor").out
        finally:
            executor.send(signal.SIGCONT)
        _until(lambda: hands("status").code == ExitCode.OK)
        hands.fault("socket_drop", for_s=600)
        _until(lambda: "CONNECTION_LOST" in open_alerts(hands))
        Drill(hands, "RB-009").play({"ALERT": open_alerts(hands)["CONNECTION_LOST"]})


def test_drill_of_every_alert(hands: Hands) -> None:
    hands.fault("lose", role="ENTRY")
    hands.enter()
    hands.look()
    Drill(hands, "README").play({"ALERT": open_alerts(hands)["POSITION_STALLED"]})
    assert open_alerts(hands) == {}


def _looked(hands: Hands) -> bool:
    hands.look()
    return True


def _until(happened: Callable[[], bool]) -> None:
    """Look again and again, for about twenty seconds at most."""
    for _ in range(100):
        if happened():
            return
        Event().wait(0.2)
    raise AssertionError("it did not happen")
