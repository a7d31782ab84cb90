"""P1, P2, P7 and P8: the gated life of a position, durable and in memory, and one of its transitions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import orjson

from benchmarks._desk import Desk
from benchmarks.harness import Measurement, benchmark, measured, paired
from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.lifecycle import TRANSITIONS, transition
from phoenix.domain.state import State
from phoenix.domain.vocabulary import PositionState, Trigger
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import Committed, Fold, Proposal, View

COMMITS_MAX = 6
BEADS_MIN = 8
APPROVALS = 100
LIVES = 30
TRANSITIONS_EACH = 2_000
R = TypeVar("R")


class CountingStore(SqliteStore[State]):
    """The store in a SQLite file, counting its commits."""

    commits = 0

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        committed = super().transact(work)
        self.commits += bool(committed.sealed)
        return committed


@benchmark("P1")
def approve_and_hand_over() -> Sequence[Measurement]:
    """A human's approval until the broker has the order: decision, token, claim and attempt, one commit, the send."""
    with TemporaryDirectory() as folder, _bare_commits(Path(folder)) as commit_once, _durable(folder) as (desk, store):

        def next_proposal() -> None:
            desk.trade()
            desk.go_on()
            desk.propose()
            store.commits = 0

        def approve() -> None:
            desk.approve()
            _require(store.commits == 1, f"P1: {store.commits} commits between the approval and the send, not 1")

        desk.live_through()
        pair = paired(approve, commit_once, APPROVALS, before=next_proposal)
    return (
        measured("P1", "approve to hand-over, against a bare commit, p50", pair.wall(), 1.6),
        measured("P1 p99", "the same, p99", pair.wall(0.99), 2.0),
        measured("P1 cpu", "the same, processor time", pair.cpu(), 2.0),
    )


@benchmark("P2")
def durable_life() -> Sequence[Measurement]:
    """Signal, proposal, approval, order, fill, protection, exit and autopsy, against six bare commits."""
    with TemporaryDirectory() as folder, _bare_commits(Path(folder)) as commit_once, _durable(folder) as (desk, store):
        beads_before = len(desk.beads())
        desk.live_through()
        beads = len(desk.beads()) - beads_before
        _require(beads >= BEADS_MIN, f"P2: {beads} beads in a life, fewer than {BEADS_MIN}")

        def next_signal() -> None:
            desk.go_on()
            store.commits = 0

        def live() -> None:
            desk.live_through()
            _require(store.commits <= COMMITS_MAX, f"P2: {store.commits} commits in a life, more than {COMMITS_MAX}")

        def commit_six_times() -> None:
            for _ in range(COMMITS_MAX):
                commit_once()

        pair = paired(live, commit_six_times, LIVES, before=next_signal)
    return (
        measured("P2", f"a durable life of {beads} beads, against six bare commits", pair.wall(), 1.6),
        measured("P2 cpu", "the same, processor time", pair.cpu(), None),
    )


@benchmark("P7")
def life_in_memory() -> Sequence[Measurement]:
    """A whole life without storage, the simulated broker's share included, against the bare sum of its parts."""
    desk = Desk(MemoryStore)
    start = len(desk.beads())
    desk.live_through()
    beads = desk.beads()[start:]
    pair = paired(desk.live_through, _parts_of(beads), LIVES, before=desk.go_on)
    return (
        measured("P7", f"a life of {len(beads)} beads in memory, against the sum of its parts", pair.wall(), 3.0),
        measured("P7 cpu", "the same, processor time", pair.cpu(), None),
    )


@benchmark("P8")
def one_transition() -> Sequence[Measurement]:
    """2,000 look-ups in the lifecycle table, against as many replacements of a frozen dataclass with one."""
    place = _Place(PositionState.SUBMITTED, 0)

    def move() -> None:
        for _ in range(TRANSITIONS_EACH):
            transition(PositionState.SUBMITTED, Trigger.EXECUTION)

    def look_up_and_replace() -> None:
        for _ in range(TRANSITIONS_EACH):
            replace(place, state=TRANSITIONS[place.state, Trigger.EXECUTION])

    pair = paired(move, look_up_and_replace, operations=20)
    return (
        measured("P8", f"{TRANSITIONS_EACH:,} transitions, against frozen replace + look-up", pair.wall(), 0.5),
        measured("P8 cpu", "the same, processor time", pair.cpu(), None),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    state: PositionState
    changes: int


def _parts_of(beads: Sequence[Bead]) -> Callable[[], object]:
    """As many canonical encodings, hashes and transitions as a life has beads, with nothing in between."""
    bodies = [encode_payload(bead.payload) for bead in beads]
    place = _Place(PositionState.SUBMITTED, 0)

    def encode_hash_and_move() -> None:
        bead_hash = b""
        for body in bodies:
            encoded = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
            bead_hash = sha256(bead_hash + encoded).digest()
            replace(place, state=TRANSITIONS[place.state, Trigger.EXECUTION])

    return encode_hash_and_move


@contextmanager
def _durable(folder: str) -> Iterator[tuple[Desk, CountingStore]]:
    opened: list[CountingStore] = []

    def open_store(fold: Fold[State], office: ClaimOffice) -> CountingStore:
        store = CountingStore.create(Path(folder) / "desk.db", fold, office)
        assert isinstance(store, CountingStore)
        opened.append(store)
        return store

    yield Desk(open_store), opened[0]
    opened[0].close()


@contextmanager
def _bare_commits(folder: Path) -> Iterator[Callable[[], None]]:
    """One row, one commit, as durable as the store's and on the same disk."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE bare (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        body, numbers = bytes(1000), count()

        def commit_once() -> None:
            connection.execute("INSERT INTO bare (seq, body) VALUES (?, ?)", (next(numbers), body))

        yield commit_once


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(otherwise)
