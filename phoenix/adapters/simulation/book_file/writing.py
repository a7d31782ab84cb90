"""Writing what changed since the file was last read or written, and nothing else."""

from __future__ import annotations

import sqlite3

from phoenix.adapters.simulation.book_file.cells import decimal_cell, instant_cell
from phoenix.adapters.simulation.book_file.fault_rows import fault_cells
from phoenix.adapters.simulation.book_file.kept import KeptAgenda, KeptBook
from phoenix.adapters.simulation.book_file.rows import (
    Cellular,
    adjustment_row,
    appointment_row,
    execution_row,
    net_row,
    order_row,
)
from phoenix.adapters.simulation.book_file.tables import Kept, counters_of, delete, put
from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.world import World
from phoenix.domain.encoding import encode_trusted


def has_changed(world: World, book: KeptBook, agenda: KeptAgenda, kept: Kept) -> bool:
    """Whether there is anything to write. The passing of time, and prices that meet no order, are nothing."""
    return (
        book.has_changed
        or agenda.has_changed
        or len(world.ledger.records) != kept.ledger_length
        or counters_of(world) != kept.counters
        or world.delivery.clients != kept.sessions
        or world.script.strikes != kept.strikes
        or bool(kept.new_faults)
        or len(world.script.faults) != len(kept.faults)
        or world.account.commissions != kept.commissions
    )


def write(connection: sqlite3.Connection, world: World, book: KeptBook, agenda: KeptAgenda, kept: Kept) -> None:
    """Write what changed, and how far time and prices have come. The caller has begun a transaction."""
    put(connection, "orders", map(order_row, book.changed.values()))
    _write_journal(connection, book)
    delete(connection, "agenda", "number", agenda.taken)
    put(connection, "agenda", map(appointment_row, agenda.added.values()))
    _write_ledger(connection, world, kept)
    _write_holdings(connection, world, kept)
    _write_account(connection, world, kept)
    _write_faults(connection, world, kept)
    _write_sessions(connection, world, kept)
    _write_feeds(connection, world, kept)
    _write_progress(connection, world, kept)
    book.forget_changes()
    agenda.forget_changes()


def _write_journal(connection: sqlite3.Connection, book: KeptBook) -> None:
    for place in sorted(book.unkept):
        entry, number = book.journal[place], book.numbers[place]
        if isinstance(entry, Execution):
            put(connection, "executions", (execution_row(number, entry),))
        else:
            put(connection, "adjustments", (adjustment_row(number, entry),))


def _write_ledger(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    records = world.ledger.records[kept.ledger_length :]
    connection.executemany(
        "INSERT INTO ledger (seq, record) VALUES (?, ?)",
        [(record.seq, encode_trusted(record.as_json()).decode()) for record in records],
    )
    kept.ledger_length += len(records)


def _write_holdings(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    nets = world.account.nets
    delete(connection, "holdings", "pair", set(kept.holdings) - set(nets))
    changed = {pair: net for pair, net in nets.items() if kept.holdings.get(pair) != net}
    put(connection, "holdings", (net_row(pair, net.quantity, net.average_price) for pair, net in changed.items()))
    kept.holdings = dict(nets)


def _write_account(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    account = world.account
    money = (account.balance, account.stated_realised, account.commissions)
    if money != kept.account:
        balance, realised, commissions = map(decimal_cell, money)
        row = {"only": 1, "balance": balance, "realised": realised, "commissions": commissions}
        put(connection, "account", (row,))
    kept.account, kept.commissions = money, account.commissions


def _write_faults(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    taken_up_at = instant_cell(world.now)
    for number, fault in world.script.faults.items():
        struck = world.script.strikes.get(number, 0)
        if number not in kept.faults:
            kind, detail = kept.faults[number] = fault_cells(fault)
            row: Cellular = {
                "number": number,
                "kind": kind,
                "detail": detail,
                "taken_up_at": taken_up_at,
                "struck": struck,
            }
            put(connection, "faults", (row,))
        elif number in kept.new_faults:
            connection.execute(
                "UPDATE faults SET taken_up_at = ?, struck = ? WHERE number = ?", (taken_up_at, struck, number)
            )
        elif struck != kept.strikes.get(number, 0):
            connection.execute("UPDATE faults SET struck = ? WHERE number = ?", (struck, number))
    kept.strikes = dict(world.script.strikes)
    kept.new_faults = set()


def _write_sessions(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    clients = world.delivery.clients
    delete(connection, "sessions", "client_id", kept.sessions - clients)
    put(connection, "sessions", ({"client_id": client_id} for client_id in clients - kept.sessions))
    kept.sessions = set(clients)


def _write_feeds(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    for pair, feed in world.feeds.items():
        state = (feed.terms(), feed.position())
        if state != kept.feeds.get(pair):
            put(connection, "feeds", ({"pair": pair, "terms": state[0], "position": state[1]},))
            kept.feeds[pair] = state


def _write_progress(connection: sqlite3.Connection, world: World, kept: Kept) -> None:
    orders, draws, executions, appointment, socket, line = kept.counters = counters_of(world)
    row = {
        "only": 1, "now": instant_cell(world.now), "order_count": orders, "draw_count": draws,
        "execution_count": executions, "next_appointment": appointment, "socket_is_up": int(socket),
        "line_is_up": int(line),
    }  # fmt: skip
    put(connection, "progress", (row,))
