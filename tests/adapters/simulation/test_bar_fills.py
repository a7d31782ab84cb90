"""The fill rules of a replay over bars, on bars made by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.adapters.simulation.bench import PAIR, bar, bracket, minute, order, replay

D = Decimal
CALM = [bar(number, "1.2600", "1.2605", "1.2595", "1.2600") for number in range(10)]


def test_a_market_buy_fills_at_the_ask_open_of_the_first_bar_at_or_after_the_latency() -> None:
    bench = replay([CALM[0], bar(1, "1.2601", "1.2605", "1.2595", "1.2600"), CALM[2]])
    bench.submit(order("BUY"))
    bench.run(5)
    assert bench.fills() == [("ref-1", D("100000"), D("1.2603"), minute(1))]


def test_a_market_sale_fills_at_the_bid_open() -> None:
    bench = replay(CALM)
    bench.submit(order("SELL"))
    bench.run(5)
    assert bench.fills() == [("ref-1", D("100000"), D("1.2600"), minute(1))]


def test_a_market_order_waits_across_missing_minutes() -> None:
    bench = replay([CALM[0], bar(7, "1.2700", "1.2700", "1.2700", "1.2700")])
    bench.submit(order("SELL"))
    bench.run(9)
    assert bench.fills() == [("ref-1", D("100000"), D("1.2700"), minute(7))]


def test_a_bar_that_begins_with_the_signal_does_not_fill_it() -> None:
    bench = replay(CALM)
    bench.submit(order("SELL"), at=2)
    bench.run(2)
    assert bench.fills() == []


def test_a_stop_within_the_bar_fills_at_the_stop() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2600", "1.2601", "1.2580", "1.2585")])
    bench.submit(*bracket())
    bench.run(5)
    assert bench.fills()[1:] == [("1-S", D("100000"), D("1.2590"), minute(2))]


def test_a_stop_that_the_bar_opens_beyond_fills_at_the_open() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2570", "1.2601", "1.2560", "1.2585")])
    bench.submit(*bracket())
    bench.run(5)
    assert bench.fills()[1:] == [("1-S", D("100000"), D("1.2570"), minute(2))]


def test_a_target_within_the_bar_fills_at_the_target() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2600", "1.2625", "1.2595", "1.2610")])
    bench.submit(*bracket())
    bench.run(5)
    assert bench.fills()[1:] == [("1-T", D("100000"), D("1.2620"), minute(2))]


def test_a_target_that_the_bar_opens_beyond_fills_at_the_better_open() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2633", "1.2640", "1.2595", "1.2610")])
    bench.submit(*bracket())
    bench.run(5)
    assert bench.fills()[1:] == [("1-T", D("100000"), D("1.2633"), minute(2))]


def test_stop_and_target_within_one_bar_mean_the_stop() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2600", "1.2630", "1.2580", "1.2600")])
    bench.submit(*bracket())
    bench.run(5)
    assert [fill[0] for fill in bench.fills()] == ["1-E", "1-S"]


def test_an_exit_touched_to_the_tick_is_touched() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2600", "1.2620", "1.2591", "1.2600")])
    bench.submit(*bracket())
    bench.run(5)
    assert bench.fills()[1:] == [("1-T", D("100000"), D("1.2620"), minute(2))]


def test_there_is_no_exit_in_the_entry_bar() -> None:
    bench = replay([CALM[0], bar(1, "1.2600", "1.2640", "1.2500", "1.2600"), *CALM[2:4]])
    bench.submit(*bracket())
    bench.run(5)
    assert [fill[0] for fill in bench.fills()] == ["1-E"]


def test_a_short_exits_on_ask_bars() -> None:
    near_miss = bar(2, "1.2600", "1.2607", "1.2595", "1.2600")
    touch = bar(3, "1.2600", "1.2608", "1.2595", "1.2600")
    bench = replay([*CALM[:2], near_miss, touch])
    bench.submit(*bracket("SELL", stop="1.2610", target="1.2580"))
    bench.run(2)
    assert len(bench.fills()) == 1
    bench.run(3)
    assert bench.fills()[1:] == [("1-S", D("100000"), D("1.2610"), minute(3))]


def test_a_short_that_opens_beyond_its_levels_exits_at_the_ask_open() -> None:
    gap_up = replay([*CALM[:2], bar(2, "1.2650", "1.2660", "1.2640", "1.2650")])
    gap_down = replay([*CALM[:2], bar(2, "1.2550", "1.2560", "1.2540", "1.2550")])
    for bench in (gap_up, gap_down):
        bench.submit(*bracket("SELL", stop="1.2610", target="1.2580"))
        bench.run(5)
    assert gap_up.fills()[1:] == [("1-S", D("100000"), D("1.2652"), minute(2))]
    assert gap_down.fills()[1:] == [("1-T", D("100000"), D("1.2552"), minute(2))]


@pytest.mark.parametrize(
    ("bid_open", "bid_low", "price"), [("1.2600", "1.2588", "1.2590"), ("1.2580", "1.2570", "1.2582")]
)
def test_a_limit_buy_fills_at_the_limit_or_better(bid_open: str, bid_low: str, price: str) -> None:
    bench = replay([*CALM[:2], bar(2, bid_open, "1.2605", bid_low, "1.2600")])
    bench.submit(order("BUY", "LIMIT", limit_price="1.2590"))
    bench.run(5)
    assert bench.fills() == [("ref-1", D("100000"), D(price), minute(2))]


def test_a_limit_buy_needs_the_ask_not_the_bid() -> None:
    bench = replay([*CALM[:2], bar(2, "1.2600", "1.2605", "1.2589", "1.2600")])
    bench.submit(order("BUY", "LIMIT", limit_price="1.2590"))
    bench.run(5)
    assert bench.fills() == []


def test_the_children_of_a_limit_entry_wait_for_the_bar_after_it() -> None:
    wild = bar(2, "1.2600", "1.2640", "1.2500", "1.2600")
    bench = replay([*CALM[:2], wild, CALM[3], bar(4, "1.2600", "1.2601", "1.2580", "1.2585")])
    bench.submit(*bracket(kind="LIMIT", limit_price="1.2595"))
    bench.run(9)
    assert [(fill[0], fill[3]) for fill in bench.fills()] == [("1-E", minute(2)), ("1-S", minute(4))]


def test_a_crossed_bar_is_counted_and_fills_all_the_same() -> None:
    crossed = bar(1, "1.2601", "1.2605", "1.2595", "1.2600", spread=D("-0.0001"))
    bench = replay([CALM[0], crossed, CALM[2]])
    bench.submit(order("BUY"))
    bench.run(5)
    assert bench.fills()[0][2] == D("1.2600")
    assert bench.feeds[PAIR].crossed_bars == 1  # type: ignore[attr-defined]


def test_a_manual_exit_fills_like_an_entry_at_the_open_after_the_latency() -> None:
    bench = replay(CALM)
    bench.submit(order("BUY"))
    bench.run(3)
    bench.submit(order("SELL", session_order_id=2, reference="exit"), at=3)
    bench.run(9)
    assert bench.fills()[1:] == [("exit", D("100000"), D("1.2600"), minute(4))]


def test_what_is_open_at_the_end_of_the_data_stays_open() -> None:
    bench = replay(CALM)
    bench.submit(*bracket())
    bench.run(100)
    assert bench.net == D("100000")
    assert bench.engine.next_due() is None


def test_an_immediate_or_cancel_limit_has_the_open_of_its_first_bar_only() -> None:
    bench = replay([CALM[0], bar(1, "1.2600", "1.2605", "1.2500", "1.2600"), *CALM[2:]])
    bench.submit(order("BUY", "LIMIT", limit_price="1.2590", time_in_force="IOC"))
    bench.run(5)
    assert bench.fills() == []
    assert bench.status(1).value == "CANCELLED"


def test_the_quote_is_the_last_close_until_the_bar_of_the_instant_was_lived_through() -> None:
    bench = replay([bar(0, "1.2600", "1.2605", "1.2595", "1.2598"), bar(1, "1.2601", "1.2605", "1.2595", "1.2600")])
    before = bench.feeds[PAIR].quote(minute(1))
    bench.submit(order("BUY"))
    bench.run(1)
    after = bench.feeds[PAIR].quote(minute(1))
    assert before is not None
    assert after is not None
    assert (before.bid, before.as_of) == (D("1.2598"), minute(1))
    assert (after.bid, after.as_of) == (D("1.2601"), minute(1))
