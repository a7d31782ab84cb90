"""The page on the broker's book names every table, column and fault, and its statements do what it says."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from inspect import signature
from pathlib import Path

import pytest

from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.book_file import fault_rows
from phoenix.adapters.simulation.book_file.schema import TABLES
from tests.adapters.simulation.bench import Bench, bracket, minute, quotes
from tests.adapters.simulation.book_file.files import kept_bench

PAGE = (Path(__file__).parent.parent.parent / "docs/reference/broker-book.md").read_text()
BLOCKS = re.findall(r"```sql\n(.+?)```", PAGE, re.DOTALL)
STATEMENTS = [part.strip() for block in BLOCKS for part in block.split(";") if part.strip()]
ROWS = dict(re.findall(r"^\| `([a-z_]+)` \|(.*)\|$", PAGE, re.MULTILINE))


def words_of(table: str) -> set[str]:
    """The columns or particulars that the page states in a table's row."""
    return set(re.findall(r"`([a-z_]+)`", ROWS[table]))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = kept_bench(tmp_path / "book.db", quotes((0, "1.2600")))
    bench.submit(*bracket())
    return bench


def test_every_table_and_column_is_named() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES:
            connection.execute(statement)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in names:
            columns = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})")} - {"only"}
            assert words_of(table) == columns, table


def test_every_fault_and_its_particulars_are_named() -> None:
    for kind in fault_rows.KINDS:
        assert kind in ROWS, kind
    makers = {**fault_rows.ORDER_KINDS, **fault_rows.WORLD_KINDS}
    for kind, make in makers.items():
        assert words_of(kind) == set(signature(make).parameters) - {"which"}, kind


@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_statement_is_taken_up_by_a_living_broker(bench: Bench, tmp_path: Path, statement: str) -> None:
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as shell:
        assert shell.execute(statement).rowcount != 0 or statement.startswith("DELETE FROM faults")
    bench.run(1)
    for query in (bench.engine.answers.holdings, bench.engine.answers.account, bench.engine.answers.completed_orders):
        answer = bench.engine.ask(query, minute(1))
        assert not isinstance(answer, NoAnswer) or "socket_drop" in statement
    bench.engine.release()


def test_the_page_shows_statements() -> None:
    assert len(STATEMENTS) >= 18
