"""Making a home, once; nothing is ever overwritten."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from phoenix.adapters.checkpoints import make_key
from phoenix.config import Settings
from phoenix.domain.errors import InvalidValue
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.home.binding import bind_new_store
from phoenix.runtime.home.default_configuration import default_configuration
from phoenix.runtime.home.directory import BOOK, CONFIGURATION, INBOX_FOLDERS, Home

_SIMULATED = Settings().account.policy()


def init(directory: Path, now: datetime, account: AccountPolicy = _SIMULATED) -> Home:
    """Make a data directory for an account: configuration, store, checkpoint key, inbox.

    The first bead binds the store to its account and mode. Raises ConfigurationError where any of these files exists
    already.
    """
    default = Home(directory, Settings())
    _require_free(
        [directory / BOOK, directory / CONFIGURATION, default.store, default.private_key, default.checkpoints]
    )
    directory.mkdir(parents=True, exist_ok=True)
    for name in INBOX_FOLDERS:
        (default.inbox / name).mkdir(parents=True, exist_ok=True)
    public_key = make_key(default.private_key)
    (directory / CONFIGURATION).write_text(default_configuration(public_key, account), encoding="utf-8")
    home = Home.open(directory)
    bind_new_store(home, now)
    return home


def account_named(account: str, currency: str) -> AccountPolicy:
    """The account that a home is made for, in the mode that its name tells. Raises InvalidValue."""
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise InvalidValue("currency", f"{currency!r} is no currency", "Give three capitals, as USD")
    if not re.fullmatch(r"(SIM|DU)[A-Z0-9]{1,20}", account):
        raise InvalidValue(
            "account", f"{account!r} is neither a simulator nor a paper account",
            "Give one that begins with SIM or DU; a home for a live account is not made by a command",
        )  # fmt: skip
    return AccountPolicy(account, AccountMode.SIMULATOR if account.startswith("SIM") else AccountMode.PAPER, currency)


def _require_free(paths: list[Path]) -> None:
    for path in paths:
        if path.exists():
            raise ConfigurationError(
                f"{path}: something is here already; it was left as it was. Use it, or choose another directory"
            )
