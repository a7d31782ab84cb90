"""What the file says, as it was last read or written: what is compared to find out what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from phoenix.adapters.simulation.account import Net
from phoenix.adapters.simulation.book_file.rows import Cellular
from phoenix.adapters.simulation.world import World

Counters: TypeAlias = tuple[int, int, int, int, bool, bool]


@dataclass(slots=True)
class Kept:
    """The small tables' content, and how far the ledger is written."""

    counters: Counters | None = None
    commissions: Decimal | None = None
    account: tuple[Decimal, Decimal, Decimal] | None = None
    sessions: set[int] = field(default_factory=set)
    holdings: dict[str, Net] = field(default_factory=dict)
    feeds: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    strikes: dict[int, int] = field(default_factory=dict)
    new_faults: set[int] = field(default_factory=set)
    ledger_length: int = 0


def counters_of(world: World) -> Counters:
    book, delivery = world.book, world.delivery
    return (
        book.order_count, book.draw_count, book.execution_count, world.agenda.next_number, delivery.socket_is_up,
        delivery.upstream_is_up,
    )  # fmt: skip


def select(connection: sqlite3.Connection, table: str, order_by: str) -> Iterator[Mapping[str, Any]]:
    """Every row of a table."""
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order_by}"):
        yield dict(row)


def put(connection: sqlite3.Connection, table: str, rows: Iterable[Cellular]) -> None:
    """Write rows, each in place of the one with its key."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def delete(connection: sqlite3.Connection, table: str, key: str, values: Iterable[str | int]) -> None:
    connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", _singles(values))


def _singles(values: Iterable[str | int]) -> Sequence[tuple[str | int]]:
    return [(value,) for value in values]
