"""Whether the chain is whole, and is the one that was checkpointed."""

from __future__ import annotations

from typing import Any

from phoenix.adapters.checkpoints import verify_against_checkpoint
from phoenix.adapters.store.sqlite import SqliteSettings
from phoenix.adapters.store.sqlite.verifying import OnWalk, verify_file
from phoenix.ports.errors import ConfigurationError, StoreError
from phoenix.ports.store import BeadStore, Verification
from phoenix.runtime.checkup.finding import Finding, failed, ok, warning
from phoenix.runtime.checkup.snapshot import SnapshotVerdict, check_snapshot
from phoenix.runtime.home import Home
from phoenix.runtime.process.opening import open_checkpoints

CHAIN, CHECKPOINT, SNAPSHOT = "chain", "checkpoint", "snapshot"
_COVERED_WELL = 2
"""So many times the configured number of beads may stand uncovered before it is worth a word."""


def _unwatched(done: int, total: int) -> None:
    del done, total


def chain(home: Home, *, thorough: bool = True, on_walk: OnWalk = _unwatched) -> Finding:
    """Every bead against its neighbours and, if thorough, its bytes and keys, and the database's own indexes."""
    try:
        found = verification(home, thorough=thorough, on_walk=on_walk)
    except StoreError as error:
        return failed(CHAIN, str(error), "restore a backup of the store")
    return of_verification(found)


def verification(home: Home, *, thorough: bool, on_walk: OnWalk) -> Verification:
    """The walk over a home's chain, which needs no chain that can be folded. Raises StoreError."""
    settings = SqliteSettings(busy_timeout_s=home.settings.store.busy_timeout_s)
    return verify_file(home.store, settings, thorough=thorough, on_walk=on_walk)


def of_verification(found: Verification) -> Finding:
    """A walk's outcome as a finding; the first bead that is not what it should be is named."""
    if found.ok:
        return ok(CHAIN, f"{found.checked} beads are whole and in their order, up to {found.head.bead_hash.hex()[:13]}")
    return failed(CHAIN, f"bead {found.first_bad_seq}: {found.problem}",
                  "do not trade; restore a backup, and keep this file to find out who changed it")  # fmt: skip


def checkpoint(home: Home, store: BeadStore[Any]) -> Finding:
    """Whether the chain's end is where its last signed checkpoint says, and how much none covers."""
    try:
        window = verify_against_checkpoint(store, open_checkpoints(home))
    except (StoreError, ConfigurationError) as error:
        return failed(CHECKPOINT, str(error), "do not trade; restore the newest copy of store and checkpoints")
    limit = _COVERED_WELL * home.settings.checkpoints.every_beads
    if window.checkpoint is None or window.uncovered_beads > limit:
        return warning(CHECKPOINT, str(window), "phoenix checkpoint")
    return ok(CHECKPOINT, str(window))


def snapshot(home: Home) -> Finding:
    """Whether the kept state is what the chain comes to, folded anew."""
    try:
        found = check_snapshot(home)
    except (StoreError, ConfigurationError) as error:
        return failed(SNAPSHOT, str(error), f"rm {home.snapshot}; the next start folds the whole chain")
    if not found.ok:
        return failed(SNAPSHOT, found.detail, f"rm {home.snapshot}; find out who wrote it")
    if found.verdict is SnapshotVerdict.UNUSABLE:
        return warning(SNAPSHOT, found.detail, f"rm {home.snapshot}; the next start folds the whole chain")
    return ok(SNAPSHOT, found.detail)
