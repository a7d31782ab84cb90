"""`phoenix alerts`: what was told, acknowledging it, and trying the channels."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from phoenix.adapters.ids import RandomIds
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity
from phoenix.ports.store import Proposal
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.adapters.alerts.receivers import HOST, nobody, webhook
from tests.cli.conftest import Phoenix
from tests.runtime.processes import serving

SECRET = "s3cret-t0ken"


def alert(home: Home, key: str = "session", severity: Severity = Severity.CRITICAL, message: str = "Look") -> str:
    """An alert is on record."""
    alert_id, runbook = RandomIds().new_id(), "RB-001" if severity is Severity.CRITICAL else None
    payload = AlertPayload(
        alert_id, AlertEvent.RAISED, severity, "CONNECTION_LOST", f"CONNECTION_LOST:{key}", message, runbook,
        channels=("file", "log"),
    )  # fmt: skip
    with Desk(home) as desk:
        bead = Bead(RandomIds().new_id(), payload, SYSTEM, datetime.now(UTC))
        desk.store.transact(lambda _: Proposal((bead,), None))
    return alert_id


def configure(home: Home, address: str) -> None:
    file = home.directory / "phoenix.toml"
    file.write_text(f'{file.read_text()}\n[alerts.channels]\nphone = "{address}"\n')


def test_nothing_was_told_yet(phoenix: Phoenix) -> None:
    listed = phoenix("alerts", "list")
    assert (listed.code, listed.err) == (ExitCode.OK, "")
    assert "No alert is on record." in listed.out
    document = phoenix("alerts", "list", "--json").document
    assert document["alerts"] == []
    assert [channel["name"] for channel in document["delivery"]["channels"]] == ["file", "log"]


def test_the_newest_come_first_and_only_the_open_ones_on_request(phoenix: Phoenix, home: Home) -> None:
    first, second = alert(home, "one"), alert(home, "two")
    trifle = alert(home, "three", Severity.INFO)
    told = phoenix("alerts", "list", "--json").document["alerts"]
    assert [found["alert_id"] for found in told] == [trifle, second, first]
    assert [found["open"] for found in told] == [False, True, True]
    assert told[1]["waits_for"] == ["file", "log"]
    only_open = phoenix("alerts", "list", "--open", "--json").document["alerts"]
    assert [found["alert_id"] for found in only_open] == [second, first]
    assert len(phoenix("alerts", "list", "-n", "1", "--json").document["alerts"]) == 1
    listed = phoenix("alerts", "list").out
    assert "[RB-001]" in listed
    assert "2 CRITICAL alerts are open" in listed


def test_an_alert_is_acknowledged_by_the_beginning_of_its_id_and_the_record_says_by_whom(
    phoenix: Phoenix, home: Home
) -> None:
    alert_id, other = alert(home, "one"), alert(home, "two")
    done = phoenix("alerts", "ack", alert_id[:22], "--reason", "on it", "--json")
    assert done.code == ExitCode.OK
    [outcome] = done.document["outcomes"]
    assert (outcome["subject_id"], outcome["outcome"]) == (alert_id, "DONE")
    told = {found["alert_id"]: found for found in phoenix("alerts", "list", "--json").document["alerts"]}
    assert told[alert_id]["acknowledged_by"].endswith("at a terminal")
    assert not told[alert_id]["open"]
    assert told[other]["open"]
    assert set(told[other]["delivered"]) == {"file", "log"}
    again = phoenix("alerts", "ack", alert_id)
    assert again.code == ExitCode.REFUSED
    assert "phoenix alerts list --open" in again.err


def test_without_an_id_the_only_open_one_is_meant_and_with_all_every_one(phoenix: Phoenix, home: Home) -> None:
    alert(home, "one")
    assert phoenix("alerts", "ack").code == ExitCode.OK
    alert(home, "two")
    alert(home, "three")
    assert phoenix("alerts", "ack").code == ExitCode.REFUSED
    assert phoenix("alerts", "ack", "x", "--all").code == ExitCode.USAGE
    done = phoenix("alerts", "ack", "--all")
    assert done.code == ExitCode.OK
    assert done.out.count("acknowledged: it is not told again") == 2
    assert "No CRITICAL alert waits" in phoenix("alerts", "ack", "--all").out
    assert "OPEN" not in phoenix("status").out


def test_beside_a_running_executor(phoenix: Phoenix, home: Home) -> None:
    with webhook() as server:
        configure(home, f"json://{HOST}:{server.port}")
        with serving(home):
            alert_id = alert(home)
            assert phoenix("alerts", "ack", alert_id[:22]).code == ExitCode.OK
            tried = phoenix("alerts", "test", "phone")
    assert (tried.code, tried.out) == (ExitCode.OK, "phone: took it\n")


def test_trying_channels_says_of_each_whether_it_took_it(phoenix: Phoenix, home: Home) -> None:
    configure(home, f"json://{HOST}:{nobody()}/{SECRET}")
    tried = phoenix("alerts", "test")
    assert tried.code == ExitCode.ERROR
    assert {"file: took it", "log: took it"} <= set(tried.out.splitlines())
    assert "phone: FAILED: " in tried.out
    failed = phoenix("alerts", "test", "phone", "--json")
    assert failed.code == ExitCode.ERROR
    assert failed.document["known"] is True
    assert set(failed.document["alert"]["failed"]) == {"phone"}
    listed = phoenix("alerts", "list")
    assert "channel phone: FAILING" in listed.out
    assert "phoenix alerts test" in listed.out
    doctor = phoenix("doctor").out
    assert "phone failed" in doctor
    shown = phoenix("status").out
    assert "phone FAILING" in shown
    for text in (
        tried.out,
        tried.err,
        failed.out,
        failed.err,
        listed.out,
        doctor,
        shown,
        phoenix("config", "show").out,
    ):
        assert SECRET not in text


def test_a_channel_that_there_is_not_is_refused(phoenix: Phoenix) -> None:
    refused = phoenix("alerts", "test", "pigeon", "--json")
    assert refused.code == ExitCode.REFUSED
    assert refused.document["outcome"]["refusal"]["field"] == "channel"
    assert refused.document["alert"] is None
    assert "one of file, log" in phoenix("alerts", "test", "pigeon").out


@pytest.mark.parametrize(("address", "verdict"), [("nonsense://x/y", "FAILED"), ("json://127.0.0.1:9", "OK")])
def test_the_doctor_looks_at_addresses_and_sends_nothing(
    phoenix: Phoenix, home: Home, address: str, verdict: str
) -> None:
    configure(home, address)
    findings = {found["check"]: found for found in phoenix("doctor", "--json").document["findings"]}
    assert findings["alert channels"]["verdict"] == verdict
    assert address.partition("://")[2] not in str(findings["alert channels"])


def test_what_an_alert_says_steers_no_terminal(phoenix: Phoenix, home: Home) -> None:
    alert(home, message="\x1b[2Jgone [bold]not bold[/]")
    listed = phoenix("alerts", "list")
    assert "\x1b" not in listed.out
    assert "[bold]not" in listed.out
    assert "\x1b" not in phoenix("alerts", "ack").err
