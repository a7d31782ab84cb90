"""What a new home is made of."""

from __future__ import annotations

from typing import Any

from phoenix.runtime.home import Home, configuration_of


def home_document(home: Home) -> dict[str, Any]:
    """The home and its parts, each with its place."""
    account = home.settings.account
    return {
        "home": str(home.directory), "account": account.id, "mode": account.mode.value,
        "configuration": str(configuration_of(home.directory)), "store": str(home.store),
        "private_key": str(home.private_key), "public_key": home.settings.checkpoints.public_key,
        "checkpoints": str(home.checkpoints), "inbox": str(home.inbox), "alerts": str(home.alerts),
    }  # fmt: skip


def made_lines(home: Home) -> list[str]:
    """The same for people."""
    account = home.settings.account
    parts = (
        (configuration_of(home.directory), "the configuration; every setting is explained there"),
        (home.store, f"the store, bound to {account.id} ({account.mode.value}, {account.currency}) for good"),
        (home.private_key, "the key that signs checkpoints, for you alone; its public half is in the configuration"),
        (home.inbox, "the folder that signals may be dropped into"),
    )
    width = max(len(path.name) for path, _ in parts)
    return [f"Made {home.directory}:", *(f"  {path.name:<{width}}  {what}" for path, what in parts)]
