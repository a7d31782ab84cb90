"""One connected client: what it was told, what it follows, and the orders it has not released yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.gateway.wire.replies import ErrorReply, Reply
from phoenix.adapters.gateway.wire.requests import PlaceOrder
from phoenix.adapters.simulation.account import Net
from phoenix.adapters.simulation.prices import MarketQuote

ABOUT_NOTHING = -1
"""The request id of a message that concerns neither an order nor a request."""


@dataclass(slots=True, eq=False)
class PriceFollower:
    """One market data request, and the quote it was last sent."""

    request_id: int
    pair: str
    is_snapshot: bool
    last: MarketQuote | None = None


@dataclass(slots=True, eq=False)
class ProfitFollower:
    """One request for profit and loss, of the account or of one pair, and what it was last sent."""

    request_id: int
    pair: str | None
    last: tuple[Decimal | None, ...] | None = None


@dataclass(slots=True, eq=False)
class HoldingsFollower:
    """What a client was last told of the holdings, and what the books held when all of it had been told."""

    told: dict[str, Net] = field(default_factory=dict)
    seen: dict[str, Net] | None = None


@dataclass(slots=True, eq=False)
class AccountFollower:
    """What a client was last told of the account's values, and of the holdings."""

    values: dict[str, str] = field(default_factory=dict)
    holdings: HoldingsFollower = field(default_factory=HoldingsFollower)


@dataclass(slots=True, eq=False)
class Client:
    """A connection. `say` puts a reply on its wire; `hang_up` ends it once everything said before has left."""

    say: Callable[[Reply], None]
    hang_up: Callable[[], None]
    client_id: int | None = None
    started_at: datetime | None = None
    untransmitted: dict[int, PlaceOrder] = field(default_factory=dict)
    prices: dict[int, PriceFollower] = field(default_factory=dict)
    profits: dict[int, ProfitFollower] = field(default_factory=dict)
    positions: HoldingsFollower | None = None
    account: AccountFollower | None = None
    accounts: dict[int, AccountFollower] = field(default_factory=dict)

    def forget_subscriptions(self) -> None:
        """Follow nothing any more."""
        self.prices.clear()
        self.profits.clear()
        self.positions = None
        self.account = None
        self.accounts.clear()

    @property
    def is_started(self) -> bool:
        return self.client_id is not None

    @property
    def number(self) -> int:
        """The client id. Raises RuntimeError before the client has named it."""
        if self.client_id is None:
            raise RuntimeError("the client has not started its session")
        return self.client_id

    def was_there(self, instant: datetime) -> bool:
        """Whether its session had begun by an instant. What was said before that is asked for, not told again."""
        return self.started_at is not None and self.started_at <= instant

    def refuse(self, request_id: int, code: int, text: str) -> None:
        """An error about an order or a request."""
        self.say(ErrorReply(request_id, code, text))
