"""The second opinion on the fill rules, checked by hand-made cases whose answers were worked out on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from tests.replay.oracle import Bar, Signal, Terms, Trade, expect
from tests.replay.worlds import flat, market, minute, signal

LONG = signal("1.2500", "1.2480", "1.2540")
SHORT = signal("1.2500", "1.2520", "1.2460")


def only(one: Signal, bars: list[Bar], terms: Terms | None = None) -> Trade:
    (trade,) = expect([one], bars, terms).trades
    return trade


def test_a_long_enters_at_the_ask_one_minute_after_its_signal() -> None:
    trade = only(LONG, market(*flat("1.2500", 3)))
    assert (trade.state, trade.entry_time, trade.entry_price) == ("MANAGED", minute(1), Fraction("1.2502"))


def test_a_short_enters_at_the_bid() -> None:
    assert only(SHORT, market(*flat("1.2500", 3))).entry_price == Fraction("1.2500")


def test_a_signal_between_two_minutes_enters_at_the_first_full_one_after_the_latency() -> None:
    late = replace(LONG, time=minute(0) + timedelta(seconds=1))
    assert only(late, market(*flat("1.2500", 4))).entry_time == minute(2)


def test_entry_waits_over_a_gap_in_the_minutes() -> None:
    bars = market(*flat("1.2500", 6))
    del bars[1:4]
    assert only(LONG, bars).entry_time == minute(4)


def test_a_stop_fills_at_its_level() -> None:
    trade = only(LONG, market(*flat("1.2500", 2), "1.2490 1.2491 1.2475 1.2480"))
    assert (trade.exit_time, trade.exit_price, trade.exit_reason) == (minute(2), Fraction("1.2480"), "STOP_LOSS")
    assert trade.quantity == 500_000
    assert trade.pnl == Fraction("-1100")
    assert trade.r_multiple == Fraction("-1.1")


def test_a_target_fills_at_its_level() -> None:
    trade = only(SHORT, market(*flat("1.2500", 2), "1.2470 1.2471 1.2458 1.2460"))
    assert (trade.exit_price, trade.exit_reason, trade.pnl) == (Fraction("1.2460"), "TAKE_PROFIT", Fraction("2000"))
    assert trade.r_multiple == 2


@pytest.mark.parametrize(("level", "reason"), [("1.2520", "STOP_LOSS"), ("1.2460", "TAKE_PROFIT")])
def test_a_short_leaves_on_the_ask(level: str, reason: str) -> None:
    spread = Fraction("0.0002")
    touch = Fraction(level) - spread
    miss = touch - Fraction("0.0001") if reason == "STOP_LOSS" else touch + Fraction("0.0001")
    for bid, state in ((touch, "CLOSED"), (miss, "MANAGED")):
        text = str(float(bid))
        trade = only(SHORT, market(*flat("1.2500", 2), f"{text} {text} {text} {text}"))
        assert trade.state == state
        assert trade.exit_reason == (reason if state == "CLOSED" else None)


def test_stop_and_target_within_one_minute_is_the_stop() -> None:
    wide = "1.2500 1.2550 1.2470 1.2500"
    assert only(LONG, market(*flat("1.2500", 2), wide)).exit_reason == "STOP_LOSS"
    assert only(SHORT, market(*flat("1.2500", 2), wide)).exit_reason == "STOP_LOSS"


def test_a_minute_that_opens_beyond_the_stop_fills_at_its_open() -> None:
    assert only(LONG, market(*flat("1.2500", 2), *flat("1.2450", 1))).exit_price == Fraction("1.2450")
    assert only(SHORT, market(*flat("1.2500", 2), *flat("1.2550", 1))).exit_price == Fraction("1.2552")


def test_a_minute_that_opens_beyond_the_target_fills_at_its_open() -> None:
    assert only(LONG, market(*flat("1.2500", 2), *flat("1.2560", 1))).exit_price == Fraction("1.2560")
    assert only(SHORT, market(*flat("1.2500", 2), *flat("1.2440", 1))).exit_price == Fraction("1.2442")


def test_the_entry_minute_itself_cannot_exit() -> None:
    entry_bar = "1.2500 1.2600 1.2400 1.2500"
    assert only(LONG, market(*flat("1.2500", 1), entry_bar, *flat("1.2500", 2))).state == "MANAGED"
    assert only(SHORT, market(*flat("1.2500", 1), entry_bar, *flat("1.2500", 2))).state == "MANAGED"


def test_a_signal_at_the_last_minute_is_sent_and_never_filled() -> None:
    trade = only(signal("1.2500", "1.2480", "1.2540", at_minute=2), market(*flat("1.2500", 3)))
    assert (trade.state, trade.entry_time, trade.pnl) == ("SUBMITTED", None, None)


def test_what_is_open_at_the_end_stays_open() -> None:
    trade = only(LONG, market(*flat("1.2500", 2)))
    assert (trade.state, trade.exit_time, trade.exit_reason, trade.pnl) == ("MANAGED", None, None, None)


def test_a_limit_waits_for_the_opposite_side_and_fills_at_the_limit() -> None:
    buy = signal("1.2500", "1.2480", "1.2540", is_limit=True)
    trade = only(buy, market(*flat("1.2500", 3), "1.2500 1.2500 1.2498 1.2499", *flat("1.2500", 1)))
    assert (trade.entry_time, trade.entry_price) == (minute(3), Fraction("1.2500"))


def test_a_limit_fills_better_where_the_minute_opens_better() -> None:
    buy = signal("1.2500", "1.2480", "1.2540", is_limit=True)
    assert only(buy, market(*flat("1.2500", 2), *flat("1.2490", 1))).entry_price == Fraction("1.2492")
    sell = signal("1.2500", "1.2520", "1.2460", is_limit=True)
    assert only(sell, market(*flat("1.2490", 2), *flat("1.2510", 1))).entry_price == Fraction("1.2510")


def test_a_limit_that_is_never_reached_rests() -> None:
    sell = signal("1.2500", "1.2520", "1.2460", is_limit=True)
    assert only(sell, market(*flat("1.2499", 5))).state == "SUBMITTED"


def test_a_stop_on_the_wrong_side_is_refused() -> None:
    for stop, target in (("1.2510", "1.2540"), ("1.2500", "1.2540"), ("1.2490", "1.2460"), ("1.2480", "1.2500")):
        expected = expect([signal("1.2500", stop, target)], market(*flat("1.2500", 3)))
        assert expected.refused == ("s",)
        assert not expected.trades


def test_a_size_under_one_step_is_refused() -> None:
    assert expect([signal("1.2500", "0.1000", "1.3000", risk_percent="0.5")], market(*flat("1.2500", 3))).refused


def test_sizing_sees_only_closes_of_earlier_minutes() -> None:
    bars = market(*flat("1.2500", 2), "1.2490 1.2491 1.2475 1.2480", *flat("1.2480", 3))
    for at_minute, quantity in ((2, 500_000), (3, 494_000)):
        second = signal("1.2480", "1.2460", "1.2520", at_minute, name="second")
        assert expect([LONG, second], bars).trades[1].quantity == quantity


def test_a_pair_with_the_account_currency_first_converts_at_entry_for_size_and_at_exit_for_money() -> None:
    yen = signal("150.00", "149.50", "151.00")
    bars = market(*flat("150.00", 2), "150.90 151.10 150.80 151.00", spread="0.02")

    trade = only(yen, bars, Terms(account_is_base=True))

    assert trade.quantity == 300_000
    assert trade.entry_price == Fraction("150.02")
    assert trade.pnl == Fraction("0.98") * 300_000 / 151
    assert trade.r_multiple == Fraction("1.96")
