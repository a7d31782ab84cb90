"""A simulated account that a home's rules take for another kind."""

from __future__ import annotations

from datetime import UTC, datetime

from phoenix.domain.vocabulary import AccountMode
from phoenix.runtime.home import Home
from phoenix.runtime.home.binding import bind_new_store


def rebound(home: Home, mode: AccountMode) -> Home:
    """The home with a new store that belongs to its account in this mode. What the file says does not change."""
    account = home.settings.account.model_copy(update={"mode": mode})
    made = Home(home.directory, home.settings.model_copy(update={"account": account}))
    for file in home.directory.glob("phoenix.db*"):
        file.unlink()
    (home.directory / "checkpoints.jsonl").unlink(missing_ok=True)
    bind_new_store(made, datetime.now(UTC))
    return made
