"""When an instrument trades, and when its broker resets its servers.

Time zones are data of the world, so the domain is told, not asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TradingSession:
    """The session around an instant: its date, whether the market is open then, and when the session ends."""

    session_date: date
    is_open: bool
    ends_at: datetime


class TradingCalendar(ABC):
    @abstractmethod
    def session(self, pair: str, instant: datetime) -> TradingSession:
        """The session that `instant` falls into; outside trading hours the next one, marked as not open."""

    @abstractmethod
    def reset_until(self, instant: datetime) -> datetime | None:
        """When the broker's nightly reset around an instant is over; None outside of any."""
