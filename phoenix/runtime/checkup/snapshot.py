"""Holding the snapshot against the chain that it is a view of, folded anew from its beginning."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import reduce

from immutables import Map

from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.state import State
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.snapshots import Snapshot, Unusable
from phoenix.runtime.home import Home
from phoenix.runtime.home.snapshots import latest_snapshot
from phoenix.runtime.home.store import open_store


class SnapshotVerdict(StrEnum):
    EQUAL = "EQUAL"
    DIFFERENT = "DIFFERENT"
    UNUSABLE = "UNUSABLE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class SnapshotCheck:
    """What was found, in words too. `seq` is the bead that the snapshot was folded up to, where it could be read.

    Only DIFFERENT is a fault: without a snapshot that can be used, the whole chain is folded.
    """

    verdict: SnapshotVerdict
    seq: int | None
    detail: str

    @property
    def ok(self) -> bool:
        return self.verdict is not SnapshotVerdict.DIFFERENT


def check_snapshot(home: Home) -> SnapshotCheck:
    """Fold the chain anew up to the newest snapshot and compare the two states.

    Raises StoreCorrupt where the chain does not hold the snapshot's bead, and whatever stops a store from being opened.
    """
    found = latest_snapshot(home)
    if found is None:
        return SnapshotCheck(SnapshotVerdict.NONE, None, "no snapshot was kept yet")
    if isinstance(found, Unusable):
        return SnapshotCheck(SnapshotVerdict.UNUSABLE, None, found.reason)
    difference = _first_difference(found.state, _folded_anew(home, found))
    seq = found.head.seq
    if difference is None:
        return SnapshotCheck(SnapshotVerdict.EQUAL, seq, f"the snapshot is what the first {seq} beads come to")
    return SnapshotCheck(
        SnapshotVerdict.DIFFERENT, seq,
        f"the snapshot differs from what the first {seq} beads come to, in {difference}. "
        f"Remove {home.snapshot} and find out who wrote it",
    )  # fmt: skip


def _folded_anew(home: Home, snapshot: Snapshot[State]) -> State:
    store = open_store(home, ClaimOffice(), snapshot)
    try:
        return reduce(evolve, (item.bead for item in store.read(limit=snapshot.head.seq)), EMPTY)
    finally:
        store.close()


def _first_difference(kept: State, folded: State) -> str | None:
    """The first field in which two states differ, with the key where it is a map."""
    for field in fields(State):
        one, other = getattr(kept, field.name), getattr(folded, field.name)
        if one != other:
            return field.name + _first_key(one, other)
    return None


def _first_key(one: object, other: object) -> str:
    if not (isinstance(one, Map) and isinstance(other, Map)):
        return ""
    absent = object()
    differing = [key for key in {*one, *other} if one.get(key, absent) != other.get(key, absent)]
    return f"[{min(map(str, differing))}]"
