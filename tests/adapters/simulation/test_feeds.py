"""Prices: recorded, scripted and made."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from phoenix.adapters.simulation.faults import PricesFreeze
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.adapters.simulation.prices import Tick
from phoenix.adapters.simulation.walk import WalkFeed, WalkPlan
from phoenix.domain.errors import InvalidValue
from tests.adapters.simulation.bench import MINUTE, PAIR, START, Bench, bar, bracket, minute, order, quotes

D = Decimal


def walk(seed: int = 5) -> WalkFeed:
    return WalkFeed(WalkPlan(PAIR, START, D("1.26"), D("0.0001"), D("0.0002"), MINUTE, seed))


def bids(feed: WalkFeed, count: int) -> list[Decimal]:
    quoted = [feed.quote(minute(number)) for number in range(count)]
    return [quote.bid for quote in quoted if quote is not None]


def test_a_walk_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert bids(walk(), 50) == bids(walk(), 50)
    assert bids(walk(), 50) != bids(walk(seed=6), 50)


def test_a_walk_moves_by_at_most_three_steps_and_keeps_its_spread() -> None:
    path = bids(walk(), 200)
    assert all(abs(later - earlier) <= D("0.0003") for earlier, later in pairwise(path))
    assert len(set(path)) > 5
    quote = walk().quote(minute(7))
    assert quote is not None
    assert quote.ask - quote.bid == D("0.0002")


def test_a_walk_does_not_depend_on_when_it_is_looked_at() -> None:
    looked_at, passed_over = walk(), walk()
    for number in range(20):
        looked_at.quote(minute(number))
    assert looked_at.quote(minute(30)) == passed_over.quote(minute(30))


def test_a_walk_has_no_price_before_it_begins() -> None:
    assert walk().quote(START - timedelta(seconds=1)) is None


def test_nothing_is_due_on_a_walk_while_no_order_waits_for_a_price() -> None:
    bench = Bench(walk())
    assert bench.engine.next_due() is None
    bench.submit(*bracket())
    assert bench.engine.next_due() == minute(1)


@pytest.mark.parametrize("wrong", [{"bid": D(0)}, {"step": D(0)}, {"interval": timedelta(0)}, {"spread": D(-1)}])
def test_a_walk_that_leads_nowhere_is_refused(wrong: dict[str, Decimal]) -> None:
    plan = {"bid": D("1.26"), "step": D("0.0001"), "spread": D(0), "interval": MINUTE, **wrong}
    with pytest.raises(InvalidValue, match="walk"):
        WalkPlan(PAIR, START, seed=1, **plan)  # type: ignore[arg-type]


def test_bars_out_of_order_are_refused() -> None:
    with pytest.raises(InvalidValue, match="rise"):
        BarFeed(PAIR, [bar(1, "1", "1", "1", "1"), bar(1, "1", "1", "1", "1")])


def test_quotes_out_of_order_are_refused() -> None:
    feed = quotes((1, "1.26"))
    with pytest.raises(InvalidValue, match="later"):
        feed.add(Tick(minute(1), D(1), D(1)))


def test_there_is_no_quote_before_the_first_price() -> None:
    assert quotes((1, "1.26")).quote(minute(0)) is None
    assert BarFeed(PAIR, [bar(1, "1", "1", "1", "1")]).quote(minute(1)) is None


def test_a_recorded_quote_shows_its_age_after_the_last_bar() -> None:
    quote = BarFeed(PAIR, [bar(1, "1.26", "1.27", "1.25", "1.265")]).quote(minute(60))
    assert quote is not None
    assert (quote.bid, quote.as_of) == (D("1.265"), minute(2))


def test_a_walk_forgets_what_is_past_and_goes_on_the_same() -> None:
    kept, forgetful, resumed = walk(), walk(), walk()
    for number in range(100, 3000, 100):
        forgetful.forget(minute(number))
        assert forgetful.quote(minute(number)) == kept.quote(minute(number))
    resumed.resume(forgetful.position())
    assert resumed.quote(minute(5000)) == kept.quote(minute(5000))


def test_a_frozen_price_of_a_walk_stands_while_orders_meet_the_moving_one() -> None:
    bench = Bench(walk(), faults=[PricesFreeze(PAIR, START)])
    shown = bench.engine.answers.quote(PAIR)
    bench.submit(order("BUY", "LIMIT", limit_price="0.5000"))
    bench.run(200)
    assert bench.engine.answers.quote(PAIR) == shown
