"""`phoenix doctor`: whatever is broken is a finding with a way out, never a crash; looking changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from phoenix.adapters.checkpoints import make_key
from phoenix.adapters.ids import RandomIds
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.envelope import SYSTEM, Bead, Signer
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity, SignerKind
from phoenix.ports.store import Proposal
from phoenix.runtime.checkup import connection
from phoenix.runtime.checkup.asking import POINTS
from phoenix.runtime.desk import Desk
from phoenix.runtime.faults.points import VARIABLE
from phoenix.runtime.home import Home
from tests.cli.calling import run
from tests.runtime.gateways import ADAPTERS, configured_for, free_port, gateway
from tests.runtime.processes import serving, until
from tests.runtime.tampering import rewrite

TRADER = Signer(SignerKind.HUMAN, "trader")
Report = dict[str, tuple[str, str]]


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], Any]:
    """The exit code, and the verdict and the words of each check; of several with one name, the worst."""

    def ask(directory: Path, *options: str) -> tuple[int, Report]:
        code = run(monkeypatch, "doctor", *options, "--home", str(directory), "--json")
        report: Report = {}
        for finding in json.loads(capsys.readouterr().out)["findings"]:
            if finding["verdict"] in ("WARNING", "FAILED"):
                assert finding["remedy"], finding
            if report.get(finding["check"], ("OK", ""))[0] != "FAILED":
                report[finding["check"]] = (finding["verdict"], finding["found"])
        return code, report

    return ask


def content_of(directory: Path) -> dict[str, str]:
    names = (
        path for path in sorted(directory.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    )
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in names}


def test_a_new_home_is_well_but_for_the_executor_and_the_first_checkpoint(
    home: Home, examined: Callable[..., Any]
) -> None:
    before = content_of(home.directory)
    code, report = examined(home.directory)
    assert code == ExitCode.OK
    assert {check for check, (verdict, _) in report.items() if verdict != "OK"} == {"executor", "checkpoint"}
    assert content_of(home.directory) == before, "looking changed something"


def test_for_people_the_checks_are_numbered_and_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    assert run(monkeypatch, "doctor", "--home", str(home.directory)) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["1", "configuration", "OK"]
    assert "-> phoenix serve" in "\n".join(lines)
    assert lines[-1].startswith("28 checks: 26 OK, 2 WARNING")


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_broker_is_asked_if_that_is_wanted(home: Home, examined: Callable[..., Any], adapter: str) -> None:
    with gateway() as running:
        configured_for(home, adapter, running.port, gateway_zone="UTC")
        before = content_of(home.directory)
        code, report = examined(home.directory)
        assert (code, report["broker connection"][0]) == (ExitCode.OK, "NOT_CHECKED")
        assert "phoenix doctor --connect" in report["broker connection"][1]
        code, report = examined(home.directory, "--connect")
    assert code == ExitCode.OK
    assert {report[check][0] for check in (connection.CHECK, *POINTS)} == {"OK"}
    after = content_of(home.directory)
    assert {name: after[name] for name in before} == before
    assert {Path(name).name for name in set(after) - set(before)} <= {"phoenix.db.lock"}


def test_a_broker_that_cannot_be_had_leaves_with_1_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home
) -> None:
    port = free_port()
    configured_for(home, "ib_insync", port)
    assert run(monkeypatch, "doctor", "--connect", "--home", str(home.directory)) == ExitCode.ERROR
    told = " ".join(capsys.readouterr().out.split())
    assert f"nothing listens at 127.0.0.1:{port}" in told
    assert "-> Start TWS or IB Gateway there and log in" in told
    assert "8 NOT CHECKED" in told


def test_beside_an_executor_nothing_is_opened(home: Home, examined: Callable[..., Any]) -> None:
    with gateway() as running, serving(configured_for(home, "ib_insync", running.port)):
        until(lambda: examined(home.directory)[1]["entries"] == ("OK", "open"))
        code, report = examined(home.directory, "--connect")
        assert len(list(running.gateway.clients)) == 1
    assert (code, report["broker connection"][0]) == (ExitCode.OK, "OK")
    assert "nothing was opened here" in report["broker connection"][1]
    assert not {"quotes", "executions"} & set(report)


def test_an_adapter_that_cannot_be_used_is_not_connected(home: Home, examined: Callable[..., Any]) -> None:
    configured_for(home, "ibapi", 4002)
    code, report = examined(home.directory, "--connect")
    assert (code, report["broker adapter"][0]) == (ExitCode.ERROR, "FAILED")
    assert report["broker connection"][0] == "NOT_CHECKED"


def test_beside_a_running_executor_all_is_well(home: Home, examined: Callable[..., Any]) -> None:
    with serving(home):
        until(lambda: examined(home.directory)[1]["entries"] == ("OK", "open"))
        code, report = examined(home.directory)
    assert code == ExitCode.OK
    assert report["executor"][0] == report["broker session"][0] == "OK"


def test_no_home_no_configuration(tmp_path: Path, examined: Callable[..., Any]) -> None:
    code, report = examined(tmp_path)
    assert code == ExitCode.ERROR
    assert report["configuration"][0] == "FAILED"
    assert report["chain"][0] == "NOT_CHECKED"


def test_every_wrong_setting_is_named(home: Home, examined: Callable[..., Any]) -> None:
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text().replace('mode = "SIMULATOR"', 'mode = "DREAM"') + "\n[serve]\npoll = 3\n")
    code, report = examined(home.directory)
    assert code == ExitCode.ERROR
    assert report["configuration"][0] == "FAILED"


def test_a_configuration_that_is_no_toml(home: Home, examined: Callable[..., Any]) -> None:
    (home.directory / "phoenix.toml").write_bytes(b"\xff\xfe[")
    assert "is not TOML" in examined(home.directory)[1]["configuration"][1]


def test_a_key_that_others_can_read(home: Home, examined: Callable[..., Any]) -> None:
    home.private_key.chmod(0o644)
    code, report = examined(home.directory)
    assert code == ExitCode.ERROR
    assert report["checkpoint keys"] == ("FAILED", report["checkpoint keys"][1])
    assert "others can read this key" in report["checkpoint keys"][1]


def test_another_homes_key(home: Home, examined: Callable[..., Any]) -> None:
    home.private_key.unlink()
    make_key(home.private_key)
    assert examined(home.directory)[1]["checkpoint keys"][0] == "FAILED"


def test_a_store_that_is_gone(home: Home, examined: Callable[..., Any]) -> None:
    home.store.unlink()
    code, report = examined(home.directory)
    assert (code, report["store format"][0], report["chain"][0]) == (ExitCode.ERROR, "FAILED", "NOT_CHECKED")


def test_a_foreign_database(home: Home, examined: Callable[..., Any]) -> None:
    home.store.unlink()
    with sqlite3.connect(home.store) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    connection.close()
    before = home.store.read_bytes()
    assert examined(home.directory)[1]["store format"][0] == "FAILED"
    assert home.store.read_bytes() == before


def test_a_store_of_a_newer_phoenix(home: Home, examined: Callable[..., Any]) -> None:
    rewrite(home, "UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in examined(home.directory)[1]["store format"][1]


def test_a_guard_that_is_gone(home: Home, examined: Callable[..., Any]) -> None:
    with sqlite3.connect(home.store) as connection:
        connection.execute("DROP TRIGGER beads_no_update")
    connection.close()
    assert "beads_no_update" in examined(home.directory)[1]["store opens"][1]


def test_a_changed_bead_is_named(home: Home, examined: Callable[..., Any]) -> None:
    with Desk(home) as desk:
        desk.catch_up()
    rewrite(home, "UPDATE beads SET body = CAST(replace(CAST(body AS TEXT), 'SYSTEM', 'SISTEM') AS BLOB) WHERE seq = 3")
    code, report = examined(home.directory)
    assert code == ExitCode.ERROR
    assert any("bead 3" in found for verdict, found in report.values() if verdict == "FAILED")


def test_a_tampered_checkpoint_file(home: Home, examined: Callable[..., Any]) -> None:
    with Desk(home) as desk:
        desk.catch_up()
    assert examined(home.directory)[1]["checkpoint"][0] == "OK"
    home.checkpoints.write_bytes(home.checkpoints.read_bytes().replace(b'"seq":"', b'"seq":"1'))
    code, report = examined(home.directory)
    assert (code, report["checkpoint"][0]) == (ExitCode.ERROR, "FAILED")


def test_another_account_than_the_stores(home: Home, examined: Callable[..., Any]) -> None:
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text().replace("SIM0001", "SIM0002"))
    code, report = examined(home.directory)
    assert (code, report["store's account"][0]) == (ExitCode.ERROR, "FAILED")


@pytest.mark.parametrize(("old", "new"), [('"chaos_mock"', '"nobody"'), ("seed = 1", "seed = 1\nsed = 2")])
def test_an_adapter_that_does_not_load_or_take_its_options(
    home: Home, examined: Callable[..., Any], old: str, new: str
) -> None:
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    code, report = examined(home.directory)
    assert (code, report["broker adapter"][0]) == (ExitCode.ERROR, "FAILED")


def test_a_book_that_is_none(home: Home, examined: Callable[..., Any]) -> None:
    (home.directory / "book.db").write_bytes(b"a shopping list")
    assert examined(home.directory)[1]["broker adapter"][0] == "FAILED"
    assert (home.directory / "book.db").read_bytes() == b"a shopping list"


def test_a_halt_leaves_with_the_code_of_status(home: Home, examined: Callable[..., Any]) -> None:
    with Desk(home) as desk:
        desk.set_kill(None, "enough", signer=TRADER)
    code, report = examined(home.directory)
    assert (code, report["entries"][0]) == (ExitCode.HALTED, "WARNING")


def test_what_waits_for_somebody(home: Home, examined: Callable[..., Any]) -> None:
    (home.inbox / "processing" / "one.json").write_text("{}")
    critical = AlertPayload(
        RandomIds().new_id(), AlertEvent.RAISED, Severity.CRITICAL, "POSITION_STALLED", "x", "It stalled", "RB-003"
    )  # fmt: skip
    bead = Bead(RandomIds().new_id(), critical, SYSTEM, datetime.now(UTC))
    with Desk(home) as desk:
        desk.store.transact(lambda _: Proposal((bead,), None))
    code, report = examined(home.directory)
    assert code == ExitCode.OK
    assert (report["inbox"][0], report["alerts"][0]) == ("WARNING", "WARNING")
    assert "POSITION_STALLED: It stalled" in report["alerts"][1]


@pytest.mark.parametrize("since", [timedelta(hours=1), timedelta(0)])
def test_a_clock_that_stands_behind_the_record(home: Home, examined: Callable[..., Any], since: timedelta) -> None:
    """Also where beads were recorded since it went back."""
    later, then = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + since
    alert = AlertPayload(RandomIds().new_id(), AlertEvent.RAISED, Severity.INFO, "ANY", "x", "Later", None)
    beads = tuple(Bead(RandomIds().new_id(), alert, SYSTEM, at) for at in (later, then))
    with Desk(home) as desk:
        desk.store.transact(lambda _: Proposal(beads, None))
    code, report = examined(home.directory)
    assert (code, report["clock"][0]) == (ExitCode.ERROR, "FAILED")


@pytest.mark.parametrize(
    ("variable", "value", "verdict"),
    [
        ("PHOENIX_COMMANDS__WAIT_S", "1", "WARNING"),
        (VARIABLE, "any:100000", "WARNING"),
        (VARIABLE, "nowhere", "FAILED"),
    ],
)
def test_what_the_environment_overrides_is_told(
    monkeypatch: pytest.MonkeyPatch, home: Home, examined: Callable[..., Any], variable: str, value: str, verdict: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert examined(home.directory)[1]["environment"][0] == verdict
