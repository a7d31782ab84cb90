"""The history check over a home: every invariant, from the beads and the simulated broker's own ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from phoenix.domain.state import State
from phoenix.history_check import HistoryBead, HistoryReport, check_history
from phoenix.ports.errors import StoreUnavailable
from phoenix.ports.store import BeadStore
from phoenix.runtime.home import Home

_BOOK = "book"


def prove(
    home: Home, store: BeadStore[State], *, settled: bool, ended_at: datetime | None = None,
    ledger: list[dict[str, Any]] | None = None,
) -> HistoryReport:  # fmt: skip
    """The verdict on the whole history. `settled` says that nothing is in flight any more.

    The broker's `ledger`, unless it is given, is read from the book of the home's simulated broker. Where there is no
    book to be read, what needs a ledger is NOT_CHECKED.
    """
    policy = home.settings.policy()
    return check_history(
        _beads(store), ledger_of(home) if ledger is None else ledger, settled=settled,
        ack_limit_s=policy.acknowledgement_limit_s, protection_grace_s=policy.protection_grace_s, ended_at=ended_at,
        stale_threshold_s=policy.anchor.stale_threshold_s,
    )  # fmt: skip


def ledger_of(home: Home) -> list[dict[str, Any]] | None:
    """What a simulated broker really received and did; None where its book is not in a file."""
    named = home.settings.broker.options.get(_BOOK)
    if not isinstance(named, str):
        return None
    book = home.directory / Path(named)
    return ledger_in(book) if book.is_file() else None


def ledger_in(book: Path) -> list[dict[str, Any]]:
    """The ledger in a simulated broker's book. Raises StoreUnavailable."""
    try:
        with closing(sqlite3.connect(f"{book.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT record FROM ledger ORDER BY seq").fetchall()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{book}: the simulated broker's ledger cannot be read ({error})") from error
    return [orjson.loads(record) for (record,) in rows]


def _beads(store: BeadStore[State]) -> Iterator[HistoryBead]:
    for sealed in store.read():
        yield HistoryBead(sealed.seq, sealed.prev_hash, sealed.bead_hash, sealed.body)
