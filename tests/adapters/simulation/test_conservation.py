"""Whatever happens: executions add up to the holdings, cash adds up, and no exit flips its position."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation.chaos import ChaosProfile
from phoenix.adapters.simulation.faults import OrderFault, Which
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.adapters.simulation.options import ChildrenStart
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import LegRole
from tests.adapters.simulation.bench import PAIR, Bench, bar, bracket, quotes

D = Decimal
TICK = D("0.0001")
MINUTES = 30

prices = st.lists(st.integers(-40, 40), min_size=MINUTES, max_size=MINUTES)
entries = st.lists(
    st.tuples(
        st.integers(0, MINUTES - 2),
        st.sampled_from(["BUY", "SELL"]),
        st.sampled_from(["MARKET", "LIMIT"]),
        st.integers(1, 30),
        st.one_of(st.none(), st.integers(0, MINUTES)),
    ),
    min_size=1,
    max_size=6,
)
ratios = st.sampled_from([D("0.25"), D("0.5"), D("0.8")])
some_faults = st.lists(
    st.one_of(
        st.builds(
            lambda ratio, nth, after: scripted.partial(Which(role=LegRole.ENTRY, nth=nth), ratio, after),
            ratios, st.integers(1, 4), st.sampled_from([None, 60.0, 300.0]),
        ),
        st.builds(
            lambda ratio, nth: scripted.partial(Which(role=LegRole.TAKE_PROFIT, nth=nth), ratio),
            ratios, st.integers(1, 4),
        ),
        st.builds(lambda nth: scripted.delay(Which(nth=nth), 90.0), st.integers(1, 9)),
        st.builds(lambda nth: scripted.slow(Which(role=LegRole.ENTRY, nth=nth), 45.0), st.integers(1, 4)),
        st.builds(lambda nth: scripted.reject(Which(nth=nth)), st.integers(1, 9)),
        st.builds(lambda nth: scripted.bust(Which(nth=nth), 30.0), st.integers(1, 9)),
        st.builds(lambda nth: scripted.correct(Which(nth=nth), 30.0, price=D("1.26")), st.integers(1, 9)),
    ),
    max_size=4,
)  # fmt: skip
Entry = tuple[int, str, str, int, int | None]


def feed_of(moves: list[int], quoted: bool) -> PriceFeed:
    levels = [D("1.2600") + move * TICK for move in moves]
    if quoted:
        return quotes(*((number, str(level)) for number, level in enumerate(levels)))
    rows = zip(levels, [*levels[1:], levels[-1]], strict=True)
    return BarFeed(
        PAIR,
        [
            bar(number, str(open_), str(max(open_, close) + TICK), str(min(open_, close) - TICK), str(close))
            for number, (open_, close) in enumerate(rows)
        ],
    )


def live(bench: Bench, trades: list[Entry]) -> None:
    """Send every bracket at its minute, and cancel some of the entries."""
    acts: list[tuple[int, int, Entry, bool]] = []
    for index, trade in enumerate(trades):
        acts.append((trade[0], index, trade, True))
        if trade[4] is not None:
            acts.append((max(trade[0], trade[4]), index, trade, False))
    for at, index, (_, side, kind, distance, _), is_entry in sorted(acts, key=lambda act: (act[0], act[1], not act[3])):
        bench.run(at - 1) if at else None
        if is_entry:
            gap = distance * TICK if side == "BUY" else -distance * TICK
            limit = {"limit_price": D("1.2600") - gap / 2} if kind == "LIMIT" else {}
            stop, target = D("1.2600") - gap, D("1.2600") + gap
            bench.submit(*bracket(side, str(stop), str(target), 10 * index + 1, kind=kind, **limit), at=at)
        else:
            bench.cancel(10 * index + 1, at=at)
    bench.run(MINUTES + 30)


def check(bench: Bench) -> None:
    book, account = bench.engine.world.book, bench.engine.world.account
    entries_filled: dict[int, Decimal] = defaultdict(Decimal)
    exits_filled: dict[int, Decimal] = defaultdict(Decimal)
    net = cash = ZERO
    for execution in book.executions():
        net += execution.signed_quantity
        cash -= execution.signed_quantity * execution.price
    for order in (*book.live.values(), *book.completed.values()):
        side = entries_filled if order.parent is None else exits_filled
        side[order.parent or order.sequence] += order.filled
        assert order.filled <= order.request.quantity
    assert bench.net == net
    assert bench.engine.ledger.holdings() == ({PAIR: net} if net else {})
    assert all(quantity <= entries_filled[group] for group, quantity in exits_filled.items())
    value = account.unrealised(lambda *_: (D("1.26"), None))
    assert account.balance + value == D("100000") + cash + net * D("1.26")


@settings(max_examples=60, deadline=None)
@given(prices, entries, some_faults, st.booleans(), st.sampled_from(ChildrenStart))
def test_executions_holdings_and_cash_agree(
    moves: list[int], trades: list[Entry], script: list[OrderFault], quoted: bool, start: ChildrenStart
) -> None:
    bench = Bench(feed_of(moves, quoted), faults=script, children_start=start)
    live(bench, trades)
    check(bench)


@settings(max_examples=30, deadline=None)
@given(prices, entries, st.integers(0, 10_000))
def test_they_agree_under_chance_and_the_same_seed_tells_the_same_story(
    moves: list[int], trades: list[Entry], seed: int
) -> None:
    rough = ChaosProfile(0.4, 0.3, 0.15, 0.15, (10.0, 90.0), (0.0, 70.0))
    told = []
    for _ in range(2):
        bench = Bench(feed_of(moves, True), seed=seed, profile=rough, chaos_on_children=True)
        live(bench, trades)
        check(bench)
        told.append((bench.engine.ledger.to_json_lines(), bench.heard))
    assert told[0] == told[1]
