"""A book that is put away and taken up again goes on as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation import snapshot
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.faults import Which
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.adapters.simulation.walk import WalkFeed, WalkPlan
from phoenix.domain.errors import InvalidValue
from phoenix.domain.vocabulary import LegRole
from tests.adapters.simulation.bench import MINUTE, PAIR, START, Bench, bar, bracket, order, quotes

FAULTS: list[scripted.Fault] = [
    scripted.delay(Which(role=LegRole.ENTRY, nth=1), 400.0),
    scripted.correct(Which(role=LegRole.ENTRY, nth=2), 200.0, price=Decimal("1.2601")),
    scripted.SocketDrop(START + 8 * MINUTE, 60.0),
    scripted.HoldingClaimed(pair=PAIR, quantity=Decimal(1), times=1),
]


def walk() -> PriceFeed:
    return WalkFeed(WalkPlan(PAIR, START, Decimal("1.26"), Decimal("0.0003"), Decimal("0.0002"), MINUTE / 4, seed=5))


def bars() -> PriceFeed:
    return BarFeed(PAIR, [bar(number, "1.26", f"1.26{number:02}", "1.2595", "1.26") for number in range(30)])


def script_of_quotes() -> PriceFeed:
    return quotes((0, "1.2600"), (3, "1.2610"), (9, "1.2640"), (15, "1.2580"))


def fresh(feed: Callable[[], PriceFeed]) -> Bench:
    return Bench(feed(), faults=FAULTS, seed=3, profile=PROFILES[ChaosMode.ADVERSARIAL], listens=False)


def begin(bench: Bench) -> None:
    bench.engine.connect(1, START)
    for number in range(4):
        bench.submit(*bracket(first_id=10 * number + 1), at=number)
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500", session_order_id=99), at=4)
    bench.run(5)


def go_on(bench: Bench) -> None:
    bench.cancel(99, at=6)
    bench.submit(*bracket("SELL", stop="1.2630", target="1.2590", first_id=71), at=7)
    bench.run(25)


@pytest.mark.parametrize("feed", [walk, bars, script_of_quotes])
def test_a_loaded_book_goes_on_as_the_one_it_came_from(feed: Callable[[], PriceFeed]) -> None:
    kept, taken_up = fresh(feed), fresh(feed)
    begin(kept)
    snapshot.load(taken_up.engine, json.loads(json.dumps(snapshot.dump(kept.engine))))
    kept.heard.clear()
    for bench in (kept, taken_up):
        go_on(bench)
    assert taken_up.heard == kept.heard
    assert taken_up.engine.ledger.to_json_lines() == kept.engine.ledger.to_json_lines()
    assert snapshot.dump(taken_up.engine) == snapshot.dump(kept.engine)


def test_a_book_of_an_unknown_version_is_refused() -> None:
    with pytest.raises(InvalidValue, match="version"):
        snapshot.load(fresh(bars).engine, {"version": "0"})
