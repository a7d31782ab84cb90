"""`phoenix config`: what counts and why, and everything for which a start would refuse, at once."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.config import read_settings
from phoenix.config.reading import problems_with
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.home import Home
from tests.cli.calling import run
from tests.runtime.gateways import ADAPTERS, configured_for

Called = Callable[..., tuple[int, str]]
PAPER = {'"SIMULATOR"': '"PAPER"', '"SIM0001"': '"DU0001"', '"ALWAYS_OPEN"': '"FX_WEEK"'}


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Home) -> Called:
    def answer(*arguments: str) -> tuple[int, str]:
        code = run(monkeypatch, "config", *arguments, "--home", str(home.directory))
        return code, capsys.readouterr().out

    return answer


def changed(home: Home, old: str, new: str) -> None:
    file = home.directory / "phoenix.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def test_what_is_shown_would_make_the_same_configuration(home: Home, call: Called, tmp_path: Path) -> None:
    code, out = call("show")
    again = tmp_path / "again.toml"
    again.write_text(out)
    assert code == ExitCode.OK
    assert read_settings(again) == home.settings


def test_a_limit_that_was_lifted_is_shown_as_such(home: Home, call: Called, tmp_path: Path) -> None:
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text() + '\n[limits]\nquantity_max = "none"\npairs_allowed = ["GBPUSD", "EURUSD"]\n')
    again = tmp_path / "again.toml"
    again.write_text(call("show", "--origin")[1])
    assert read_settings(again) == read_settings(file)
    assert read_settings(again).limits.quantity_max is None


def test_each_setting_tells_what_set_it(monkeypatch: pytest.MonkeyPatch, home: Home, call: Called) -> None:
    monkeypatch.setenv("PHOENIX_BROKER__CHAOS_MOCK__SEED", "7")
    monkeypatch.setenv("PHOENIX_COMMANDS__WAIT_S", "2")
    _, out = call("show", "--origin", "--json")
    settings = json.loads(out)
    assert settings["broker"]["chaos_mock"]["seed"] == {"value": 7, "origin": "PHOENIX_BROKER__CHAOS_MOCK__SEED"}
    assert settings["commands"]["wait_s"] == {"value": 2.0, "origin": "PHOENIX_COMMANDS__WAIT_S"}
    assert settings["account"]["id"] == {"value": "SIM0001", "origin": "file"}
    assert settings["serve"]["poll_s"]["origin"] == "default"
    assert "# PHOENIX_COMMANDS__WAIT_S" in call("show", "--origin")[1]


def test_as_json_it_is_one_document_of_tables(home: Home, call: Called) -> None:
    assert json.loads(call("show", "--json")[1])["account"]["mode"] == "SIMULATOR"
    assert tomllib.loads(call("show")[1])["account"]["mode"] == "SIMULATOR"


def test_a_sound_configuration_passes(call: Called) -> None:
    code, out = call("check")
    assert code == ExitCode.OK
    assert "0 FAILED" not in out
    assert "FAILED" not in out


def test_everything_wrong_is_named_not_only_the_first(home: Home, call: Called) -> None:
    changed(home, 'mode = "SIMULATOR"', 'mode = "DREAM"')
    changed(home, 'tick = "0.00005"', 'tick = "-1"\ntock = "2"')
    code, out = call("check", "--json")
    found = " ".join(finding["found"] for finding in json.loads(out)["findings"])
    assert code == ExitCode.REFUSED
    for key in ("account.mode", "instruments.GBPUSD.tick", "instruments.GBPUSD.tock"):
        assert key in found
    assert len(problems_with(home.directory / "phoenix.toml")) == 3


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ('adapter = "chaos_mock"', 'adapter = "nobody"', "broker adapter"),
        ("seed = 1", "seed = -1.5", "broker adapter"),
        ("SIM0001", "SIM0009", "store's account"),
        ('private_key = "checkpoint.key"', 'private_key = "other.key"', "checkpoint keys"),
    ],
)
def test_what_a_start_would_refuse_is_found_without_starting(
    home: Home, call: Called, old: str, new: str, check: str
) -> None:
    changed(home, old, new)
    code, out = call("check", "--json")
    failed = {finding["check"] for finding in json.loads(out)["findings"] if finding["verdict"] == "FAILED"}
    assert (code, failed) == (ExitCode.REFUSED, {check})


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(
    ("options", "account", "found"),
    [
        ({"prot": 1}, {}, "broker.{}.prot: "),
        ({"port": None}, {}, "broker.{}.port: "),
        ({"port": 0}, {}, "broker.{}.port: "),
        ({"port": 70000}, {}, "broker.{}.port: "),
        ({"client_id": 0}, {}, "broker.{}.client_id: "),
        ({"gateway_zone": "Mars/Olympus"}, {}, "broker.{}.gateway_zone: "),
        ({"host": ""}, {}, "broker.{}.host: "),
        ({"host": "10.0.0.1"}, {}, "broker.{}.host: host 10.0.0.1 is not this machine"),
        ({"port": 7496}, {}, "broker.{}.port: port 7496 is where a real gateway listens"),
        ({"accounts_allowed": ["SIM0002"]}, {}, "broker.{}.accounts_allowed: account SIM0001 is not among"),
        ({"port": 4001}, PAPER, "broker.{}.port: port 4001 is not one of a PAPER gateway. Set 4002 or 7497"),
        ({"port": 4444}, PAPER, "broker.{}.port: port 4444 is not one of a PAPER gateway. Set 4002 or 7497"),
    ],
)
def test_what_is_wrong_with_a_gateways_table_is_found_without_connecting(
    home: Home, call: Called, adapter: str, options: dict[str, object], account: dict[str, str], found: str
) -> None:
    for old, new in account.items():
        changed(home, old, new)
    configured_for(home, adapter, **{"port": 5555, **options})  # type: ignore[arg-type]
    code, out = call("check", "--json")
    said = {finding["check"]: finding for finding in json.loads(out)["findings"]}["broker adapter"]
    assert (code, said["verdict"]) == (ExitCode.REFUSED, "FAILED")
    assert said["found"].startswith(found.format(adapter))
    assert ". " in said["found"]


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_gateways_table_that_is_sound_passes_without_a_gateway(home: Home, call: Called, adapter: str) -> None:
    configured_for(home, adapter, 5555, gateway_zone="America/New_York")
    assert call("check")[0] == ExitCode.OK


def test_without_a_home_it_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, "config", "check", "--home", str(tmp_path / "nowhere")) == ExitCode.REFUSED
    assert run(monkeypatch, "config", "show", "--home", str(tmp_path / "nowhere")) == ExitCode.REFUSED


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("alerts", 'path = "alerts.jsonl"', 'path = "phoenix.db"'),
        ("alerts", 'path = "alerts.jsonl"', 'path = "./phoenix.db.lock"'),
        ("alerts", 'path = "alerts.jsonl"', 'path = "phoenix.toml"'),
        ("alerts", 'path = "alerts.jsonl"', 'path = "../home/phoenix.db-wal"'),
        ("alerts", 'path = "alerts.jsonl"', 'path = "linked"'),
        ("alerts", 'path = "alerts.jsonl"', 'path = "inbox/alerts.jsonl"'),
        ("alerts", 'path = "alerts.jsonl"', 'path = "inbox"'),
        ("checkpoints", 'path = "checkpoints.jsonl"', 'path = "phoenix.db"'),
        ("checkpoints", 'path = "checkpoints.jsonl"', 'path = "checkpoint.key"'),
        ("checkpoints", 'path = "checkpoints.jsonl"', 'path = "book.db"'),
        ("inbox", 'path = "inbox"', 'path = "."'),
        ("inbox", 'path = "inbox"', 'path = "phoenix.db"'),
    ],
)
def test_everything_has_a_place_of_its_own(home: Home, call: Called, table: str, old: str, new: str) -> None:
    os.link(home.store, home.directory / "linked")
    file = home.directory / "phoenix.toml"
    text = file.read_text()
    if old in text:
        file.write_text(text.replace(old, new, 1))
    else:
        file.write_text(f"{text}\n[{table}]\n{new}\n")
    before = home.store.read_bytes()
    code, out = call("check", "--json")
    assert code == ExitCode.REFUSED
    assert f"{table}.path" in out
    with pytest.raises(ConfigurationError):
        Home.open(home.directory)
    assert home.store.read_bytes() == before
