"""Reading a book file into a broker's world, as it stands there, whoever wrote it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from phoenix.adapters.simulation.account import Net
from phoenix.adapters.simulation.agenda import Appointment, Task
from phoenix.adapters.simulation.book_file.cells import Cells
from phoenix.adapters.simulation.book_file.fault_rows import fault_of
from phoenix.adapters.simulation.book_file.kept import KeptAgenda, KeptBook
from phoenix.adapters.simulation.book_file.rows import (
    NO_PERMANENT_ID,
    adjustment_of,
    appointment_of,
    completed,
    execution_of,
    is_complete,
    order_of,
)
from phoenix.adapters.simulation.book_file.tables import Kept, counters_of, select
from phoenix.adapters.simulation.executions import Adjustment, Execution
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.keeping import BookRefused
from phoenix.adapters.simulation.ledger import LedgerKind, LedgerRecord
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.world import World
from phoenix.domain.instants import parse_instant
from phoenix.domain.numbers import parse_decimal

STEM = "0000e0d5."
_OF_NO_ORDER = frozenset({Task.DELIVER, Task.FAULT_BEGINS, Task.FAULT_ENDS})


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file states besides what was put into the world: a hand may have made them differ."""

    holdings: Mapping[str, Net]
    account: tuple[Decimal, Decimal] | None


def read_progress(connection: sqlite3.Connection, world: World, kept: Kept, is_first: bool) -> bool:
    """Instant, lines and numbers. False for a book that no broker has lived in yet.

    A world that was just made goes back to where the book is. One that has lived on since is to be written, so that
    what it lived through is not lived through again.
    """
    row = next(select(connection, "progress", "only"), None)
    if row is None:
        return False
    written_at = Cells("progress", "only", row).instant("now")
    world.delivery.socket_is_up, world.delivery.upstream_is_up = bool(row["socket_is_up"]), bool(row["line_is_up"])
    book = world.book
    book.order_count, book.draw_count = row["order_count"], row["draw_count"]
    book.execution_count, world.agenda.next_number = row["execution_count"], row["next_appointment"]
    if is_first or world.now <= written_at:
        world.now, kept.counters = written_at, counters_of(world)
    return True


def read_ledger(connection: sqlite3.Connection, world: World) -> None:
    """The records behind those that are known."""
    known = len(world.ledger.records)
    for row in connection.execute("SELECT seq, record FROM ledger WHERE seq > ? ORDER BY seq", (known,)):
        record = Cells("ledger", "seq", dict(row)).read("record", _record)
        world.ledger.read_on(record)
        if record.seq != row["seq"] or record.seq != len(world.ledger.records):
            raise BookRefused(
                f"the simulated broker's book, ledger: record {row['seq']} is out of place. Restore a copy"
            )


def read_orders(connection: sqlite3.Connection, world: World, book: KeptBook) -> None:
    account = world.options.account
    orders = {
        row["sequence"]: order_of(row, book, account, world.now) for row in select(connection, "orders", "sequence")
    }
    for order in orders.values():
        if order.parent is not None and order.parent not in orders:
            order.parent = None
        elif order.parent is not None:
            orders[order.parent].children.append(order.sequence)
        book.index(order)
    book.order_count = max(book.order_count, *orders) if orders else book.order_count


def read_journal(connection: sqlite3.Connection, world: World, book: KeptBook) -> None:
    entries: list[tuple[int, Execution | Adjustment]] = []
    by_hand: list[int] = []
    for row in select(connection, "executions", "number"):
        whole = row
        if not is_complete(row):
            by_hand.append(row["number"])
            book.execution_count += row["execution_id"] is None
            whole = completed(row, f"{STEM}{book.execution_count:08x}.01", _owner(row, book))
        entries.append((row["number"], execution_of(whole, world.options.account, world.now)))
    entries += [(row["number"], adjustment_of(row)) for row in select(connection, "adjustments", "number")]
    entries.sort(key=lambda entry: entry[0])
    book.restore_numbered(entries)
    book.unkept |= {place for place, (number, entry) in enumerate(entries) if number in by_hand and _is_fill(entry)}


