"""Finding beads of a chain for those who look at it."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from phoenix.domain.beads.envelope import BeadType, SealedBead
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.store import BeadStore


@dataclass(frozen=True, slots=True)
class BeadFilter:
    """Beads of some types (all, where none is named), of one position's story, behind a place."""

    kinds: Collection[BeadType] = ()
    position_id: str | None = None
    after_seq: int | None = None

    def read(self, store: BeadStore[Any]) -> Iterator[SealedBead]:
        """What passes, in the order of the chain."""
        after_seq = self.after_seq or 0
        found = store.read_of(self.kinds, after_seq) if self.kinds else store.read(after_seq)
        if self.position_id is None:
            return found
        return (item for item in found if getattr(item.bead.payload, "position_id", None) == self.position_id)


def some_beads(store: BeadStore[Any], which: BeadFilter, limit: int) -> list[SealedBead]:
    """At most `limit` beads, oldest first: the first ones behind `after_seq` where it is given, else the last ones."""
    if which.after_seq is not None:
        return list(islice(which.read(store), limit))
    if not which.kinds and which.position_id is None:
        return list(store.read(max(0, store.head().seq - limit)))
    return list(deque(which.read(store), limit))


def the_bead(store: BeadStore[Any], named: str) -> SealedBead:
    """The bead at a place, or with an id or a beginning of it that no other has. Raises Refused."""
    if named.isdecimal() and (item := _at(store, int(named))) is not None:
        return item
    found = [item for item in store.read() if named and item.bead.bead_id.startswith(named.lower())]
    if len(found) == 1:
        return found[0]
    detail = f"no bead is {named}" if not found else f"{named} names {len(found)} beads"
    raise Refused(RefusalReason.NOT_FOUND, "bead", detail, "List the beads with phoenix beads list")


def _at(store: BeadStore[Any], seq: int) -> SealedBead | None:
    if not 1 <= seq <= store.head().seq:
        return None
    return next(iter(store.read(after_seq=seq - 1, limit=1)), None)
