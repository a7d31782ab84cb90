"""Brokers that live in a book file, on the bench."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from phoenix.adapters.simulation.book_file import BookFile, Identity
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.prices import PriceFeed
from tests.adapters.simulation.bench import START, Bench

IDENTITY = Identity("SIM0001", "USD", 1)


def kept_bench(
    path: Path, *feeds: PriceFeed, faults: Sequence[Fault] = (), listens: bool = True, **options: Any
) -> Bench:  # fmt: skip
    """A bench whose broker lives in the book at a path."""
    identity = Identity("SIM0001", "USD", options.get("seed", 1))
    return Bench(*feeds, faults=faults, listens=listens, keeper=BookFile(path, identity, START), **options)


def sql(path: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What a person with a database shell does: one statement, committed."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as connection:
        return connection.execute(statement, values).fetchall()


def column(path: Path, statement: str, *values: object) -> list[Any]:
    return [row[0] for row in sql(path, statement, *values)]


def normal(state: Any) -> Any:
    """A dumped state without the name that tells orders which note their changes from those which do not."""
    if isinstance(state, dict):
        return {key: "Order" if value == "KeptOrder" else normal(value) for key, value in state.items()}
    return [normal(item) for item in state] if isinstance(state, list | tuple) else state


def kinds(messages: Iterable[Message]) -> list[str]:
    return [type(message).__name__ for message in messages]
