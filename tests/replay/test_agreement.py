"""A replay comes to the trades that the fill rules demand, one by one."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from phoenix.domain.vocabulary import ExitReason, PositionState, RefusalReason
from phoenix.replay.result import ReplayResult
from tests.replay.agreement import (
    assert_agrees,
    assert_same_trades,
    assert_sound,
    cse,
    expected_of,
    replay_world,
    replayed,
    write_world,
)
from tests.replay.oracle import Bar, Prices, Terms, expect, read_bars, read_signals
from tests.replay.worlds import flat, market, minute

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SAMPLE = ("signals", "market/gbpusd-m1-bid.csv", "market/gbpusd-m1-ask.csv")
LONG = cse(1, "1.25000", "1.24800", "1.25400")
SHORT = cse(2, "1.25000", "1.25200", "1.24600")
BOTH = (LONG, SHORT)
WIDE = "1.2500 1.2550 1.2450 1.2500"


def agreed(
    folder: Path, bars: list[Bar], *signals: dict[str, Any], terms: Terms | None = None, **options: Any
) -> ReplayResult:
    """The result of a made-up world, after it was compared with the oracle's."""
    write_world(folder, bars, signals)
    result = replay_world(folder, **options)
    assert_agrees(result, expected_of(folder / "signals", folder / "bid.csv", folder / "ask.csv", terms))
    return result


def test_a_target_and_a_stop(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 2), "1.2500 1.2545 1.2499 1.2544", *flat("1.2544", 2)), *BOTH)
    assert [trade.exit_reason for trade in result.trades] == [ExitReason.TAKE_PROFIT, ExitReason.STOP_LOSS]


def test_stop_and_target_within_one_minute_is_the_stop(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 2), WIDE, *flat("1.2500", 2)), *BOTH)
    assert {trade.exit_reason for trade in result.trades} == {ExitReason.STOP_LOSS}


@pytest.mark.parametrize("beyond", ["1.2450", "1.2560"])
def test_a_gap_through_a_level_fills_at_the_open(tmp_path: Path, beyond: str) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 2), *flat(beyond, 3)), *BOTH)
    spread = Fraction("0.0002")
    assert [Fraction(trade.exit_price or 0) for trade in result.trades] == [Fraction(beyond), Fraction(beyond) + spread]


def test_a_gap_over_a_weekend_fills_at_the_open_after_it(tmp_path: Path) -> None:
    bars = market(*flat("1.2500", 2), *flat("1.2450", 3))
    moved = [bar._replace(start=bar.start + timedelta(hours=50)) for bar in bars[2:]]
    result = agreed(tmp_path, bars[:2] + moved, *BOTH)
    assert {trade.exit_time for trade in result.trades} == {minute(2) + timedelta(hours=50)}


def test_the_entry_minute_itself_cannot_exit(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 1), WIDE, *flat("1.2500", 3)), *BOTH)
    assert {trade.state for trade in result.trades} == {PositionState.MANAGED}


def test_an_entry_beyond_its_stop_leaves_at_the_next_open(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 1), *flat("1.2400", 3)), LONG)
    assert result.trades[0].exit_time == minute(2)


def test_an_entry_beyond_its_target_leaves_at_the_next_open(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 1), *flat("1.2600", 3)), LONG)
    assert result.trades[0].exit_reason is ExitReason.TAKE_PROFIT


def test_a_signal_at_the_last_minute_is_sent_and_never_filled(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 3)), cse(1, "1.25000", "1.24800", "1.25400", at_minute=2))
    assert result.trades[0].state is PositionState.SUBMITTED


def test_a_signal_before_the_first_minute_fills_there(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 3)), cse(1, "1.25000", "1.24800", "1.25400", at_minute=-90))
    assert result.trades[0].entry_time == minute(0)


def test_a_signal_after_the_last_minute_is_sent_and_never_filled(tmp_path: Path) -> None:
    agreed(tmp_path, market(*flat("1.2500", 3)), cse(1, "1.25000", "1.24800", "1.25400", at_minute=900))


