"""A broker in a book file does what one in memory does, and goes on where the file left off."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation import snapshot
from phoenix.adapters.simulation.chaos import ChaosProfile
from phoenix.adapters.simulation.faults import OrderFault, Which
from phoenix.adapters.simulation.keeping import BookUnavailable
from phoenix.adapters.simulation.messages import Acknowledged
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.domain.vocabulary import LegRole
from tests.adapters.simulation.bench import MINUTE, PAIR, START, Bench, bracket, minute, order
from tests.adapters.simulation.book_file.files import column, kept_bench, normal, sql
from tests.adapters.simulation.test_conservation import Entry, entries, feed_of, live, prices, some_faults
from tests.adapters.simulation.test_snapshot import bars, begin, go_on, script_of_quotes, walk

D = Decimal
ROUGH = ChaosProfile(0.4, 0.3, 0.15, 0.15, (10.0, 90.0), (0.0, 70.0))
FAULTS: list[scripted.Fault] = [
    scripted.delay(Which(role=LegRole.ENTRY, nth=1), 400.0),
    scripted.correct(Which(role=LegRole.ENTRY, nth=2), 200.0, price=D("1.2601")),
    scripted.SocketDrop(START + 8 * MINUTE, 60.0),
    scripted.HoldingClaimed(pair=PAIR, quantity=D(1), times=1),
]


def told_and_written(bench: Bench) -> tuple[Any, str, Any]:
    return bench.heard, bench.engine.ledger.to_json_lines(), normal(snapshot.dump(bench.engine))


def but_for_time(bench: Bench) -> Any:
    """The state without how far time and prices had come, which is not written for its own sake."""
    state = normal(snapshot.dump(bench.engine))
    return {key: value for key, value in state.items() if key not in ("now", "feeds")}


@settings(max_examples=25, deadline=None)
@given(prices, entries, some_faults, st.booleans(), st.integers(0, 1000))
def test_file_and_memory_tell_the_same_story(
    moves: list[int], trades: list[Entry], script: list[OrderFault], quoted: bool, seed: int
) -> None:
    options: dict[str, Any] = {
        "seed": seed, "profile": ROUGH, "chaos_on_children": True, "commission_rate": D("0.00002"),
    }  # fmt: skip
    memory = Bench(feed_of(moves, quoted), faults=script, **options)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.db"
        kept = kept_bench(path, feed_of(moves, quoted), faults=script, **options)
        for bench in (memory, kept):
            live(bench, trades)
        assert told_and_written(kept) == told_and_written(memory)
        assert "".join(f"{record}\n" for record in column(path, "SELECT record FROM ledger ORDER BY seq")) == (
            memory.engine.ledger.to_json_lines()
        )
        kept.engine.release()
        reopened = kept_bench(path, feed_of(moves, quoted), listens=False, **options)
        assert but_for_time(reopened) == but_for_time(memory)
        reopened.engine.release()


@pytest.mark.parametrize("feed", [walk, bars, script_of_quotes])
@pytest.mark.parametrize("is_let_go", [True, False])
def test_a_broker_that_was_reopened_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, feed: Callable[[], PriceFeed], is_let_go: bool
) -> None:
    memory = Bench(feed(), faults=FAULTS, seed=3, profile=ROUGH, listens=False)
    begin(memory)
    before = kept_bench(tmp_path / "book.db", feed(), faults=FAULTS, seed=3, profile=ROUGH, listens=False)
    begin(before)
    if is_let_go:
        before.engine.release()
    after = kept_bench(tmp_path / "book.db", feed(), seed=3, profile=ROUGH, listens=False)
    memory.heard.clear()
    for bench in (memory, after):
        go_on(bench)
    assert after.heard == memory.heard
    assert after.engine.ledger.to_json_lines() == memory.engine.ledger.to_json_lines()
    for bench in (before, after):
        bench.engine.release()


def test_faults_given_at_the_start_are_those_of_a_new_book_only(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    kept_bench(path, script_of_quotes(), faults=FAULTS).engine.release()
    bench = kept_bench(path, script_of_quotes(), faults=FAULTS)
    assert len(bench.engine.world.script.faults) == len(FAULTS)
    bench.engine.release()


def test_prices_that_meet_no_order_write_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    bench = kept_bench(path, walk())
    bench.submit(order("BUY", "LIMIT", limit_price="0.5000"))
    other = kept_bench(path, walk(), listens=False)
    seen = (path.with_name("book.db-wal").stat().st_size, column(path, "SELECT now FROM progress"))
    for number in range(1, 100):
        bench.run(number)
        bench.engine.ask(bench.engine.answers.holdings, minute(number))
    assert (path.with_name("book.db-wal").stat().st_size, column(path, "SELECT now FROM progress")) == seen
    for one in (bench, other):
        one.engine.release()


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    bench = kept_bench(path, walk())
    for number in range(5):
        bench.submit(*bracket(first_id=10 * number + 1, kind="LIMIT", limit_price="0.5000"))
    sql(path, "CREATE TABLE written (sequence INTEGER)")
    sql(path, "CREATE TRIGGER noted AFTER INSERT ON orders BEGIN INSERT INTO written VALUES (new.sequence); END")
    bench.cancel(21)
    assert column(path, "SELECT DISTINCT sequence FROM written ORDER BY 1") == [7, 8, 9]
    bench.engine.release()


def test_each_message_is_of_something_that_is_written(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    bench = kept_bench(path, walk(), profile=ROUGH)
    written: list[bool] = []
    bench.listener = lambda _: written.append(
        column(path, "SELECT count(*) FROM ledger") == [len(bench.engine.ledger.records)]
    )
    for number in range(6):
        bench.submit(*bracket(first_id=10 * number + 1), at=number)
        bench.run(number + 1)
    assert len(written) > 20
    assert all(written)
    bench.engine.release()


def test_a_command_that_fails_leaves_nothing_in_the_book(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    bench = kept_bench(path, walk())
    lines = bench.engine.ledger.to_json_lines()
    with pytest.raises(AttributeError):
        bench.engine.submit((order(), None), START)  # type: ignore[arg-type]
    assert bench.engine.ledger.to_json_lines() == lines
    assert column(path, "SELECT count(*) FROM orders") == [0]
    bench.submit(order())
    assert [record.kind.value for record in bench.engine.ledger.records].count("ORDER_RECEIVED") == 1
    assert column(path, "SELECT sequence FROM orders") == [1]
    bench.engine.release()


def test_nothing_is_told_of_what_could_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    bench = kept_bench(path, walk())
    sql(path, "CREATE TRIGGER full BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    with pytest.raises(BookUnavailable, match="the disk is full"):
        bench.submit(order(session_order_id=1))
    sql(path, "DROP TRIGGER full")
    bench.submit(order(session_order_id=2))
    assert {message.ids.session_order_id for message in bench.said(Acknowledged)} == {2}
    assert column(path, "SELECT session_order_id FROM orders") == [2]
    bench.engine.release()


def test_two_brokers_on_one_book_see_what_the_other_does(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    one, other = kept_bench(path, walk()), kept_bench(path, walk(), listens=False)
    one.submit(order("BUY", "LIMIT", limit_price="0.5000"))
    seen = other.engine.ask(other.engine.answers.open_orders, START)
    assert isinstance(seen, list)
    assert [found.request.reference for found in seen] == ["ref-1"]
    other.cancel(1)
    orders = one.engine.ask(one.engine.answers.open_orders, START)
    assert orders == []
    assert one.engine.ledger.to_json_lines() == other.engine.ledger.to_json_lines()
    for bench in (one, other):
        bench.engine.release()
