"""The configuration: where it comes from, what wins, and what is refused with its key."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from phoenix.config import Settings, read_settings
from phoenix.domain.vocabulary import AccountMode, Regime
from phoenix.ports.errors import ConfigurationError


def written(folder: Path, text: str) -> Path:
    path = folder / "phoenix.toml"
    path.write_text(text)
    return path


def test_without_anything_it_is_a_simulator_with_default_limits() -> None:
    policy = read_settings().policy()
    assert policy.account.mode is AccountMode.SIMULATOR
    assert policy.anchor.limit_s(Regime.NORMAL) == 900
    assert policy.limits.quantity_max == Decimal(1_000_000)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "[timing]\nclock_skew_s = 1\nprotection_grace_s = 2\nexit_silence_s = 3\n")
    monkeypatch.setenv("PHOENIX_TIMING__PROTECTION_GRACE_S", "20")
    monkeypatch.setenv("PHOENIX_TIMING__EXIT_SILENCE_S", "30")
    policy = read_settings(path, {"timing.exit_silence_s": "300"}).policy()
    assert (policy.clock_skew_s, policy.protection_grace_s, policy.exit_silence_s) == (1, 20, 300)


def test_the_adapter_gets_its_own_table_and_no_other(tmp_path: Path) -> None:
    path = written(tmp_path, '[broker]\nadapter = "b"\n[broker.a]\nx = 1\n[broker.b]\ny = 2\n')
    assert read_settings(path).broker.options == {"y": 2}


def test_a_limit_is_lifted_by_a_word_and_not_by_silence(tmp_path: Path) -> None:
    path = written(tmp_path, '[limits]\ncollar_percent = "none"\n')
    limits = read_settings(path).policy().limits
    assert limits.collar_percent is None
    assert limits.quantity_max is not None


def test_a_wrong_table_is_not_shown_whole(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings(written(tmp_path, '[account]\nid = "U123"\ncurrency = "CHF"\n'))
    assert str(refused.value) == (
        "account: account 'U123' does not begin with SIM as a SIMULATOR account does. Correct it in the configuration"
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[timing]\nclock_skew = 5\n", "timing.clock_skew"),
        ("[accuont]\n", "accuont"),
        ('[limits]\nquantity_max = "many"\n', "limits.quantity_max"),
        ('[account]\nid = "U123"\n', "account"),
        ('[account]\nid = "U123"\nmode = "LIVE"\n', "account"),
        ('[account]\nid = "DU1"\nmode = "LIVE"\nallow_live = true\n', "account"),
        ("[anchor]\nttl_news_s = 0\n", "anchor.ttl_news_s"),
        ('[instruments.X]\nsymbol = "X"\n', "instruments.X.currency"),
        ("timing = 5\n", "timing"),
        ('[broker]\nadpter = "b"\n', "adpter"),
        ("[timing\n", "is not TOML"),
        ('[strategies]\n"" = "nameless"\n', "strategies: '' is no name"),
        ('[strategies]\n"a\\tb" = "tabbed"\n', "is no name of a strategy"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        read_settings(written(tmp_path, text))


def test_a_file_that_is_not_there_is_an_error_and_not_an_empty_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_settings(tmp_path / "missing.toml")


def test_live_trading_is_possible_when_it_is_said_explicitly(tmp_path: Path) -> None:
    path = written(tmp_path, '[account]\nid = "U123"\nmode = "LIVE"\nallow_live = true\n')
    assert read_settings(path).policy().account.allow_live


def test_the_recorded_settings_hold_no_bare_number() -> None:
    assert read_settings().document()["timing"]["clock_skew_s"] == "5"  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("variable", "named"),
    [
        ("PHOENIX_BROKR__ADAPTER", "PHOENIX_BROKR__ADAPTER"),
        ("phoenix_brokr__adapter", "phoenix_brokr__adapter"),
        ("PHOENIX___ADAPTER", "PHOENIX___ADAPTER"),
        ("PHOENIX_TIMING__CLOCK_SKEW", "timing.clock_skew"),
        ("PHOENIX_BROKER__ADPTER", "adpter"),
        ("PHOENIX_BROKER__", "broker"),
    ],
)
def test_a_variable_that_is_no_setting_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, named: str) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(ConfigurationError, match=named):
        read_settings()


@pytest.mark.parametrize("variable", ["PHOENIX_HOME", "PHOENIX_FAULT_POINT", "PHOENIX_REAL_MONTH", "PHOENIX_BROKER"])
def test_a_variable_without_a_key_is_not_a_setting(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "x")
    assert read_settings() == Settings()
