"""Long histories in no time: one real life of a position, told over and over under other names and on other days."""

from __future__ import annotations

import sqlite3
from base64 import b32encode
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from benchmarks._desk import Desk
from phoenix.adapters.store.chain import GENESIS, KeyValues, RowValues, key_rows_of, rows_of
from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.adapters.store.sqlite.statements import ADD_BEAD, ADD_KEY
from phoenix.domain.beads.envelope import SealedBead
from phoenix.domain.beads.trading import PositionPayload
from phoenix.domain.encoding import chain_hash
from phoenix.domain.vocabulary import PositionState
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import Fold, Head
from phoenix.rehearsal.signals import MONDAY

LIVES_A_DAY = 10
"""Enough for a busy trader; what counts by the day stays as short as it is."""
ROWS_AT_ONCE = 20_000
_UNREAD: Fold[None] = Fold(None, lambda state, _: state)


class _Told(NamedTuple):
    """A bead as it is told: the columns of its row, and the unique keys that it bears."""

    bead_id: str
    bead_type: str
    story: str | None
    keys: list[tuple[str, str]]
    body: bytes


def write_history(path: Path, beads: int, still_open: int) -> Head:
    """Make a store of about so many beads, in which some positions are open and protected, and all others closed."""
    SqliteStore.create(path, _UNREAD, ClaimOffice()).close()
    before, life, opening = _template()
    closed = max(0, beads - still_open * opening.count(b"\n")) // life.count(b"\n")
    lives = (_retold(life, number) for number in range(1, closed + 1))
    openings = (_retold(opening, number) for number in range(closed + 1, closed + still_open + 1))
    told = chain.from_iterable(chain([_told(before)], lives, openings))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        head = GENESIS
        while some := list(islice(told, ROWS_AT_ONCE)):
            rows, keys = _chained(some, head)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(ADD_BEAD, rows)
            connection.executemany(ADD_KEY, keys)
            connection.execute("COMMIT")
            head = Head(rows[-1][0], rows[-1][5])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return head


def _template() -> tuple[bytes, bytes, bytes]:
    """What comes before the first signal, a whole life, and one up to the position's being open and protected."""
    desk = Desk(MemoryStore)
    before = list(desk.store.read())
    desk.live_through()
    life = list(desk.store.read())[len(before) :]
    managed = next(number for number, item in enumerate(life, 1) if _is_managed(item))
    return _as_text(before), _as_text(life), _as_text(life[:managed])


def _is_managed(item: SealedBead) -> bool:
    payload = item.bead.payload
    return isinstance(payload, PositionPayload) and payload.state is PositionState.MANAGED


def _as_text(sealed: Sequence[SealedBead]) -> bytes:
    """All there is to tell of some beads in one piece, so that names are changed everywhere at once."""
    keys: dict[int, list[tuple[str, str]]] = {item.seq: [] for item in sealed}
    for kind, value, seq in key_rows_of(sealed):
        keys[seq].append((kind, value))
    columns = [(bead_id, kind, story, keys[seq]) for seq, bead_id, kind, story, *_ in rows_of(sealed)]
    bodies = [item.body.replace(b'"seq":"%d"' % item.seq, b'"seq":"?"') for item in sealed]
    return b"\n".join([orjson.dumps(columns), *bodies])


def _retold(text: bytes, number: int) -> list[_Told]:
    """The same under other names, at other prices: ids, references, the broker's numbers, and the day."""
    day = MONDAY + timedelta(days=number // LIVES_A_DAY)
    for former, new in (
        (b'"00000000-', b'"%08x-' % number),
        (b'"PXAAAAAA', b'"PX' + b32encode(number.to_bytes(4, "big") + b"\0")[:7][1:]),
        (b'"80000000', b'"8%07d' % number),
        *((b'"%s"' % price, b'"%s%07d"' % (price, number)) for price in (b"1.26", b"1.259", b"1.261")),
        (b'"0000e0d5.', b'"%08x.' % number),
        (f'"{MONDAY + timedelta(days=1):%Y-%m-%d}T'.encode(), f'"{day + timedelta(days=1):%Y-%m-%d}T'.encode()),
        (f'"{MONDAY:%Y-%m-%d}T'.encode(), f'"{day:%Y-%m-%d}T'.encode()),
    ):
        text = text.replace(former, new)
    return _told(text)


def _told(text: bytes) -> list[_Told]:
    columns, *bodies = text.split(b"\n")
    rows: list[Any] = orjson.loads(columns)
    return [_Told._make([*row, body]) for row, body in zip(rows, bodies, strict=True)]


def _chained(beads: Sequence[_Told], head: Head) -> tuple[list[RowValues], list[KeyValues]]:
    seq, prev_hash = head.seq, head.bead_hash
    rows: list[RowValues] = []
    keys: list[KeyValues] = []
    for bead in beads:
        seq += 1
        body = bead.body.replace(b'"seq":"?"', b'"seq":"%d"' % seq)
        bead_hash = chain_hash(prev_hash, body)
        rows.append((seq, bead.bead_id, bead.bead_type, bead.story, prev_hash, bead_hash, body))
        keys += [(kind, value, seq) for kind, value in bead.keys]
        prev_hash = bead_hash
    return rows, keys
