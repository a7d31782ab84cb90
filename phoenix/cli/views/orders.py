"""Orders, executions, the account and quotes for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.views.figures import NONE, UNKNOWN, add, day_clock, inert, money, price, table, units
from phoenix.cli.views.times import distance
from phoenix.domain.instrument import Instrument
from phoenix.domain.position import LegState
from phoenix.domain.vocabulary import ExecutionEvent
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.runtime.readings import AccountReading, FillReading, OrderReading
from phoenix.runtime.readings.orders import Commission
from phoenix.runtime.readings.positions import LastWord
from phoenix.runtime.words.ids import short

NO_ORDERS = "No order of Phoenix can do anything at the broker. Ended ones: phoenix orders --all"
NO_FILLS = "No execution yet."
NO_ACCOUNT = (
    "Equity, balance and margin are unknown: the broker has not told anything of the account yet.\n"
    "phoenix serve connects and asks; phoenix doctor says what is in the way."
)


def orders_view(
    orders: Sequence[OrderReading], words: Mapping[str, LastWord], instruments: Mapping[str, Instrument], now: datetime
) -> RenderableType:
    """A row of two lines for each order: the second has the names and the last word."""
    if not orders:
        return Text(NO_ORDERS)
    made = order_table("Position")
    for order in orders:
        leg, reference = order.leg, order.leg.leg.reference
        who = f"{short(order.position_id)} {leg.leg.role.value}\n{reference}"
        add(made, who, *order_cells(leg, words.get(reference), instruments.get(order.pair), now, order.pair))
    return made


def order_table(first: str) -> Table:
    return table(f"{first}\nOur reference", "What\nLast word", "Status\nPermanent id", ">Filled\nof", ">Sent", apart=1)


def order_cells(
    leg: LegState, word: LastWord | None, instrument: Instrument | None, now: datetime, pair: str = ""
) -> Iterator[str]:
    """The cells behind the first, each of two lines."""
    yield f"{what(leg, instrument, pair)}\n{leg.leg.time_in_force.value}; {_word(word, now)}"
    ids = leg.permanent_id or f"{NONE} (session {leg.leg.session_order_id})"
    yield f"{_status(leg)}\n{ids}"
    yield f"{units(leg.executed)}\n{units(leg.total)}"
    yield distance(leg.sent_at, now)


def what(leg: LegState, instrument: Instrument | None, pair: str = "") -> str:
    """`SELL 10,000 GBPUSD STOP 1.26700`."""
    terms = leg.leg
    prices = [price(value, instrument) for value in (terms.limit_price, terms.stop_price) if value is not None]
    parts = (terms.action.value, units(terms.quantity), pair, terms.order_type.value, *prices)
    return " ".join(part for part in parts if part)


def fills_view(
    fills: Sequence[FillReading], commissions: Mapping[str, Commission], instruments: Mapping[str, Instrument],
    now: datetime,
) -> RenderableType:  # fmt: skip
    """A row for each execution, correction and bust."""
    if not fills:
        return Text(NO_FILLS)
    made = table("At (UTC)", "Position", "What", ">Quantity", ">Price", ">Cost", "Execution")
    for fill in fills:
        unit = instruments.get(fill.payload.pair)
        add(made, *_fill_cells(fill, commissions.get(fill.execution_id), unit, now))
    return made


def account_view(reading: AccountReading | None, now: datetime) -> RenderableType:
    """The last snapshot with its age; what was not told is unknown, never 0."""
    if reading is None:
        return Text(NO_ACCOUNT)
    snapshot = reading.snapshot
    made = table("", f">{snapshot.currency}")
    for name, amount in (
        ("equity", snapshot.equity), ("balance", snapshot.balance), ("margin used", snapshot.margin_used),
        ("buying power", snapshot.buying_power),
    ):  # fmt: skip
        add(made, name, money(amount, UNKNOWN))
    head = f"{snapshot.account} ({snapshot.mode.value}), as the broker told it {distance(snapshot.as_of, now)}\n"
    return Group(Text(inert(head)), made)


def quotes_view(
    quotes: Mapping[str, Answer[Quote]], instruments: Mapping[str, Instrument], now: datetime
) -> RenderableType:  # fmt: skip
    """A row for each instrument; one without a quote says why."""
    made = table("Pair", ">Bid", ">Ask", ">Spread", "Heard")
    for pair, answer in sorted(quotes.items()):
        if isinstance(answer, Unknown):
            add(made, pair, UNKNOWN, UNKNOWN, UNKNOWN, answer.reason)
        else:
            quote = answer.value
            texts = (price(value, instruments.get(pair)) for value in (quote.bid, quote.ask, quote.ask - quote.bid))
            add(made, pair, *texts, distance(quote.as_of, now))
    return made


def _status(leg: LegState) -> str:
    return "ABSENT" if leg.is_void else leg.status.value


def _word(word: LastWord | None, now: datetime) -> str:
    if word is None:
        return "the broker never spoke of it"
    said = word.payload.event.value if word.payload.status is None else word.payload.status.value
    reason = "" if word.payload.reason is None else f": {word.payload.reason}"
    return f"{said} {distance(word.recorded_at, now)}{reason}"


def _fill_cells(
    fill: FillReading, cost: Commission | None, instrument: Instrument | None, now: datetime
) -> Iterator[str]:
    payload = fill.payload
    yield day_clock(payload.executed_at or fill.recorded_at, now)
    yield "nobody's" if fill.position_id is None else short(fill.position_id)
    event = "" if fill.event is ExecutionEvent.BOOKED else f" {fill.event.value}"
    action = "" if payload.action is None else f"{payload.action.value} "
    role = "" if fill.role is None else f" {fill.role.value}"
    yield f"{action}{payload.pair}{role}{event}"
    yield units(payload.quantity)
    yield price(payload.price, instrument)
    yield NONE if cost is None else f"{money(cost.amount)} {cost.currency}"
    yield fill.execution_id
