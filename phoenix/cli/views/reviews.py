"""The review of an intent on one screen (SPEC 3.4). Words carry the meaning; nothing rests on colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.cli.views.price_picture import Mark, price_picture
from phoenix.cli.views.review_rows import common_rows, cut, entry_rows, holding_rows, price_text
from phoenix.cli.views.times import distance
from phoenix.domain.encoding import Json
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import parse_decimal
from phoenix.domain.vocabulary import IntentKind, LegRole
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.runtime.documents.reviews import confirmation, obstacles
from phoenix.runtime.readings.reviews import Review
from phoenix.runtime.words.ids import short

_MODES = {"SIMULATOR": "SIMULATED", "PAPER": "PAPER", "LIVE": "LIVE"}
_NAMES = {LegRole.STOP_LOSS: "stop", LegRole.TAKE_PROFIT: "target"}


def review_view(review: Review, quote: Answer[Quote], instrument: Instrument | None, now: datetime) -> RenderableType:
    """What would be done, at which prices, on what evidence, how long it stands, and how to decide."""
    bundle = review.bundle if isinstance(review.bundle, Mapping) else {}
    is_entry = review.kind is IntentKind.ENTRY
    rows = entry_rows(bundle, instrument, now) if is_entry else holding_rows(review, bundle, now)
    grid = Table.grid(padding=(0, 2, 0, 1))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for label, text in [*rows, *common_rows(review, now)]:
        grid.add_row(label, Text(cut(text)))
    picture = Text("\n".join(f"   {line}" for line in _picture(review, bundle, quote, instrument, now)))
    return Group(_heading(review, bundle), Text(""), picture, Text(""), grid, Text(""), Text(_choices(review, now)))


def _heading(review: Review, bundle: Mapping[str, Json]) -> Text:
    order = bundle.get("order") if review.kind is IntentKind.ENTRY else bundle
    order = order if isinstance(order, Mapping) else {}
    mode = str(order.get("account_mode"))
    state = "approved, not sent" if review.approved else "waits for a decision"
    text = Text()
    text.append(f" {plain(confirmation(review))} ", "bold reverse")
    text.append(f"  {review.kind.value} on account {plain(order.get('account'))}, ")
    text.append(_MODES.get(mode, plain(mode)), "bold")
    text.append(f"; {state}")
    return text


def _picture(
    review: Review, bundle: Mapping[str, Json], quote: Answer[Quote], instrument: Instrument | None, now: datetime
) -> list[str]:
    marks = [Mark(name, price, price_text(price, instrument)) for name, price in _prices(review, bundle)]
    if isinstance(quote, Unknown):
        drawn = price_picture(marks, None) if marks else []
        return [*drawn, f"quote not known: {cut(quote.reason)}"]
    seen = quote.value
    bid, ask = price_text(seen.bid, instrument), price_text(seen.ask, instrument)
    return price_picture(marks, Mark("quote", seen.mid, f"{bid} / {ask}, {distance(seen.as_of, now)}"))


def _prices(review: Review, bundle: Mapping[str, Json]) -> Iterator[tuple[str, Decimal]]:
    if review.kind is IntentKind.ENTRY:
        terms = review.position.terms
        yield from (("stop", terms.stop_price), ("entry", terms.entry_price), ("target", terms.target_price))
        return
    entered = review.position.fills.average_entry_price
    if entered is not None:
        yield "entered", entered
    for leg in review.position.alive_legs:
        price = leg.leg.stop_price or leg.leg.limit_price
        if leg.leg.role in _NAMES and price is not None:
            yield _NAMES[leg.leg.role], price
    for name in ("stop_price", "target_price"):
        value = bundle.get(name)
        if isinstance(value, str):
            yield f"new {name.removesuffix('_price')}", parse_decimal(value)


def _choices(review: Review, now: datetime) -> str:
    """Both ways, the same in weight; and before them what an approval would run into."""
    name = short(review.intent_id)
    drop = "withdraw" if review.approved else "pass"
    choices = f" phoenix approve {name}        phoenix {drop} {name}"
    against = obstacles(review, now)
    if not against:
        return choices
    return f" An approval would be refused now: {cut('; '.join(against))}\n{choices}\n{_way_out(review, name)}"


def _way_out(review: Review, name: str) -> str:
    if review.flags:
        return " Kill flags: phoenix kill list"
    if review.approved:
        return f" Then: phoenix withdraw {name}, phoenix repropose {name}"
    return f" To bind it to the context of now: phoenix refresh {name}"
