"""The tracker follows signals by the fill rules of a replay, each strategy in a book of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.shadow.memory import MemoryFile, TrackerMemory
from phoenix.adapters.shadow.observed import ObservedFeed
from phoenix.adapters.shadow.tracker import ShadowTracker, TrackerOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.vocabulary import ExitReason, MarketRegime, RefusalReason
from phoenix.ports.errors import ConfigurationError
from phoenix.ports.performance import ShadowClose
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.signals import signal_document
from tests.adapters.shadow.worlds import MIDNIGHT, STRATEGY, TrackedMarket, signal
from tests.replay.oracle import Trade, expect, signal_of
from tests.replay.worlds import flat, market, minute

SHORT = {"stop": "1.25200", "target": "1.24600"}


def facts(closed: AutopsyInput | Trade) -> tuple[object, ...]:
    """What the tracker and the oracle must agree on, exactly."""
    if isinstance(closed, Trade):
        prices = (closed.entry_price, closed.exit_price, closed.pnl)
        return (closed.signal_id, *prices, closed.entry_time, closed.exit_time, closed.exit_reason)
    told = tuple(Fraction(one or 0) for one in (closed.average_entry_price, closed.average_exit_price, closed.pnl))
    reason = None if closed.exit_reason is None else closed.exit_reason.value
    return (closed.signal_id, *told, closed.opened_at, closed.closed_at, reason)


def drawn_lines(random: Random, count: int) -> list[str]:
    """A market that jumps about on the pip, so that levels are touched, gapped and missed."""
    lines, price = [], 12_500
    for _ in range(count):
        opening = price + random.randint(-12, 12)
        high, low = opening + random.randint(0, 15), opening - random.randint(0, 15)
        price = random.randint(low, high)
        lines.append(" ".join(f"{one / 10_000:.4f}" for one in (opening, high, low, price)))
    return lines


@pytest.mark.parametrize("seed", range(12))
def test_trades_are_those_of_the_oracle(seed: int) -> None:
    random = Random(seed)
    lines = drawn_lines(random, 300)
    changes: Sequence[dict[str, Any]] = [
        {
            **(SHORT if random.random() < 0.5 else {}),
            "risk_percent": random.choice(["0.5", "1.0", "2.5"]),
            "order_type": random.choice(["MARKET", "LIMIT"]),
            "time_in_force": "GTC",
        }
        for _ in range(12)
    ]
    signals = [signal(number, 20 * number, **change) for number, change in enumerate(changes, start=1)]
    documents = [
        signal_document(
            number=number, at=minute(20 * number), **{"entry": "1.25000", "stop": "1.24800", "target": "1.25400", **one}
        )
        for number, one in enumerate(changes, start=1)
    ]
    expected = expect([signal_of(json.dumps(one)) for one in documents], market(*lines))
    tracked = TrackedMarket(*lines).follow(*signals).until(300)
    closed = {trade.signal_id: trade for trade in expected.trades if trade.state == "CLOSED"}
    assert {one.signal_id for one in tracked.closes} == set(closed)
    assert closed
    for one in tracked.closes:
        assert facts(one) == facts(closed[str(one.signal_id)])


def test_stop_and_target_within_one_minute_is_the_stop() -> None:
    wide = "1.2500 1.2550 1.2450 1.2500"
    (closed,) = TrackedMarket(*flat("1.2500", 2), wide, "1.2500 1.2500 1.2500 1.2500").follow(signal()).until(4).closes
    assert closed.exit_reason is ExitReason.STOP_LOSS


def test_the_entrys_own_minute_ends_nothing() -> None:
    wide = "1.2500 1.2550 1.2450 1.2500"
    assert TrackedMarket("1.2500 1.2500 1.2500 1.2500", wide, *flat("1.2500", 2)).follow(signal()).until(4).closes == []


def test_a_gap_through_the_stop_fills_at_the_open() -> None:
    (closed,) = TrackedMarket(*flat("1.2500", 3), *flat("1.2400", 2)).follow(signal()).until(5).closes
    assert closed.average_exit_price == Decimal("1.2400")


def test_each_trade_is_sized_on_what_its_own_strategy_has_realised() -> None:
    lines = [*flat("1.2500", 3), *flat("1.2470", 10)]
    again = {"entry": "1.24700", "stop": "1.24500", "target": "1.25100"}
    tracked = TrackedMarket(*lines).follow(
        signal(1), signal(2, 5, **again), signal(3, 5, strategy_id="breakout", **again)
    )
    (first,), (second, other) = tracked.closes, tracked.tracker.open_trades()
    assert first.equity == other.equity == 100_000
    assert second.equity == 100_000 + first.pnl


def test_a_session_tells_what_closed_in_it_and_the_next_begins_anew() -> None:
    tracked = TrackedMarket(*flat("1.2500", 3), *flat("1.2470", 60)).follow(signal()).until_instant(MIDNIGHT)
    (session,) = tracked.sessions
    (closed,) = tracked.closes
    assert (session.strategy_id, session.session_date, session.trades) == (STRATEGY, minute(0).date(), 1)
    assert (session.pnl, session.equity) == (closed.pnl, 100_000 + closed.pnl)
    assert session.market_regime is MarketRegime.TREND
    assert tracked.until_instant(MIDNIGHT + timedelta(days=3)).sessions == [session]


def test_the_next_session_counts_what_closes_in_it_and_nothing_else() -> None:
    tracked = TrackedMarket(*flat("1.2500", 3), *flat("1.2470", 17 * 60)).follow(signal())
    tracked.until_instant(MIDNIGHT + timedelta(days=1))
    first, second = tracked.sessions
    assert (first.trades, second.trades) == (1, 0)
    assert (second.pnl, second.equity) == (Decimal(0), first.equity)


def test_a_session_that_is_not_over_is_not_told() -> None:
    tracked = TrackedMarket(*flat("1.2500", 60)).follow(signal()).until_instant(MIDNIGHT - timedelta(microseconds=1))
    assert tracked.sessions == []


def test_a_strategy_that_left_shadow_has_no_more_sessions_and_its_trades_end() -> None:
    tracked = TrackedMarket(*flat("1.2500", 3), *flat("1.2470", 60)).follow(signal())
    tracked.until_instant(minute(2)).until_instant(MIDNIGHT, ())
    assert tracked.sessions == []
    assert len(tracked.closes) == 1


def test_too_few_hours_of_prices_make_an_unknown_regime() -> None:
    tracked = TrackedMarket(*flat("1.2500", 3), *flat("1.2470", 60), hours_min=12).follow(signal())
    assert [one.market_regime for one in tracked.until_instant(MIDNIGHT).sessions] == [MarketRegime.UNKNOWN]


def test_a_day_limit_that_did_not_fill_lapses_with_its_session_and_gtc_does_not() -> None:
    far: dict[str, Any] = {"entry": "1.20000", "stop": "1.19800", "target": "1.20400", "order_type": "LIMIT"}
    tracked = TrackedMarket(*flat("1.2500", 20 * 60))
    tracked.follow(signal(1, **far), signal(2, time_in_force="GTC", **far)).until_instant(MIDNIGHT + timedelta(hours=3))
    assert [trade.signal_id for trade in tracked.tracker.open_trades()] == [signal(2).signal_id]


def test_what_is_reported_is_told_until_it_is_confirmed() -> None:
    tracked = TrackedMarket(*flat("1.2500", 3), *flat("1.2470", 60)).follow(signal()).until(60)
    (report,) = tracked.tracker.reports()
    assert tracked.tracker.reports() == (report,)
    tracked.tracker.confirm(report)
    assert tracked.tracker.reports() == ()


def test_a_signal_that_cannot_be_sized_or_priced_is_refused_with_its_reason() -> None:
    tiny = signal(1, risk_percent="0.5", stop="1.00000", target="1.30000")
    tracked = TrackedMarket(*flat("1.2500", 5))
    options = TrackerOptions(INSTRUMENTS, starting_equity=Decimal(100))
    tracked.tracker = ShadowTracker(options, {}, AlwaysOpen(), minute(0))
    assert [(one.reason, one.field) for one in tracked.follow(tiny).refusals] == [
        (RefusalReason.INSTRUMENT_UNKNOWN, "pair")
    ]
    poor = TrackedMarket(*flat("1.2500", 5))
    poor.tracker = ShadowTracker(options, {"GBPUSD": ObservedFeed("GBPUSD")}, AlwaysOpen(), minute(0))
    assert [(one.reason, one.field) for one in poor.follow(tiny).refusals] == [(RefusalReason.SIZING, "quantity")]


def test_a_signal_from_while_nobody_followed_is_refused() -> None:
    tracked = TrackedMarket(*flat("1.2500", 30)).until(10).follow(signal(1, 2))
    assert [(one.reason, one.field) for one in tracked.refusals] == [(RefusalReason.LAPSED, "timestamp")]
    assert tracked.tracker.open_trades() == []


# --- observed quotes ------------------------------------------------------------------------------------------------


def quoted(file: MemoryFile | None = None) -> tuple[ShadowTracker, ObservedFeed]:
    feed = ObservedFeed("GBPUSD")
    return ShadowTracker(TrackerOptions(INSTRUMENTS), {"GBPUSD": feed}, AlwaysOpen(), minute(0), file), feed


def tick(at_minute: int, bid: str) -> Tick:
    return Tick(minute(at_minute), Decimal(bid), Decimal(bid) + Decimal("0.0001"))


def test_on_quotes_an_entry_is_had_at_once_and_exits_on_later_quotes() -> None:
    tracker, feed = quoted()
    feed.add(tick(0, "1.2500"))
    tracker.advance(minute(0), (STRATEGY,))
    tracker.follow(signal(1, 1), minute(1))
    (trade,) = tracker.open_trades()
    assert (trade.opened_at, trade.entry_price) == (minute(1), Decimal("1.2501"))
    feed.add(tick(2, "1.2479"))
    tracker.advance(minute(2), (STRATEGY,))
    (report,) = tracker.reports()
    assert isinstance(report, ShadowClose)
    assert report.closed.average_exit_price == Decimal("1.2479")


def test_the_quote_that_an_entry_was_had_on_ends_nothing() -> None:
    tracker, feed = quoted()
    feed.add(tick(1, "1.2479"))
    tracker.follow(signal(1, 1), minute(1))
    tracker.advance(minute(1), (STRATEGY,))
    (trade,) = tracker.open_trades()
    assert trade.entry_price == Decimal("1.2480")


def test_a_quote_that_is_no_news_counts_once() -> None:
    feed = ObservedFeed("GBPUSD")
    for one in (tick(1, "1.25"), tick(1, "1.26"), tick(0, "1.27")):
        feed.add(one)
    assert feed.take(minute(0)).bid_open == Decimal("1.25")
    assert feed.next_at(minute(0)) is None
    with pytest.raises(LookupError):
        feed.take(minute(0))


# --- memory ---------------------------------------------------------------------------------------------------------


def test_a_tracker_goes_on_where_the_last_process_left_off(tmp_path: Path) -> None:
    file = MemoryFile(tmp_path / "shadow.json")
    tracker, feed = quoted(file)
    tracker.mark(7)
    feed.add(tick(0, "1.2500"))
    tracker.follow(signal(1), minute(0))
    tracker.advance(minute(1), (STRATEGY,))
    again, feed = quoted(file)
    assert again.place == 7
    assert again.open_trades() == tracker.open_trades()
    feed.add(tick(5, "1.2541"))
    again.advance(minute(5), (STRATEGY,))
    third, _ = quoted(file)
    assert third.reports() == again.reports()
    assert len(third.reports()) == 1
    assert third.open_trades() == []


def test_without_a_file_a_tracker_remembers_nothing(tmp_path: Path) -> None:
    tracker, _ = quoted(MemoryFile(tmp_path / "shadow.json"))
    assert tracker.place is None
    assert MemoryFile(tmp_path / "shadow.json").load() == TrackerMemory()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": "2"}', '{"trades": "none"}', '{"place": "x"}', '{"odd": 1}']
)
def test_a_memory_that_does_not_read_stops_the_start_and_stays(text: str, tmp_path: Path) -> None:
    path = tmp_path / "shadow.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        quoted(MemoryFile(path))
    assert path.read_text() == text
