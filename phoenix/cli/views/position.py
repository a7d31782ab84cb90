"""Everything about one position on one screen: terms, money, orders, executions, what is under way, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.cli.views.figures import UNKNOWN, add, age, day_clock, gain, inert, percent, price, table, units
from phoenix.cli.views.orders import order_cells, order_table
from phoenix.cli.views.times import clock, distance
from phoenix.cli.way_commands import command_of
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import ActionIntent
from phoenix.runtime.readings.positions import LastWord, PositionReading
from phoenix.runtime.words.ids import short

_LABEL_WIDTH = 12
_COMMAND_WIDTH = 54


def position_view(
    reading: PositionReading, words: Mapping[str, LastWord], currency: str, now: datetime
) -> RenderableType:  # fmt: skip
    """One position, top to bottom in the order in which a person needs it."""
    parts: list[RenderableType] = [Text(inert("\n".join(_head(reading, currency, now))), overflow="fold")]
    parts += [Text(inert(f"! {c.word}: {c.text}"), "bold", overflow="fold") for c in reading.concerns]
    if reading.position.legs:
        parts += [Text("\nOrders", "bold"), _orders(reading, words, now)]
    if reading.position.fills.fills:
        parts += [Text("\nExecutions", "bold"), _executions(reading, now)]
    if reading.position.actions:
        parts += [Text("\nExits and protections", "bold"), _actions(reading, now)]
    parts.append(Text("\nWhat can be done", "bold"))
    parts.append(Text(inert("\n".join(_ways(reading))), overflow="fold"))
    return Group(*parts)


def _head(reading: PositionReading, currency: str, now: datetime) -> Iterator[str]:
    position, terms, unit = reading.position, reading.position.terms, reading.instrument
    state = "none" if position.state is None else position.state.value
    yield f"{state}  {terms.side.value} {units(terms.quantity)} {terms.pair}  in {terms.account}"
    yield _line("position", f"{position.position_id}, strategy {position.strategy_id}")
    yield _line("intent", f"{position.intent_id}, {_origin(reading)}")
    entry = f"{terms.order_type.value} {terms.time_in_force.value}, entry {price(terms.entry_price, unit)}"
    yield _line(
        "planned",
        f"{entry}, stop {price(terms.stop_price, unit)}, target {price(terms.target_price, unit)}",
    )
    average = position.fills.average_entry_price
    at = "" if average is None else f" @ {price(average, unit)}"
    yield _line(
        "filled",
        f"{units(position.fills.entry_quantity)}{at} ({percent(position.partial_fill_ratio)}), "
        f"{units(position.open_quantity)} open, protection {position.protection.value}",
    )
    yield _line("result", _result(reading, currency, now))
    since = "never" if position.since is None else f"{clock(position.since, now)}, {distance(position.since, now)}"
    opened = "" if position.opened_at is None else f"; opened {distance(position.opened_at, now)}"
    yield _line("since", f"{state} since {since}{opened}")


def _origin(reading: PositionReading) -> str:
    position = reading.position
    if position.adopted_from is not None:
        return f"adopted from {position.adopted_from}"
    return "no signal" if position.signal_id is None else f"of signal {position.signal_id}"


def _result(reading: PositionReading, currency: str, now: datetime) -> str:
    position, quote, unit = reading.position, reading.quote, reading.instrument
    realised = "nothing realised" if reading.realised is None else f"realised {gain(reading.realised)} {currency}"
    if position.exit_reason is not None:
        exited = price(position.fills.average_exit_price, unit)
        realised += f" by {position.exit_reason.value} @ {exited}"
    if position.open_quantity <= ZERO:
        return realised
    if reading.unrealised is None or quote is None:
        return f"open {UNKNOWN}, for no quote is known; {realised}"
    marked = f"at {price(quote.bid, unit)} / {price(quote.ask, unit)} of {distance(quote.as_of, now)}"
    return f"open {gain(reading.unrealised)} {currency} {marked}; {realised}"


def _orders(reading: PositionReading, words: Mapping[str, LastWord], now: datetime) -> RenderableType:
    made = order_table("Order")
    for leg in reading.position.legs:
        add(
            made,
            f"{leg.leg.role.value}\n{leg.leg.reference}",
            *order_cells(leg, words.get(leg.leg.reference), reading.instrument, now),
        )
    return made


def _executions(reading: PositionReading, now: datetime) -> RenderableType:
    made = table("At (UTC)", "Role", ">Quantity", ">Price", "Execution")
    for fill in reading.position.fills.fills:
        add(
            made,
            day_clock(fill.executed_at, now),
            fill.role.value,
            units(fill.quantity),
            price(fill.price, reading.instrument),
            fill.execution_id,
        )
    return made


def _actions(reading: PositionReading, now: datetime) -> RenderableType:
    made = table("Intent", "Kind", "Stage", ">At most", "What", ">Sent")
    for action in reading.position.actions:
        stage = f"{action.stage.value}{', SILENT' if action.is_silent else ''}"
        what, sent = _what(action, reading.instrument), age(action.sent_at, now)
        add(made, short(action.intent_id), action.kind.value, stage, units(action.maximum_quantity), what, sent)
    return made


def _what(action: ActionIntent, instrument: Instrument | None) -> str:
    if action.stop_price is None and action.target_price is None:
        return "at the market"
    stop, target = (price(value, instrument) for value in (action.stop_price, action.target_price))
    return f"stop {stop}, target {target}"


def _ways(reading: PositionReading) -> Iterator[str]:
    name = short(reading.position.position_id)
    commands = [(command_of(way), way.text) for way in reading.ways]
    commands.append((f"phoenix positions history {name}", "read its whole story"))
    for command, text in commands:
        yield (
            f"{command:<{_COMMAND_WIDTH}}  {text}" if len(command) <= _COMMAND_WIDTH else f"{command}\n{' ' * 4}{text}"
        )


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL_WIDTH}}{text}"
