"""A home's store, opened to be read, recorded in, or worked on."""

from __future__ import annotations

from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.state import State
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import BeadStore, Fold
from phoenix.runtime.binding import require_bound
from phoenix.runtime.home import Home


def open_store(home: Home, office: ClaimOffice) -> BeadStore[State]:
    """The home's store, bound to the configured account. Folding it checks every hash and link of the chain.

    Raises StoreMisconfigured, StoreCorrupt, StoreUnavailable or ConfigurationError, and changes nothing then.
    """
    settings = SqliteSettings(busy_timeout_s=home.settings.store.busy_timeout_s)
    store = SqliteStore.open(home.store, Fold(EMPTY, evolve), office, settings)
    try:
        require_bound(store, home.settings.document())
    except BaseException:
        store.close()
        raise
    return store
