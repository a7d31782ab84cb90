"""The table of positions, and under it what needs a human."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.views.figures import NONE, UNKNOWN, add, age, gain, inert, percent, price, table, units
from phoenix.cli.views.times import distance
from phoenix.cli.way_commands import command_of, command_to_adopt
from phoenix.domain.numbers import ZERO
from phoenix.runtime.readings.adoptable import Adoptable
from phoenix.runtime.readings.positions import PositionReading
from phoenix.runtime.readings.ways import Way
from phoenix.runtime.words.ids import short

NOTHING = "No position. Ended ones: phoenix positions list --all"


def positions_view(
    readings: Sequence[PositionReading], adoptables: Sequence[Adoptable], currency: str, now: datetime
) -> RenderableType:
    """A row for each position; then whatever is wrong, with the commands that lead out."""
    parts: list[RenderableType] = [_table(readings, currency, now) if readings else Text(NOTHING)]
    parts += [Text(f"\n{line}") for line in _marked_to(readings, now)]
    urgent = [reading for reading in readings if any(concern.is_urgent for concern in reading.concerns)]
    if urgent:
        parts.append(Text("\nNeeds a human", "bold"))
        parts += [Text(inert(line), overflow="fold") for reading in urgent for line in _needs(reading)]
    if adoptables:
        parts += [Text("\nWaits for adoption", "bold"), adoptables_view(adoptables, now)]
    return Group(*parts)


def adoptables_view(adoptables: Sequence[Adoptable], now: datetime) -> RenderableType:
    """What waits for adoption, each with the command that adopts it."""
    lines = [line for adoptable in adoptables for line in _adoptable_lines(adoptable, now)]
    return Text(inert("\n".join(lines)), overflow="fold")


def state_word(reading: PositionReading) -> str:
    """The state, and under it the worst that is wrong."""
    state = reading.position.state
    worst = next((concern.word for concern in reading.concerns if concern.word != state), "")
    return f"{'none' if state is None else state.value}\n{worst}".rstrip("\n")


def _table(readings: Sequence[PositionReading], currency: str, now: datetime) -> Table:
    made = table(
        "Position", "State", "What", ">Filled\nof", ">Average\nOpen", ">Stop\nTarget", f">Open {currency}\nRealised",
        ">Age",
    )  # fmt: skip
    for reading in readings:
        add(made, *_cells(reading, now))
    return made


def _cells(reading: PositionReading, now: datetime) -> Iterator[str]:
    position, terms, unit = reading.position, reading.position.terms, reading.instrument
    yield f"{short(position.position_id)}\n{position.strategy_id[:24]}"
    yield state_word(reading)
    yield f"{terms.side.value} {terms.pair}\nstop {position.protection.value}"
    filled = position.fills.entry_quantity
    yield f"{units(filled)}\n{percent(position.partial_fill_ratio)} {units(terms.quantity)}"
    yield f"{price(position.fills.average_entry_price, unit)}\n{units(position.open_quantity)}"
    yield f"{price(terms.stop_price, unit)}\n{price(terms.target_price, unit)}"
    yield f"{_unrealised(reading)}\n{gain(reading.realised)}"
    yield age(position.opened_at or position.since, now)


def _unrealised(reading: PositionReading) -> str:
    return gain(reading.unrealised, UNKNOWN if reading.position.open_quantity > ZERO else NONE)


def _marked_to(readings: Sequence[PositionReading], now: datetime) -> Iterator[str]:
    """The quotes behind the open profits, with their ages."""
    marked = {reading.position.terms.pair: reading for reading in readings if reading.unrealised is not None}
    texts = [_quote(reading, now) for _, reading in sorted(marked.items())]
    if texts:
        yield f"Open profit is marked to {'; '.join(texts)}"


def _quote(reading: PositionReading, now: datetime) -> str:
    assert reading.quote is not None
    bid, ask = (price(value, reading.instrument) for value in (reading.quote.bid, reading.quote.ask))
    return f"{reading.quote.pair} {bid} / {ask}, {distance(reading.quote.as_of, now)}"


def _needs(reading: PositionReading) -> Iterator[str]:
    name = short(reading.position.position_id)
    for concern in reading.concerns:
        if concern.is_urgent:
            yield f"{name}  {concern.word}: {concern.text}"
    ways = [*reading.ways]
    for way in ways[:_WAYS_MAX]:
        yield f"  {_command_and_text(way)}"
    if len(ways) > _WAYS_MAX or not ways:
        yield f"  phoenix positions show {name}"


_WAYS_MAX = 3


def _command_and_text(way: Way) -> str:
    return f"{command_of(way)}   ({way.text})"


def _adoptable_lines(adoptable: Adoptable, now: datetime) -> Iterator[str]:
    held = (
        f"{adoptable.side.value} {units(adoptable.quantity)} {adoptable.pair} @ {price(adoptable.price, None)}, "
        if adoptable.side is not None
        else ""
    )
    told = "" if adoptable.told_at is None else f", {distance(adoptable.told_at, now)}"
    yield f"{adoptable.kind.value} {adoptable.name}: {held}{adoptable.text}{told}"
    if adoptable.blocked_by is not None:
        yield f"  first: {adoptable.blocked_by}"
    yield f"  {command_to_adopt(adoptable)}"
