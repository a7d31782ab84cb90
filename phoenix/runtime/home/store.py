"""A home's store, opened to be read, recorded in, or worked on."""

from __future__ import annotations

from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.state import State
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.snapshots import Snapshot
from phoenix.ports.store import BeadStore, Fold
from phoenix.runtime.home.binding import require_bound
from phoenix.runtime.home.directory import Home


def open_store(home: Home, office: ClaimOffice, snapshot: Snapshot[State] | None) -> BeadStore[State]:
    """The home's store, bound to the configured account, folded from its beginning or from a snapshot.

    Folding checks every hash and link of what is folded.

    Raises StoreMisconfigured, StoreCorrupt, StoreUnavailable or ConfigurationError, and changes nothing then.
    """
    settings = SqliteSettings(busy_timeout_s=home.settings.store.busy_timeout_s)
    store = SqliteStore.open(home.store, Fold(EMPTY, evolve), office, settings, snapshot)
    try:
        require_bound(store, home.settings.document())
    except BaseException:
        store.close()
        raise
    return store


def require_whole(store: BeadStore[State]) -> None:
    """Walk the whole chain, also what a snapshot stands for. Raises StoreCorrupt, naming the first bad bead."""
    found = store.verify(thorough=False)
    if not found.ok:
        raise StoreCorrupt(
            f"bead {found.first_bad_seq}: {found.problem}. Nothing was changed; verify the chain or restore a backup"
        )
