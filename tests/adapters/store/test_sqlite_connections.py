"""Connections are durable, bounded in number, used again, and never come back inside a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteSettings
from phoenix.adapters.store.sqlite.connections import Connections
from phoenix.ports.errors import StoreUnavailable


@pytest.fixture
def two_at_most(path: Path) -> Iterator[Connections]:
    with closing(Connections(path, SqliteSettings(connections_max=2, busy_timeout_s=0.01))) as connections:
        yield connections


def test_nothing_is_opened_before_it_is_asked_for(two_at_most: Connections, path: Path) -> None:
    assert not path.exists()


def test_who_asks_for_one_too_many_is_refused_in_bounded_time(two_at_most: Connections) -> None:
    with ExitStack() as lent:
        lent.enter_context(two_at_most.borrowed())
        lent.enter_context(two_at_most.borrowed())
        with pytest.raises(StoreUnavailable, match="all connections to the store are in use"):
            lent.enter_context(two_at_most.borrowed())
    with two_at_most.borrowed() as again:
        assert again.execute("SELECT 1").fetchone() == (1,)


def test_one_that_comes_back_is_lent_again(two_at_most: Connections) -> None:
    with two_at_most.borrowed() as first:
        pass
    with two_at_most.borrowed() as second:
        assert second is first


def test_a_transaction_ends_with_the_loan(two_at_most: Connections) -> None:
    with two_at_most.borrowed() as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO notes VALUES ('half done')")
    with two_at_most.borrowed() as connection:
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (0,)


def test_one_that_cannot_end_its_transaction_is_not_lent_again(two_at_most: Connections) -> None:
    with two_at_most.borrowed() as broken:
        broken.close()
    with two_at_most.borrowed() as connection:
        assert connection is not broken


def test_what_is_lent_out_is_closed_when_it_comes_back(two_at_most: Connections) -> None:
    with two_at_most.borrowed() as lent:
        two_at_most.close()
        assert lent.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        lent.execute("SELECT 1")


def test_one_that_cannot_be_opened_costs_no_place(path: Path) -> None:
    connections = Connections(path / "deeper", SqliteSettings(connections_max=1, busy_timeout_s=0.01))
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="opening the store"), connections.borrowed():
            pass
