"""A simulated broker's whole state as plain JSON, to be kept elsewhere and read afresh.

Options, prices and faults are not in it: they are given again when the broker is built, and the state is put in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from phoenix.adapters.simulation.agenda import Appointment
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.executions import Adjustment, Execution
from phoenix.adapters.simulation.ledger import LedgerRecord
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.plain import from_plain, to_plain
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import instant_text, parse_instant

VERSION = "1"
_JournalEntry: TypeAlias = Execution | Adjustment


def dump(engine: BrokerEngine) -> dict[str, Any]:
    """Everything the broker knows, between two calls."""
    world = engine.world
    book = world.book
    return {
        "version": VERSION,
        "now": instant_text(world.now),
        "orders": [to_plain(book.order(sequence)) for sequence in sorted({*book.live, *book.completed})],
        "journal": [to_plain(entry) for entry in book.journal],
        "counts": [book.order_count, book.draw_count, book.execution_count],
        "commissions": str(world.account.commissions),
        "agenda": {"next": world.agenda.next_number, "items": to_plain(world.agenda.appointments())},
        "clients": sorted(world.delivery.clients),
        "lines": [world.delivery.socket_is_up, world.delivery.upstream_is_up],
        "script": world.script.counts(),
        "feeds": {pair: feed.position() for pair, feed in world.feeds.items()},
        "ledger": [record.as_json() for record in world.ledger.records],
    }


def load(engine: BrokerEngine, state: Mapping[str, Any]) -> None:
    """Put a dumped state into a broker that was just built with the same options, feeds and faults."""
    if state.get("version") != VERSION:
        raise InvalidValue("book", f"version {state.get('version')!r} is not known", "Use the Phoenix that wrote it")
    world = engine.world
    world.now = parse_instant(state["now"])
    _load_book(engine, state)
    world.agenda.restore((from_plain(Appointment, item) for item in state["agenda"]["items"]), state["agenda"]["next"])
    world.delivery.clients = set(state["clients"])
    world.delivery.socket_is_up, world.delivery.upstream_is_up = state["lines"]
    world.script.resume(state["script"])
    for pair, position in state["feeds"].items():
        world.feeds[pair].resume(position)
    world.ledger.restore(_record(record) for record in state["ledger"])


def _load_book(engine: BrokerEngine, state: Mapping[str, Any]) -> None:
    world = engine.world
    for order in sorted((from_plain(Order, plain) for plain in state["orders"]), key=lambda order: order.sequence):
        world.book.index(order)
    world.book.restore_journal(from_plain(_JournalEntry, plain) for plain in state["journal"])
    world.book.order_count, world.book.draw_count, world.book.execution_count = state["counts"]
    world.account.rebuild(world.book.journal)
    world.account.commissions = from_plain(type(world.account.commissions), state["commissions"])


def _record(plain: Mapping[str, Any]) -> LedgerRecord:
    details = {name: value for name, value in plain.items() if name not in ("seq", "at", "kind")}
    return from_plain(LedgerRecord, {**plain, "seq": int(plain["seq"]), "details": details})  # type: ignore[no-any-return]
