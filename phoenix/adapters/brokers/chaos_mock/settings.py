"""What the mock broker is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from phoenix.adapters.simulation.book_file import BookFile, Identity
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.keeping import Keeper
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.domain.errors import InvalidValue
from phoenix.ports.clock import Clock

ACCOUNT_PREFIX = "SIM"


@dataclass(frozen=True, slots=True)
class ChaosMockSettings:
    """A simulated broker: its options, the prices by pair, the faults in force, and the clock its callers live by.

    `client_id` is the session's; the account of the options must begin with SIM. `book` is the file that the broker
    lives in, made where there is none; without one it lives in memory. `faults` are those of a book that begins now.
    """

    options: EngineOptions
    feeds: Mapping[str, PriceFeed]
    clock: Clock
    starts_at: datetime
    faults: tuple[Fault, ...] = ()
    client_id: int = 1
    book: Path | None = None

    def __post_init__(self) -> None:
        if not self.options.account.startswith(ACCOUNT_PREFIX):
            raise InvalidValue(
                "broker.account",
                f"{self.options.account!r} is no simulator account",
                f"Use an account that begins with {ACCOUNT_PREFIX}",
            )
        if self.client_id < 1:
            raise InvalidValue("broker.client_id", f"{self.client_id} is below 1", "Use 1 or more")

    def keeper(self) -> Keeper:
        """What keeps the broker's state: its book, or nothing."""
        if self.book is None:
            return Keeper()
        return BookFile(self.book, Identity(self.options.account, self.options.currency, self.options.seed),
                        self.starts_at)  # fmt: skip