def test_an_exit_in_the_very_last_minute_counts(tmp_path: Path) -> None:
    result = agreed(tmp_path, market(*flat("1.2500", 4), "1.2500 1.2500 1.2450 1.2450"), LONG)
    assert result.trades[0].exit_time == minute(4)


def test_a_limit_waits_and_may_fill_better(tmp_path: Path) -> None:
    bars = market(*flat("1.2500", 3), "1.2500 1.2500 1.2498 1.2499", *flat("1.2480", 3))
    resting = cse(1, "1.25000", "1.24700", "1.25400", order_type="LIMIT")
    better = cse(2, "1.24900", "1.24700", "1.25400", order_type="LIMIT")
    result = agreed(tmp_path, bars, resting, better)
    assert [trade.entry_time for trade in result.trades] == [minute(3), minute(4)]


def test_a_limit_that_is_never_reached_rests_to_the_end(tmp_path: Path) -> None:
    far = cse(1, "1.24000", "1.23800", "1.24400", order_type="LIMIT", time_in_force="GTC")
    assert agreed(tmp_path, market(*flat("1.2500", 9)), far).trades[0].state is PositionState.SUBMITTED


def test_positions_overlap_in_both_directions(tmp_path: Path) -> None:
    again = cse(3, "1.25000", "1.24800", "1.25400", at_minute=3)
    result = agreed(tmp_path, market(*flat("1.2500", 8)), *BOTH, again)
    assert {trade.state for trade in result.trades} == {PositionState.MANAGED}


@pytest.mark.parametrize(("at_minute", "quantity"), [(2, 500_000), (3, 494_000)])
def test_a_close_counts_for_sizing_from_the_minute_after_it(tmp_path: Path, at_minute: int, quantity: int) -> None:
    bars = market(*flat("1.2500", 2), "1.2490 1.2491 1.2475 1.2480", *flat("1.2480", 3))
    result = agreed(tmp_path, bars, LONG, cse(2, "1.24800", "1.24600", "1.25200", at_minute=at_minute))
    assert result.trades[1].quantity == quantity


def test_an_open_profit_is_no_equity(tmp_path: Path) -> None:
    bars = market(*flat("1.2500", 2), *flat("1.2530", 8))
    result = agreed(tmp_path, bars, LONG, cse(2, "1.25300", "1.25100", "1.25700", at_minute=5))
    assert result.trades[1].quantity == 500_000


def test_a_yen_pair_converts_at_entry_for_size_and_at_exit_for_money(tmp_path: Path) -> None:
    bars = market(*flat("150.00", 2), "150.90 151.10 150.80 151.00", *flat("151.00", 2), spread="0.02")
    signals = (
        cse(1, "150.000", "149.500", "151.000", pair="USDJPY"),
        cse(2, "150.000", "150.500", "149.000", pair="USDJPY"),
    )
    result = agreed(tmp_path, bars, *signals, terms=Terms(account_is_base=True))
    assert [trade.quantity for trade in result.trades] == [300_000, 300_000]
    assert result.market.pair == "USDJPY"


def test_a_wrong_stop_and_a_size_too_small_are_refused(tmp_path: Path) -> None:
    wrong = cse(3, "1.25000", "1.25100", "1.25400")
    small = cse(4, "1.25000", "0.55000", "1.95000", risk_percent="0.5")
    result = agreed(tmp_path, market(*flat("1.2500", 5)), LONG, wrong, small)
    assert [refused.reason for refused in result.refused] == [RefusalReason.PRICE_INVALID, RefusalReason.SIZING]


