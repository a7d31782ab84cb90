"""A process that dies at any moment leaves a whole book, with everything in it that anybody heard of."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from phoenix.adapters.simulation import snapshot
from tests.adapters.simulation.bench import PAIR, Bench, minute
from tests.adapters.simulation.book_file.dying import bench_of
from tests.adapters.simulation.book_file.files import column, normal

MOMENTS = [
    ("telling", 1),
    ("telling", 30),
    ("telling", 77),
    ("writing", 5),
    ("writing", 40),
    ("deciding", 2),
    ("deciding", 33),
]


def die(book: Path, moment: str, count: int) -> list[list[str]]:
    """What the process heard before it died."""
    dead = subprocess.run(
        [sys.executable, "-m", "tests.adapters.simulation.book_file.dying", str(book), moment, str(count)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    return [line.split() for line in dead.stdout.splitlines()]


def assert_whole(bench: Bench, book: Path) -> None:
    """Book, journal, holdings and ledger tell one story."""
    world, ledger = bench.engine.world, bench.engine.ledger
    nets = {pair: net.quantity for pair, net in world.account.nets.items()}
    assert nets == ledger.holdings()
    assert [record.seq for record in ledger.records] == list(range(1, len(ledger.records) + 1))
    received = [record.details["permanent_id"] for record in ledger.records if record.kind.value == "ORDER_RECEIVED"]
    orders = {**world.book.live, **world.book.completed}
    assert received == [orders[sequence].permanent_id for sequence in sorted(orders)]
    executed = sum(fill.signed_quantity for fill in world.book.executions())
    assert nets.get(PAIR, 0) == executed
    assert column(book, "PRAGMA integrity_check") == ["ok"]


@pytest.mark.parametrize(("moment", "count"), MOMENTS)
def test_what_was_heard_is_in_the_book(tmp_path: Path, moment: str, count: int) -> None:
    book = tmp_path / "book.db"
    heard = die(book, moment, count)
    bench = bench_of(book, listens=False)
    assert_whole(bench, book)
    executions = [fill.ids.permanent_id for fill in bench.engine.world.book.executions()]
    told = [line[1] for line in heard if line[0] == "Executed"]
    assert executions[: len(told)] == told
    acknowledged = {line[1] for line in heard if line[0] == "Acknowledged"}
    in_ledger = {
        record.details["permanent_id"] for record in bench.engine.ledger.records if record.kind.value == "ACKNOWLEDGED"
    }
    assert acknowledged <= in_ledger
    bench.engine.release()


def test_an_order_whose_answer_nobody_heard_is_in_the_book(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    assert die(book, "answering", 1) == []
    bench = bench_of(book, listens=False)
    assert_whole(bench, book)
    kinds = [record.kind.value for record in bench.engine.ledger.records]
    assert kinds[:4] == ["CONNECTED", "ORDER_RECEIVED", "ORDER_RECEIVED", "ORDER_RECEIVED"]
    bench.engine.release()


@pytest.mark.parametrize("moment", ["writing", "deciding"])
def test_what_was_not_committed_did_not_happen_and_can_be_done_again(tmp_path: Path, moment: str) -> None:
    """The broker opens its book, the client connects, and the first orders never come to be written."""
    book = tmp_path / "book.db"
    die(book, moment, 1)
    bench = bench_of(book, listens=False)
    assert [record.kind.value for record in bench.engine.ledger.records] == ["CONNECTED"]
    assert bench.engine.world.book.order_count == 0
    bench.engine.release()


def test_a_life_in_many_processes_is_the_life_in_one(tmp_path: Path) -> None:
    """However often its process ends without a word between two commands, the broker lives one life."""
    from tests.adapters.simulation.bench import bracket

    whole, torn = bench_of(tmp_path / "whole.db"), bench_of(tmp_path / "torn.db")
    for number in range(20):
        for bench in (whole, torn):
            bench.submit(*bracket(first_id=10 * number + 1), at=number)
            bench.run(number + 1)
        torn.engine.release()
        torn = bench_of(tmp_path / "torn.db", listens=False)
        torn.run(number + 1)
    assert torn.engine.ledger.to_json_lines() == whole.engine.ledger.to_json_lines()
    for bench in (whole, torn):
        bench.engine.reach(minute(30))
    assert normal(snapshot.dump(torn.engine)) == normal(snapshot.dump(whole.engine))
    for bench in (whole, torn):
        bench.engine.release()
