"""A store belongs to one account in one mode, from its first bead on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from phoenix.adapters.ids import RandomIds
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.beads.operations import ConfigChangePayload
from phoenix.domain.encoding import Json, content_hash
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import ConfigurationError, StoreMisconfigured
from phoenix.ports.store import BeadStore, Fold, Proposal
from phoenix.runtime.home.directory import Home

_BOUND = ("id", "mode", "currency")


def bind_new_store(home: Home, now: datetime) -> None:
    """Make the store of a new home; its first bead states the configuration that it belongs to."""
    settings = home.settings.document()
    bead = Bead(RandomIds().new_id(), ConfigChangePayload(content_hash(settings), settings), SYSTEM, now)
    store = SqliteStore.create(home.store, Fold(EMPTY, evolve), ClaimOffice())
    try:
        store.transact(lambda _: Proposal((bead,), None))
    finally:
        store.close()


def require_bound(store: BeadStore[Any], settings: Json) -> None:
    """Raises ConfigurationError where the configured account, mode or currency is not the one of the store."""
    first = next(store.read(limit=1), None)
    if first is None or not isinstance(first.bead.payload, ConfigChangePayload):
        raise StoreMisconfigured(
            "the store's first bead binds it to no account; nothing was changed. Make a store with phoenix init"
        )
    require_same_account(first.bead.payload.settings, settings)


def require_same_account(recorded: Json, configured: Json) -> None:
    """Raises ConfigurationError where the configured account, mode or currency is not the recorded one."""
    theirs, ours = _account(recorded), _account(configured)
    for name in _BOUND:
        if ours.get(name) != theirs.get(name):
            raise ConfigurationError(
                f"account.{name}: the store belongs to {theirs.get(name)!r}, the configuration says "
                f"{ours.get(name)!r}; nothing was changed. Use the store of that account, or correct the configuration"
            )


def _account(settings: Json) -> Mapping[str, Json]:
    account = settings.get("account") if isinstance(settings, Mapping) else None
    return account if isinstance(account, Mapping) else {}
