"""P3 to P5: group commit, bulk append and verification of the store in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from benchmarks.harness import BLOCKS, Measurement, benchmark, measured, paired
from phoenix.adapters.ids import SeededIds
from phoenix.adapters.store.chain import GENESIS, KeyValues, RowValues, head_behind, key_rows_of, rows_of, seal
from phoenix.adapters.store.schema import metadata
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.adapters.store.sqlite.statements import ADD_BEAD, ADD_KEY, SCAN
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.encoding import Json
from phoenix.domain.vocabulary import AlertEvent, Severity
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import Fold, Proposal

APPENDERS = 32
BEADS_EACH = 10
BULK = 2_000
VERIFIED = 50_000
COUNTING: Fold[int] = Fold(0, lambda state, _: state + 1)
_NOW = datetime(2012, 2, 1, 7, 15, tzinfo=UTC)
_DOCUMENT: Json = {
    "cse_version": "1.0",
    "parameters": {"entry": "1.5785", "stop": "1.5805", "target": "1.5745", "risk_percent": "1"},
    "evidence": {"quality_score": "0.71", "htf_alignment": "BEARISH", "ltf_alignment": "BEARISH"},
}


@benchmark("P3")
def concurrent_appenders() -> Sequence[Measurement]:
    """32 threads append a bead at a time to one store, against one thread appending as many."""
    operations = 3
    with _store() as store, ThreadPoolExecutor(APPENDERS) as pool:
        turns = 2 * (1 + operations * BLOCKS)
        beads = iter(tuple(islice(_beads(), turns * APPENDERS * BEADS_EACH)))

        def append_some(_: object = None) -> None:
            for bead in islice(beads, BEADS_EACH):
                store.transact(lambda _, bead=bead: Proposal((bead,), None))  # type: ignore[misc]

        def one_after_another() -> None:
            for _ in range(APPENDERS):
                append_some()

        def all_at_once() -> None:
            list(pool.map(append_some, range(APPENDERS)))

        pair = paired(one_after_another, all_at_once, operations)
    return (measured("P3", "32 appenders at once, gain over one after another", pair.wall(), 4.5, at_least=True),)


@benchmark("P4")
def bulk_append() -> Sequence[Measurement]:
    """2,000 beads in one unit of work, against the same rows through executemany into the same tables unguarded."""
    with TemporaryDirectory() as folder, _store() as store, _raw(Path(folder) / "raw.db") as raw:
        _make_unguarded_tables(raw)
        beads = _beads()
        batches = [tuple(islice(beads, BULK)) for _ in range(BLOCKS + 1)]
        mine, theirs = iter(batches), iter(_sealed_rows(batches))

        def phoenix() -> None:
            batch = next(mine)
            store.transact(lambda _: Proposal(batch, None))

        def bare() -> None:
            bead_rows, key_rows = next(theirs)
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(ADD_BEAD, bead_rows)
            raw.executemany(ADD_KEY, key_rows)
            raw.execute("COMMIT")

        pair = paired(phoenix, bare, operations=1)
    return (
        measured("P4", "bulk append, processor time against raw executemany", pair.cpu(), 2.2),
        measured("P4 wall", "the same on the clock", pair.wall(), None),
    )


@benchmark("P5")
def verification() -> Sequence[Measurement]:
    """The walk over links, hashes and identifying columns, against a bare scan of the same rows."""
    with (
        TemporaryDirectory() as folder,
        _store(Path(folder) / "chain.db") as store,
        _raw(Path(folder) / "chain.db") as raw,
    ):
        beads = tuple(islice(_beads(), VERIFIED))
        store.transact(lambda _: Proposal(beads, None))

        def walk() -> None:
            if not store.verify(thorough=False).ok:
                raise SystemExit("P5: the chain does not verify")

        def scan() -> None:
            for _ in raw.execute(SCAN):
                pass

        pair = paired(walk, scan, operations=1)
    return (measured("P5", f"verify {VERIFIED:,} beads on one core against a bare scan", pair.wall(), 2.3),)


def _sealed_rows(batches: Sequence[Sequence[Bead]]) -> list[tuple[list[RowValues], list[KeyValues]]]:
    """The rows that the batches come to, made beforehand."""
    head, made = GENESIS, []
    for batch in batches:
        sealed = seal(batch, head)
        head = head_behind(sealed, head)
        made.append((rows_of(sealed), key_rows_of(sealed)))
    return made


def _beads() -> Iterator[Bead]:
    """Typical beads: every other one with a key of its own, or in a position's story."""
    ids = SeededIds(1)
    for number in count():
        if number % 2:
            signal = SignalPayload(ids.new_id(), "FVG_LONDON", "GBPUSD", "0" * 64, _DOCUMENT)
            yield Bead(ids.new_id(), signal, SYSTEM, _NOW, _NOW)
        else:
            alert = AlertPayload(
                ids.new_id(), AlertEvent.RAISED, Severity.WARNING, "ORDER_REJECTED", "GBPUSD", "The broker rejected it",
                None, position_id=ids.new_id(),
            )  # fmt: skip
            yield Bead(ids.new_id(), alert, SYSTEM, _NOW)


@contextmanager
def _store(path: Path | None = None) -> Iterator[SqliteStore[int]]:
    with TemporaryDirectory() as folder:
        store = SqliteStore.create(path or Path(folder) / "bench.db", COUNTING, ClaimOffice())
        try:
            yield store
        finally:
            store.close()


@contextmanager
def _raw(path: Path) -> Iterator[sqlite3.Connection]:
    """A bare connection, as durable as the store's own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        yield connection


def _make_unguarded_tables(connection: sqlite3.Connection) -> None:
    dialect = sqlite_dialect()
    for table in metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=dialect, compile_kwargs={"literal_binds": True})))
