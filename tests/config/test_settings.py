"""The configuration: where it comes from, what wins, and what is refused with its key."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from phoenix.config import Settings, read_settings
from phoenix.config.reading import problems_with
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
        "account.id: 'U123' does not begin with SIM as SIMULATOR needs. Correct account.id or account.mode"
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[timing]\nclock_skew = 5\n", "timing.clock_skew"),
        ("[accuont]\n", "accuont"),
        ('[limits]\nquantity_max = "many"\n', "limits.quantity_max"),
        ('[account]\nid = "U123"\n', "account.id"),
        ('[account]\nid = "U123"\nmode = "LIVE"\n', "account.allow_live"),
        ('[account]\nid = "DU1"\nmode = "LIVE"\nallow_live = true\n', "account.id"),
        ('[store]\npath = ""\n', "store.path"),
        ('[store]\npath = "a\\u0000b"\n', "store.path"),
        ('[inbox]\npath = ".."\n', "inbox.path"),
        (f'[alerts]\npath = "{"x" * 300}"\n', "alerts.path"),
        ('[strategies]\n"" = "nothing"\n', "strategies"),
        ('[strategies]\n" manual" = "a space"\n', "strategies"),
        ('[strategies]\n"a\\u001bb" = "steers"\n', "strategies"),
        (f'[strategies]\n{"x" * 101} = "long"\n', "strategies"),
        ('[strategies]\nmanual = "one"\nMANUAL = "two"\n', "strategies"),
        ("[anchor]\nttl_news_s = 0\n", "anchor.ttl_news_s"),
        ('[instruments.X]\nsymbol = "X"\n', "instruments.X.currency"),
        ("timing = 5\n", "timing"),
        ('[broker]\nadpter = "b"\n', "adpter"),
        ("[timing\n", "is not TOML"),
        ('[strategies]\n"" = "nameless"\n', "strategies: '' is no name"),
        ('[strategies]\n"a\\tb" = "tabbed"\n', "is no name for a strategy"),
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


def test_how_often_books_are_compared_has_a_variable_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOENIX_RECONCILE_INTERVAL_SEC", "60")
    assert read_settings().policy().reconciliation.interval_s == 60
    monkeypatch.setenv("PHOENIX_RECONCILIATION__INTERVAL_S", "90")
    with pytest.raises(ConfigurationError, match="PHOENIX_RECONCILE_INTERVAL_SEC"):
        read_settings()


@pytest.mark.parametrize("value", ["0", "often"])
def test_a_variable_of_its_own_is_checked_like_any_other(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PHOENIX_RECONCILE_INTERVAL_SEC", value)
    with pytest.raises(ConfigurationError, match=r"reconciliation\.interval_s"):
        read_settings()


def test_books_are_compared_twelve_times_a_minute_at_most(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"reconciliation\.runs_per_minute_max"):
        read_settings(written(tmp_path, "[reconciliation]\nruns_per_minute_max = 13\n"))


def test_an_error_shows_the_value_that_was_refused_and_nothing_else_of_the_table(tmp_path: Path) -> None:
    text = (
        '[account]\nid = "U1"\n[market]\ncalendar = "ALWAYS_OPEN"\n[broker]\npassword = "hunter2"\n'
        '[broker.x]\ny = "inner"\n[timing]\nclock_skew_s = -7\n'
    )
    problems = problems_with(written(tmp_path, text))
    assert [problem.partition(":")[0] for problem in problems] == [
        "account.id",
        "broker.password",
        "timing.clock_skew_s",
    ]
    assert "-7" in problems[2]
    for word in ("hunter2", "inner", "{", "currency"):
        assert word not in "".join(problems)


def test_a_value_of_any_length_makes_a_short_error(tmp_path: Path) -> None:
    text = f'[account]\nid = "{"x" * 100_000}"\n[limits]\nquantity_max = "{"y" * 100_000}"\n'
    assert max(map(len, problems_with(written(tmp_path, text)))) < 400


@pytest.mark.parametrize("table", ["account", "limits", "broker", "strategies", "instruments", "store"])
def test_a_table_that_is_none_is_not_shown_whole(tmp_path: Path, table: str) -> None:
    (problem,) = problems_with(written(tmp_path, f'{table} = [{{ inner = "hunter2" }}]\n'))
    assert problem.startswith(f"{table}:")
    assert "hunter2" not in problem
