"""Everything a simulated broker consists of, at one instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from phoenix.adapters.simulation.account import Account
from phoenix.adapters.simulation.agenda import Agenda
from phoenix.adapters.simulation.book import Book
from phoenix.adapters.simulation.delivery import Delivery
from phoenix.adapters.simulation.ledger import BrokerLedger
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.prices import MarketQuote, PriceFeed
from phoenix.adapters.simulation.script import Script

INSTANT_RESOLUTION = timedelta(microseconds=1)
"""The smallest step of time: what becomes eligible "after" an instant is eligible this much later."""


@dataclass(slots=True)
class World:
    """The parts, and the instant they have reached."""

    options: EngineOptions
    feeds: Mapping[str, PriceFeed]
    book: Book
    account: Account
    ledger: BrokerLedger
    agenda: Agenda
    delivery: Delivery
    script: Script
    now: datetime

    def after(self, seconds: float) -> datetime:
        return self.now + timedelta(seconds=seconds)

    def market_quote(self, pair: str) -> MarketQuote | None:
        """What the market really is, frozen quotes or not."""
        feed = self.feeds.get(pair)
        return None if feed is None else feed.quote(self.now)

    def is_quote_driven(self, order: Order) -> bool:
        feed = self.feeds.get(order.request.pair)
        return feed is not None and feed.is_quote_driven

    def cross_rate(self, pair: str) -> Decimal | None:
        """What one unit of the pair's quote currency is worth, where neither side of the pair is the account's.

        None when the pair's own price does the conversion. Raises LookupError when nothing gives a rate.
        """
        base, quoted = self.options.currencies(pair)
        home = self.options.currency
        if home in (base, quoted):
            return None
        direct = self.market_quote(quoted + home)
        if direct is not None:
            return (direct.bid + direct.ask) / 2
        inverse = self.market_quote(home + quoted)
        if inverse is not None:
            return 2 / (inverse.bid + inverse.ask)
        return self.options.rates[quoted]
