"""The price file: lines of `instant,pair,bid,ask`, in the order of their instants, appended by whoever knows prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from phoenix.ports.broker_facts import Quote


class PriceFile:
    """Reads quotes as their time comes. A line without its end is not read yet; one that is no quote stops the feed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._waiting: list[Quote] = []
        self.problem: str | None = None

    def until(self, now: datetime) -> list[Quote]:
        """The quotes that have come due since the last time."""
        self._read_on()
        due = [quote for quote in self._waiting if quote.as_of <= now]
        self._waiting = self._waiting[len(due) :]
        return due

    def next_due(self) -> datetime | None:
        """The instant of the next quote that is known already."""
        return self._waiting[0].as_of if self._waiting else None

    def _read_on(self) -> None:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                text = file.read()
        except OSError as error:
            self.problem = f"{self._path.name} cannot be read: {error.strerror}"
            return
        self.problem = None
        for line in text.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                return
            quote = _quote(line.decode(errors="replace").strip())
            if quote is None or (self._waiting and quote.as_of < self._waiting[-1].as_of):
                self.problem = f"{self._path.name} holds {line!r}, which is no quote here"
                return
            self._waiting.append(quote)
            self._offset += len(line)


def _quote(line: str) -> Quote | None:
    """The quote of a line, or None where it is none: a missing offset, a crossed price and a NaN are none."""
    try:
        instant, pair, bid, ask = line.split(",")
        quote = Quote(pair, Decimal(bid), Decimal(ask), datetime.fromisoformat(instant))
        is_price = 0 < quote.bid <= quote.ask and quote.ask.is_finite()
    except (ValueError, InvalidOperation):
        return None
    if quote.as_of.tzinfo is None or not is_price:
        return None
    return replace(quote, as_of=quote.as_of.astimezone(UTC))