def read_agenda(connection: sqlite3.Connection, agenda: KeptAgenda, book: KeptBook) -> None:
    """The appointments; those of orders that are no longer there are dropped."""
    items = [appointment_of(row) for row in select(connection, "agenda", "number")]
    agenda.restore(items, max([agenda.next_number, *(item.number + 1 for item in items)]))
    agenda.drop(item for item in items if not _has_subject(item, book))


def read_faults(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    """The script, as the rows have it. What was not taken up yet is noted as new."""
    faults: dict[int, Fault] = {}
    for row in select(connection, "faults", "number"):
        number = row["number"]
        kept.faults[number] = (row["kind"], row["detail"])
        faults[number] = _fault(row, world)
        if row["taken_up_at"] is None:
            kept.new_faults.add(number)
        if row["struck"]:
            kept.strikes[number] = row["struck"]
    world.script.restore(faults, kept.strikes)


def read_small(connection: sqlite3.Connection, world: World, kept: Kept) -> Stated:
    """Sessions, prices, and what the file states of holdings and money."""
    kept.sessions = {row["client_id"] for row in select(connection, "sessions", "client_id")}
    world.delivery.clients = set(kept.sessions)
    for row in select(connection, "feeds", "pair"):
        kept.feeds[row["pair"]] = (row["terms"], row["position"])
    for row in select(connection, "holdings", "pair"):
        cells = Cells("holdings", "pair", row)
        kept.holdings[row["pair"]] = Net(cells.decimal("quantity"), cells.optional("average_price", parse_decimal))
    money = next(select(connection, "account", "only"), None)
    if money is None:
        return Stated(dict(kept.holdings), None)
    cells = Cells("account", "only", money)
    kept.account = (cells.decimal("balance"), cells.decimal("realised"), cells.decimal("commissions"))
    world.account.commissions = kept.commissions = kept.account[2]
    return Stated(dict(kept.holdings), kept.account[:2])


def resume_feeds(
    world: World, kept: Mapping[str, tuple[str, str]], former: Mapping[str, tuple[str, str]]
) -> None:  # fmt: skip
    """Let prices go on from where the file has them, unless they went on from there already.

    Raises BookRefused where they are made from other terms.
    """
    for pair, (terms, position) in kept.items():
        feed = world.feeds.get(pair)
        if feed is None or former.get(pair) == (terms, position):
            continue
        if feed.terms() != terms:
            raise BookRefused(
                f"the prices of {pair} in this book are made from {terms or 'a list'}, the configuration says "
                f"{feed.terms() or 'a list'}; the book was left as it was. Use the terms it was made with, or name "
                f"another book"
            )
        Cells("feeds", "pair", {"pair": pair, "position": position}).read("position", feed.resume)


def _fault(row: Mapping[str, Any], world: World) -> Fault:
    cells = Cells("faults", "number", row)
    taken_up_at: datetime = cells.instant_or("taken_up_at", world.now)
    return cells.read("detail", lambda detail: fault_of(row["kind"], detail, world.options.account, taken_up_at))


def _record(text: str) -> LedgerRecord:
    plain = json.loads(text)
    details = {name: value for name, value in plain.items() if name not in ("seq", "at", "kind")}
    return LedgerRecord(int(plain["seq"]), parse_instant(plain["at"]), LedgerKind(plain["kind"]), details)


def _owner(row: Mapping[str, Any], book: KeptBook) -> Order | None:
    """The order that an execution made by hand is of: the one with its permanent id, else with its reference."""
    if row["permanent_id"] != NO_PERMANENT_ID:
        return book.by_permanent_id(row["permanent_id"])
    orders = (*book.live.values(), *book.completed.values())
    named = [order for order in orders if row["reference"] is not None and order.request.reference == row["reference"]]
    return named[0] if named else None


def _is_fill(entry: Execution | Adjustment) -> bool:
    return isinstance(entry, Execution)


def _has_subject(item: Appointment, book: KeptBook) -> bool:
    return item.task in _OF_NO_ORDER or item.subject in book.live or item.subject in book.completed
