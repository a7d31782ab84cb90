"""What happens on a chain, told bead by bead as it is appended, whoever appends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from phoenix.domain.beads.envelope import SealedBead
from phoenix.ports.store import BeadStore

Tell: TypeAlias = Callable[[SealedBead], None]
"""Told every new bead once, in order. Must not raise."""


def tell_nobody(_: SealedBead) -> None:
    """Keeps it to itself."""


class Narration:
    """Tells the beads behind the place where it began."""

    def __init__(self, store: BeadStore[Any], tell: Tell) -> None:
        self._store = store
        self._tell = tell
        self._seq = store.head().seq

    def go_on(self) -> None:
        """Tell what was appended since the last time. Raises StoreError."""
        if self._tell is tell_nobody:
            return
        for item in self._store.read(after_seq=self._seq):
            self._tell(item)
            self._seq = item.seq