def test_every_refusal_is_named_by_its_reason(tmp_path: Path) -> None:
    old = minute(10) - timedelta(minutes=31)
    signals = [
        cse(1, "1.25000", "1.24800", "1.25400", evidence_hash="0" * 64),
        cse(2, "1.25000", "1.24800", "1.25400", pair="EURUSD"),
        cse(3, "1.25003", "1.24800", "1.25400"),
        cse(4, "1.25000", "1.24800", "1.25400", at_minute=10, captured_at=old),
        cse(5, "1.25000", "1.24800", "1.25400", at_minute=12),
        cse(6, "1.25000", "1.24800", "1.25400", at_minute=16),
    ]
    write_world(tmp_path, market(*flat("1.2500", 30)), signals)
    (tmp_path / "signals" / "broken.json").write_text("{")
    result = replay_world(tmp_path)

    assert [(refused.file, refused.reason.value) for refused in result.refused] == [
        ("000.json", "EVIDENCE_MISMATCH"),
        ("broken.json", "MALFORMED"),
        ("001.json", "INSTRUMENT_UNKNOWN"),
        ("002.json", "PRICE_INVALID"),
        ("003.json", "STATE_CONFLICT"),
        ("004.json", "KILL_FLAG"),
    ]
    assert [trade.signal_id for trade in result.trades] == [signals[5]["signal_id"]]
    assert all(refused.remedy for refused in result.refused)
    assert_sound(result)


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ("0001-01-01T00:00:00Z", RefusalReason.STATE_CONFLICT),
        ("1970-01-01T00:00:00Z", RefusalReason.STATE_CONFLICT),
        ("2099-01-01T00:00:00Z", RefusalReason.SIGNAL_FROM_FUTURE),
        ("9999-12-31T23:59:59.999999Z", RefusalReason.SIGNAL_FROM_FUTURE),
    ],
)
def test_a_signal_from_another_time_is_refused(tmp_path: Path, time: str, reason: RefusalReason) -> None:
    lost = cse(7, "1.25000", "1.24800", "1.25400", strategy_id="lost")
    lost["timestamp"] = lost["state_anchor"]["captured_at"] = time
    write_world(tmp_path, market(*flat("1.2500", 9)), [lost, LONG])
    result = replay_world(tmp_path)
    assert [refused.reason for refused in result.refused] == [reason]
    assert [trade.signal_id for trade in result.trades] == [LONG["signal_id"]]
    assert_sound(result)


def test_one_id_with_two_contents_trades_once(tmp_path: Path) -> None:
    other = cse(1, "1.25000", "1.24700", "1.25400", at_minute=2)
    write_world(tmp_path, market(*flat("1.2500", 8)), [LONG, other, LONG])
    result = replay_world(tmp_path)
    assert len(result.trades) == 1
    assert [refused.reason for refused in result.refused] == [RefusalReason.SIGNAL_CONFLICT]
    assert_sound(result)


def test_limits_apply_when_they_are_asked_for(tmp_path: Path) -> None:
    near = cse(1, "1.25000", "1.24995", "1.25400", at_minute=3)
    usual = cse(2, "1.25000", "1.24800", "1.25400", at_minute=9)
    write_world(tmp_path, market(*flat("1.2500", 30)), [near, usual])
    free, limited = replay_world(tmp_path), replay_world(tmp_path, limits=True)
    assert [trade.quantity for trade in free.trades] == [20_000_000, 500_000]
    assert [trade.quantity for trade in limited.trades] == [500_000]
    assert [(refused.reason, refused.field) for refused in limited.refused] == [(RefusalReason.RISK_LIMIT, "quantity")]
    assert free.risk_profile != limited.risk_profile
    assert_sound(limited)


def test_the_limits_are_those_of_the_configuration(tmp_path: Path) -> None:
    write_world(tmp_path, market(*flat("1.2500", 30)), [cse(1, "1.25000", "1.24800", "1.25400", at_minute=3)])
    config = tmp_path / "phoenix.toml"
    config.write_text("[limits]\nquantity_max = 499000\n")
    assert replay_world(tmp_path, config=config).trades
    limited = replay_world(tmp_path, limits=True, config=config)
    assert [refused.field for refused in limited.refused] == ["quantity"]


