"""What a halt leaves at the broker, and the exits that flatten it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.cli.views.figures import UNKNOWN, add, gain, price, table, units
from phoenix.cli.views.times import distance
from phoenix.domain.vocabulary import DecisionKind
from phoenix.runtime.readings import OrderReading
from phoenix.runtime.readings.positions import PositionReading
from phoenix.runtime.readings.reviews import Review
from phoenix.runtime.words.ids import short


def halt_view(
    resting: Sequence[OrderReading], opened: Sequence[PositionReading], currency: str, now: datetime
) -> RenderableType:
    """The entries that can still fill, and what is open, each with its command."""
    parts: list[RenderableType] = []
    if resting:
        parts += [Text(f"\n{len(resting)} resting: can still fill", "bold"), _resting(resting, now)]
    else:
        parts.append(Text("\nNo entry rests at the broker."))
    if opened:
        parts += [Text(f"\n{len(opened)} open", "bold"), _opened(opened, currency)]
        parts.append(Text("All at once, with one confirmation: phoenix halt --flatten"))
    else:
        parts.append(Text("Nothing is open."))
    return Group(*parts)


def exits_view(rows: Sequence[tuple[Review, PositionReading]], currency: str, now: datetime) -> RenderableType:
    """All exits of one ceremony, each with the evidence that its approval names."""
    made = table("Position", "Exit", ">At most", ">Average\nLast quote", f">Open {currency}", "Evidence")
    for review, reading in rows:
        bundle = review.bundle if isinstance(review.bundle, dict) else {}
        position = reading.position
        most = f"{units(_number(bundle.get('maximum_quantity')))}\n{units(position.open_quantity)} open"
        average = price(position.fills.average_entry_price, reading.instrument)
        add(
            made, short(position.position_id), f"{bundle.get('action')} {position.terms.pair}\nat the market", most,
            f"{average}\n{_quote(reading)}", gain(reading.unrealised, UNKNOWN),
            f"{review.bundle_hash[:16]}\n{_quoted(reading, now)}",
        )  # fmt: skip
    return Group(Text("\nExits to approve", "bold"), made, Text(""))


def _resting(resting: Sequence[OrderReading], now: datetime) -> RenderableType:
    made = table("What", ">Filled", ">Sent", "Cancel it")
    for order in resting:
        leg = order.leg
        what = f"{leg.leg.action.value} {units(leg.total)} {order.pair} {leg.leg.order_type.value}, {leg.status.value}"
        command = f"phoenix positions cancel {short(order.position_id)}"
        add(made, what, units(leg.executed), distance(leg.sent_at, now), command)
    return made


def _opened(opened: Sequence[PositionReading], currency: str) -> RenderableType:
    made = table("What", f">Open {currency}", "Protection", "Next")
    for reading in opened:
        position = reading.position
        what = f"{position.terms.side.value} {units(position.open_quantity)} {position.terms.pair}"
        is_closable = any(way.decision is DecisionKind.CLOSE for way in reading.ways)
        command = f"phoenix positions {'close' if is_closable else 'show'} {short(position.position_id)}"
        add(made, what, gain(reading.unrealised, UNKNOWN), position.protection.value, command)
    return made


def _number(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def _quoted(reading: PositionReading, now: datetime) -> str:
    return "" if reading.quote is None else f"quote {distance(reading.quote.as_of, now)}"


def _quote(reading: PositionReading) -> str:
    if reading.quote is None:
        return UNKNOWN
    bid, ask = (price(value, reading.instrument) for value in (reading.quote.bid, reading.quote.ask))
    return f"{bid} / {ask}"
