"""The rule of the chain: every bead in its place, every byte as it was written; and two histories held side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import zip_longest

from phoenix.history_check.records import GENESIS, Bead, HistoryBead, Unreadable, read_bead


@dataclass(slots=True)
class Chain:
    """The chain as far as it was walked. Behind a bad bead it goes on from what that bead claims."""

    seq: int = 0
    head: bytes = GENESIS
    problems: list[tuple[int, str]] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    def walk(self, beads: Iterable[HistoryBead]) -> Iterator[Bead]:
        """The beads that read, in order; what is wrong with them or the others gathers in `problems`."""
        for raw in beads:
            self.problems += [(raw.seq, problem) for problem in self._links(raw)]
            former_head, former_seq = self.head, self.seq
            self.seq, self.head = raw.seq, raw.bead_hash
            try:
                bead = read_bead(raw.body)
            except Unreadable as error:
                self.problems.append((raw.seq, str(error)))
                continue
            self.problems += [(raw.seq, problem) for problem in self._content(raw, bead, former_seq, former_head)]
            yield bead

    def _links(self, raw: HistoryBead) -> Iterator[str]:
        if raw.seq != self.seq + 1:
            yield f"bead {raw.seq} follows bead {self.seq}"
        if raw.prev_hash != self.head:
            yield "the bead does not continue the one before it"
        if sha256(raw.prev_hash + raw.body).digest() != raw.bead_hash:
            yield "the bytes are not those that were hashed"

    def _content(self, raw: HistoryBead, bead: Bead, former_seq: int, former_head: bytes) -> Iterator[str]:
        if bead.seq != raw.seq:
            yield f"the bytes say bead {bead.seq}"
        if bead.bead_id in self._ids:
            yield f"bead id {bead.bead_id} was used before"
        self._ids.add(bead.bead_id)
        if bead.kind == "CHECKPOINT":
            stated = (bead.payload["head_seq"], bead.payload["head_hash"])
            if stated != (str(former_seq), former_head.hex()):
                yield f"the checkpoint states head {stated[0]}, which is not the bead before it"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two histories part: the place, and what each has there (None where it has ended)."""

    seq: int
    first: bytes | None
    second: bytes | None


def first_difference(first: Iterable[HistoryBead], second: Iterable[HistoryBead]) -> Difference | None:
    """Where two histories of the same seed and inputs part, byte by byte; None when they are the same."""
    for place, (one, other) in enumerate(zip_longest(first, second), start=1):
        if one != other:
            return Difference(place, None if one is None else one.body, None if other is None else other.body)
    return None