def test_an_instrument_has_the_grids_of_the_configuration(tmp_path: Path) -> None:
    write_world(tmp_path, market(*flat("1.2500", 9)), [cse(1, "1.25000", "1.24870", "1.25400")])
    config = tmp_path / "phoenix.toml"
    grids = "tick = '0.0001'\npip = '0.0001'\nmin_size = 1\nsize_step = 1\n"
    config.write_text(f"[instruments.GBPUSD]\nsymbol = 'GBP'\ncurrency = 'USD'\n{grids}")
    assert [trade.quantity for trade in replay_world(tmp_path).trades] == [769_000]
    assert [trade.quantity for trade in replay_world(tmp_path, config=config).trades] == [769_230]


def test_the_same_replay_is_the_same_twice(tmp_path: Path) -> None:
    write_world(tmp_path, market(*flat("1.2500", 2), WIDE, *flat("1.2500", 2)), BOTH)
    assert replay_world(tmp_path) == replay_world(tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_random_markets(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    bars = random_market(random, 400)
    signals = [random_signal(random, number, bars) for number in range(1, 16)]
    result = agreed(tmp_path, bars, *signals)
    assert len(result.trades) + len(result.refused) == len(signals)


def random_market(random: Random, minutes: int) -> list[Bar]:
    """Jumpy minutes with gaps in price and time and some crossed quotes, on tenths of a pip."""
    bars, price, start = [], 125_000, minute(0)
    for _ in range(minutes):
        start += timedelta(minutes=1 if random.random() < 0.95 else random.randint(2, 30))
        price += random.randint(-120, 120) if random.random() < 0.1 else random.randint(-8, 8)
        spread = random.randint(-1, 12)
        sides = []
        for shift in (0, spread):
            open_, close = price + shift, price + shift + random.randint(-30, 30)
            high, low = max(open_, close) + random.randint(0, 25), min(open_, close) - random.randint(0, 25)
            sides.append(Prices(*(Fraction(value, 100_000) for value in (open_, high, low, close))))
        bars.append(Bar(start, *sides))
        price += random.randint(-20, 20)
    return bars


def random_signal(random: Random, number: int, bars: list[Bar]) -> dict[str, Any]:
    """Levels around the market of its minute, sometimes on the wrong side, sometimes a limit."""
    at = random.choice(bars).start
    now = max((bar for bar in bars if bar.start <= at), key=lambda bar: bar.start)
    middle = round(now.bid.open * 20_000)
    sign = random.choice((1, -1))
    entry = middle + random.randint(-10, 10)
    stop = entry - sign * random.randint(-1, 40)
    target = entry + sign * random.randint(4, 80)
    entry_text, stop_text, target_text = (f"{value * 5 / 100_000:.5f}" for value in (entry, stop, target))
    changes = {
        "order_type": random.choice(("MARKET", "MARKET", "LIMIT")),
        "risk_percent": random.choice(("0.5", "1", "2.5")),
    }
    minutes = int((at - minute(0)).total_seconds()) // 60
    return cse(number, entry_text, stop_text, target_text, minutes, **changes)


def test_the_bundled_sample() -> None:
    signals, bid, ask = (EXAMPLES / name for name in SAMPLE)
    result = replayed(signals, bid, ask)
    reasons = sorted(refused.reason.value for refused in result.refused)
    assert reasons == ["EVIDENCE_MISMATCH", "KILL_FLAG", "PRICE_INVALID", "SIZING", "STATE_CONFLICT"]
    refused = {refused.signal_id for refused in result.refused}
    accepted = [signal for signal in read_signals(signals) if signal.signal_id not in refused]
    assert len(accepted) == 9
    assert_same_trades(result, expect(accepted, read_bars(bid, ask)))
    assert_sound(result)


@pytest.mark.real_month
def test_the_real_month(real_month: Path) -> None:
    files = (real_month / "signals", real_month / "gbpusd-m1-bid-2012-02.csv", real_month / "gbpusd-m1-ask-2012-02.csv")
    result = replayed(*files)
    assert result.market.crossed_minutes == 347
    assert len(result.trades) == 49
    assert_agrees(result, expected_of(*files))
