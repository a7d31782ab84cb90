"""`phoenix simulate-signal`: made-up setups on real terms, in the simulator only."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.application.signals.cse import read_signal
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.errors import InvalidValue
from phoenix.domain.signal import check_signal
from phoenix.domain.vocabulary import OrderType, Regime, Side, TimeInForce
from phoenix.ports.answers import Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.runtime.desk import Desk
from phoenix.runtime.desk.simulated_signal import SimulatedSetup, simulated_document
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.runtime.processes import serving

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
QUOTE = Quote("GBPUSD", Decimal("1.27000"), Decimal("1.27010"), NOW)
SETUP = SimulatedSetup("manual")
ID = "00000000-0000-7000-8000-000000000001"


@given(
    side=st.sampled_from(Side),
    stop=st.decimals("0.1", "900", places=1),
    target=st.decimals("0.1", "900", places=1),
    limit=st.decimals("-50", "50", places=1),
    regime=st.sampled_from(Regime),
    time_in_force=st.sampled_from([TimeInForce.DAY, TimeInForce.GTC]),
    bid=st.decimals("0.9", "2", places=5),
)
def test_whatever_is_asked_for_the_document_is_a_sound_signal(
    side: Side, stop: Decimal, target: Decimal, limit: Decimal, regime: Regime, time_in_force: TimeInForce, bid: Decimal
) -> None:
    setup = SimulatedSetup("manual", side, stop, target, Decimal(1), OrderType.LIMIT, limit, time_in_force, regime)
    quote = Quote("GBPUSD", bid, bid + Decimal("0.0001"), NOW)
    signal = read_signal(simulated_document(setup, GBPUSD, quote, NOW, ID))
    check_signal(signal, {"GBPUSD": GBPUSD}, NOW, 5)
    assert (signal.side, signal.anchor.regime, signal.time_in_force) == (side, regime, time_in_force)


def test_a_market_entry_is_at_the_side_of_the_quote_that_it_would_fill_on() -> None:
    long = read_signal(simulated_document(SETUP, GBPUSD, QUOTE, NOW, ID))
    short = read_signal(simulated_document(replace(SETUP, side=Side.SHORT), GBPUSD, QUOTE, NOW, ID))
    assert (long.entry, long.stop, long.target) == (Decimal("1.2701"), Decimal("1.2671"), Decimal("1.2761"))
    assert (short.entry, short.stop, short.target) == (Decimal("1.27"), Decimal("1.273"), Decimal("1.264"))


def test_a_limit_entry_is_better_than_the_market_by_its_pips() -> None:
    setup = replace(SETUP, order_type=OrderType.LIMIT, limit_pips=Decimal(5))
    assert read_signal(simulated_document(setup, GBPUSD, QUOTE, NOW, ID)).entry == Decimal("1.2696")


@pytest.mark.parametrize(
    ("pips", "field"), [((0, 60, 0), "stop_pips"), ((30, -1, 0), "target_pips"), ((30, 60, 5), "limit"),
                        ((50_000, 60, 0), "stop_pips")],
)  # fmt: skip
def test_distances_that_make_no_setup_are_refused(pips: tuple[int, int, int], field: str) -> None:
    stop, target, limit = map(Decimal, pips)
    with pytest.raises(InvalidValue, match=field):
        simulated_document(
            SimulatedSetup("manual", stop_pips=stop, target_pips=target, limit_pips=limit), GBPUSD, QUOTE, NOW, ID
        )


def test_everything_that_is_made_up_says_so() -> None:
    evidence = read_signal(simulated_document(SETUP, GBPUSD, QUOTE, NOW, ID)).evidence
    assert isinstance(evidence, dict)
    assert "made up" in str(evidence["note"])
    assert "made up" in str(evidence["htf"])
    assert "made up" in str(evidence["ltf"])


def test_it_is_proposed_at_once(phoenix: Phoenix) -> None:
    called = phoenix("simulate-signal", "--side", "short", "--order-type", "LIMIT", "--limit", "10", "--json")
    assert called.code == ExitCode.OK
    (waiting,) = phoenix("pending", "--json").document["pending"]
    assert waiting["intent_id"] == called.document["signals"][0]["intent_id"]
    assert (waiting["side"], waiting["order"]["order_type"], waiting["strategy_id"]) == ("SHORT", "LIMIT", "manual")


def test_it_is_priced_from_what_a_running_executor_shows(phoenix: Phoenix, home: Home) -> None:
    with serving(home):
        assert phoenix("simulate-signal").code == ExitCode.OK


def test_it_can_be_written_instead_and_handed_in_later(phoenix: Phoenix, tmp_path: Path) -> None:
    file = tmp_path / "signal.json"
    written = phoenix("simulate-signal", "--out", str(file), "--json")
    assert written.document == {"written": str(file), "signal_id": json.loads(file.read_text())["signal_id"]}
    assert phoenix("ingest", str(file)).code == ExitCode.OK
    assert read_signal(phoenix("simulate-signal", "--out", "-").out).strategy_id == "manual"


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--pair", "XXXYYY"], "XXXYYY is not configured; configured is GBPUSD"),
        (["--stop-pips", "many"], "stop_pips: 'many' is not a decimal number"),
        (["--stop-pips", "nan"], "stop_pips: 'nan' is not finite"),
        (["--limit", "5"], "limit: a MARKET order has no limit"),
    ],
)
def test_wrong_options_are_refused_with_what_to_do(phoenix: Phoenix, options: list[str], part: str) -> None:
    called = phoenix("simulate-signal", *options)
    assert called.code == ExitCode.REFUSED
    assert part in called.err


def test_a_strategy_that_is_not_registered_is_refused_by_the_core(phoenix: Phoenix) -> None:
    called = phoenix("simulate-signal", "--strategy", "nobodys", "--json")
    assert called.code == ExitCode.REFUSED
    assert called.document["signals"][0]["refusal"]["reason"] == "STRATEGY_UNKNOWN"


def test_an_unknown_quote_is_an_unreachable_broker_and_says_what_to_do(
    phoenix: Phoenix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "quote", lambda _, pair: Unknown(f"no quote of {pair} yet"))
    called = phoenix("simulate-signal", "--json")
    assert called.code == ExitCode.BROKER_UNREACHABLE
    assert "no quote of GBPUSD yet" in called.document["error"]["message"]
    assert "try again" in called.document["error"]["message"]


def test_it_belongs_to_the_simulator(phoenix: Phoenix, home: Home) -> None:
    configuration = home.directory / "phoenix.toml"
    text = configuration.read_text().replace("SIM0001", "DU0001").replace('"SIMULATOR"', '"PAPER"')
    configuration.write_text(text.replace("ALWAYS_OPEN", "FX_WEEK"))
    called = phoenix("simulate-signal")
    assert called.code == ExitCode.REFUSED
    assert "made-up signals belong to the simulator, this home is PAPER" in called.err
