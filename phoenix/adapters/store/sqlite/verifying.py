"""Verifying the file of a store without folding it, so that a broken chain is walked up to where it breaks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from phoenix.adapters.store.sqlite.connections import Connections, SqliteSettings
from phoenix.adapters.store.sqlite.file import require_phoenix_file
from phoenix.adapters.store.sqlite.source import SqliteSource
from phoenix.adapters.store.verification import WatchedScan, verify_all, verify_links
from phoenix.ports.store import Verification

OnWalk: TypeAlias = Callable[[int, int], None]
"""Told how many beads have been walked over, and how many there are."""


def verify_file(path: Path, settings: SqliteSettings, *, thorough: bool, on_walk: OnWalk) -> Verification:
    """As `BeadStore.verify`, telling how far it has come.

    Raises StoreMisconfigured for what is no store, StoreUnavailable and StoreCorrupt where it cannot be read at all.
    """
    require_phoenix_file(path)
    with closing(SqliteSource(Connections(path, settings))) as source, source.scan() as scan:
        beads = source.head().seq
        watched = WatchedScan(scan, lambda done: on_walk(done, beads))
        return verify_all(watched) if thorough else verify_links(watched.rows())
