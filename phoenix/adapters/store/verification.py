"""Walking the chain: every row against its neighbours, its bytes and its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from typing import TypeAlias

from phoenix.adapters.store.chain import GENESIS, KeyRow, Row, envelope_start, fault_in, fault_inside
from phoenix.adapters.store.chain_ports import Scan
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.store import Head, Verification

OnProgress: TypeAlias = Callable[[int], None]
_TOLD_EVERY = 1_000


def verify_links(rows: Iterable[Row]) -> Verification:
    """Check order, links, hashes and the identifying columns without decoding a bead."""
    seq, last = GENESIS.seq, GENESIS.bead_hash
    try:
        for row in rows:
            row_seq, bead_id, bead_type, _, prev_hash, bead_hash, body = row
            if (
                row_seq != seq + 1
                or prev_hash != last
                or sha256(prev_hash + body).digest() != bead_hash
                or not body.startswith(envelope_start(bead_id, bead_type))
            ):
                problem = fault_in(Row(*row), Head(seq, last))
                if problem is not None:
                    return _found(Head(seq, last), problem)
            seq, last = row_seq, bead_hash
    except (StoreCorrupt, TypeError, AttributeError) as error:
        return _found(Head(seq, last), f"the database does not give it back as it was written ({error})")
    return Verification(seq, Head(seq, last), None, None)


def verify_contents(rows: Iterable[Row], keys: Iterable[KeyRow]) -> Verification:
    """As `verify_links`, and every bead is decoded and held against its story column and its keys.

    `keys` come in the order of their beads.
    """
    head = GENESIS
    try:
        stray = _Keys(keys)
        for row in map(Row._make, rows):
            problem = fault_in(row, head) or fault_inside(row, stray.of(row.seq))
            if problem is not None:
                return _found(head, problem)
            head = Head(row.seq, row.bead_hash)
        if stray.are_left():
            return _found(head, "a unique key names a bead that does not exist")
    except (StoreCorrupt, TypeError) as error:
        return _found(head, f"the database does not give it back as it was written ({error})")
    return Verification(head.seq, head, None, None)


def verify_all(scan: Scan) -> Verification:
    """As `verify_contents`, and the database's own indexes are checked against its tables."""
    found = verify_contents(scan.rows(), scan.keys())
    if not found.ok:
        return found
    try:
        fault = scan.structural_fault()
    except StoreCorrupt as error:
        fault = (GENESIS.seq + 1, str(error))
    return found if fault is None else replace(found, first_bad_seq=fault[0], problem=fault[1])


class WatchedScan(Scan):
    """A scan that tells how far a walk over its rows has come."""

    def __init__(self, scan: Scan, on_progress: OnProgress) -> None:
        self._scan = scan
        self._on_progress = on_progress

    def rows(self) -> Iterator[Row]:
        return watched(self._scan.rows(), self._on_progress)

    def keys(self) -> Iterator[KeyRow]:
        return self._scan.keys()

    def structural_fault(self) -> tuple[int, str] | None:
        return self._scan.structural_fault()


def watched(rows: Iterable[Row], on_progress: OnProgress) -> Iterator[Row]:
    """The rows, telling after every thousandth, and after the last, how many there have been."""
    count = 0
    for count, row in enumerate(rows, 1):
        yield row
        if count % _TOLD_EVERY == 0:
            on_progress(count)
    on_progress(count)


def _found(head: Head, problem: str) -> Verification:
    return Verification(head.seq, head, head.seq + 1, problem)


class _Keys:
    """Keys grouped by the bead that bears them, read once, in step with the beads."""

    def __init__(self, keys: Iterable[KeyRow]) -> None:
        self._groups: Iterator[tuple[int, Iterator[KeyRow]]] = groupby(keys, key=lambda key: key.seq)
        self._next: tuple[int, list[tuple[str, str]]] | None = None
        self._step()

    def of(self, seq: int) -> list[tuple[str, str]]:
        if self._next is None or self._next[0] != seq:
            return []
        keys = self._next[1]
        self._step()
        return keys

    def are_left(self) -> bool:
        return self._next is not None

    def _step(self) -> None:
        group = next(self._groups, None)
        self._next = None if group is None else (group[0], [(key.kind, key.value) for key in group[1]])
