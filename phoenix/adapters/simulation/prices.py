"""Where prices come from: one feed per pair, read forward in virtual time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


class PriceBar(Protocol):
    """The prices of a stretch of time that begins at `start`."""

    @property
    def start(self) -> datetime: ...
    @property
    def bid_open(self) -> Decimal: ...
    @property
    def bid_high(self) -> Decimal: ...
    @property
    def bid_low(self) -> Decimal: ...
    @property
    def bid_close(self) -> Decimal: ...
    @property
    def ask_open(self) -> Decimal: ...
    @property
    def ask_high(self) -> Decimal: ...
    @property
    def ask_low(self) -> Decimal: ...
    @property
    def ask_close(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class MarketQuote:
    """Best bid and ask, and the instant they were made."""

    bid: Decimal
    ask: Decimal
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """One quote, seen as a bar whose prices are all one."""

    start: datetime
    bid: Decimal
    ask: Decimal

    @property
    def bid_open(self) -> Decimal:
        return self.bid

    @property
    def bid_high(self) -> Decimal:
        return self.bid

    @property
    def bid_low(self) -> Decimal:
        return self.bid

    @property
    def bid_close(self) -> Decimal:
        return self.bid

    @property
    def ask_open(self) -> Decimal:
        return self.ask

    @property
    def ask_high(self) -> Decimal:
        return self.ask

    @property
    def ask_low(self) -> Decimal:
        return self.ask

    @property
    def ask_close(self) -> Decimal:
        return self.ask


class PriceFeed(ABC):
    """The prices of one pair. `is_quote_driven`: an order that can execute does so on the quote it finds.

    Otherwise prices come as bars and an order waits for the next one. `position` says how far the feed was read, as
    plain text, so that a book kept elsewhere can go on from there.
    """

    pair: str
    is_quote_driven: bool

    @abstractmethod
    def next_at(self, not_before: datetime) -> datetime | None:
        """The start of the next unread event at or after `not_before`; None when there is none."""

    @abstractmethod
    def take(self, not_before: datetime) -> PriceBar:
        """Read that event; those before it are passed over. Raises LookupError when there is none."""

    @abstractmethod
    def quote(self, now: datetime) -> MarketQuote | None:
        """The latest prices known at `now`; None before the first."""

    def forget(self, before: datetime) -> None:  # noqa: B027 - most feeds hold on to what they were given
        """Nothing older than an instant will be asked for."""

    def terms(self) -> str:
        """What the prices are made from, where they are made up: with other terms, positions mean something else."""
        return ""

    @abstractmethod
    def position(self) -> str: ...

    @abstractmethod
    def resume(self, position: str) -> None:
        """Go on from a position. Raises InvalidValue for one that this feed does not have."""
