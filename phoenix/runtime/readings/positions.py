"""One position as surfaces show it: what it holds, what that is worth, what is wrong with it, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.profit import realised_pnl, unrealised_pnl
from phoenix.domain.vocabulary import Side
from phoenix.ports.answers import Answer, Complete
from phoenix.ports.broker_facts import Quote
from phoenix.runtime.readings.concerns import Concern, concerns_of
from phoenix.runtime.readings.ways import Way, ways_on


@dataclass(frozen=True, slots=True)
class PositionReading:
    """Money is in the account's currency. `unrealised` is None where nothing is open, or no quote is known.

    `instrument` is None where it left the configuration; `quote` is the one it was marked to, however old.
    """

    position: Position
    instrument: Instrument | None
    quote: Quote | None
    unrealised: Decimal | None
    realised: Decimal | None
    concerns: tuple[Concern, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class LastWord:
    """The newest ORDER bead about one of our orders."""

    payload: OrderPayload
    recorded_at: datetime


def read_position(position: Position, instrument: Instrument | None, quote: Answer[Quote]) -> PositionReading:
    """A position, marked to a quote where one is known."""
    known = quote.value if isinstance(quote, Complete) else None
    realised = realised_pnl(position.fills, position.terms.side, position.money_rule)
    return PositionReading(
        position, instrument, known, _unrealised(position, known), realised, concerns_of(position), ways_on(position)
    )  # fmt: skip


def last_words(story: Sequence[Bead]) -> dict[str, LastWord]:
    """The last word on each order of a position, by its reference."""
    found: dict[str, LastWord] = {}
    for bead in story:
        payload = bead.payload
        if isinstance(payload, OrderPayload) and payload.client_order_id is not None:
            found[payload.client_order_id] = LastWord(payload, bead.timestamp)
    return found


def _unrealised(position: Position, quote: Quote | None) -> Decimal | None:
    average, side = position.fills.average_entry_price, position.terms.side
    if quote is None or average is None or position.open_quantity <= ZERO:
        return None
    closing = quote.bid if side is Side.LONG else quote.ask
    return unrealised_pnl(position.open_quantity, average, closing, side, position.money_rule)
