"""Beads that units of work want to add, kept together until all of them are stored at once."""

from __future__ import annotations

from phoenix.adapters.store.chain import key_rows_of
from phoenix.domain.beads.catalogue import Key, story_of
from phoenix.domain.beads.envelope import Bead, SealedBead


class Batch:
    """Sealed beads in their order. They are found here by those who come after them, as if they were stored."""

    def __init__(self) -> None:
        self.sealed: list[SealedBead] = []
        self._bearers: dict[tuple[str, str], int] = {}
        self._indexed = 0

    def find(self, key: Key) -> Bead | None:
        """The bead that bears a key, or None when none of these does."""
        seq = self._index().get(key)
        return None if seq is None else self.sealed[seq - self.sealed[0].seq].bead

    def story(self, position_id: str) -> list[Bead]:
        """The beads of one position, oldest first."""
        return [item.bead for item in self.sealed if story_of(item.bead.payload) == position_id]

    def _index(self) -> dict[tuple[str, str], int]:
        """Where the bearer of each key is; worked out only once somebody asks, which is seldom in bulk."""
        for kind, value, seq in key_rows_of(self.sealed[self._indexed :]):
            self._bearers[kind, value] = seq
        self._indexed = len(self.sealed)
        return self._bearers
