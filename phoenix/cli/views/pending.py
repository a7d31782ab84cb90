"""The table of everything that waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.cli.views.review_rows import cut, price_text
from phoenix.cli.views.times import brief, distance
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.encoding import Json
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import parse_decimal
from phoenix.domain.state import PendingDecision
from phoenix.domain.vocabulary import IntentKind
from phoenix.runtime.documents.reviews import confirmation, obstacles
from phoenix.runtime.readings import Waiting
from phoenix.runtime.readings.frozen_record import frozen_record
from phoenix.runtime.readings.promotion_reviews import PromotionReview
from phoenix.runtime.readings.reviews import Review
from phoenix.runtime.words.ids import short
from phoenix.runtime.words.promotion import figure_text

Lines = list[str]
CELL_MAX = 26
"""Columns; what is longer goes on in the next line."""
NOTHING = "Nothing waits for a decision. In the simulator, phoenix simulate-signal makes something up."


def pending_view(
    reviews: Sequence[Waiting], unanswered: Sequence[PendingDecision], unread: Sequence[SignalPayload],
    instruments: Mapping[str, Instrument], now: datetime,
) -> RenderableType:  # fmt: skip
    """A row for each intent, then what waits for an executor."""
    parts: list[RenderableType] = [_table(reviews, instruments, now) if reviews else Text(NOTHING)]
    waiting = [
        f"{pending.payload.kind.value} of {short(pending.payload.subject_id)} by {pending.signer.identity}, "
        f"made {distance(pending.made_at, now)}, waits for an executor"
        for pending in unanswered
    ]
    waiting += [f"signal {signal.signal_id} for {signal.pair} waits for an executor" for signal in unread]
    if waiting:
        parts.append(
            Text("\n".join(["", "On record, and not answered yet (phoenix serve answers):", *map(plain, waiting)]))
        )
    return Group(*parts)


def _table(reviews: Sequence[Waiting], instruments: Mapping[str, Instrument], now: datetime) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for name in ("ID", "What", "Prices", "Risk", "Stands until (UTC)"):
        table.add_column(name, overflow="fold", no_wrap=name == "ID", max_width=CELL_MAX)
    for review in reviews:
        cells = (
            _promotion_cells(review, now)
            if isinstance(review, PromotionReview)
            else _cells(review, instruments.get(review.position.terms.pair), now)
        )
        table.add_row(*(Text("\n".join(map(cut, lines))) for lines in cells))
    return table


def _cells(review: Review, instrument: Instrument | None, now: datetime) -> tuple[Lines, ...]:
    bundle = review.bundle if isinstance(review.bundle, Mapping) else {}
    state = "approved, not sent" if review.approved else "waiting"
    asked = confirmation(review)
    is_told = asked.startswith(review.kind.value)
    what = [asked if is_told else f"{review.kind.value} {asked}", review.position.strategy_id, state]
    if review.kind is IntentKind.ENTRY:
        prices, risk = _entry_prices(review, instrument), _entry_risk(bundle.get("sizing"))
    else:
        prices, risk = _holding_prices(bundle), [f"protection {bundle.get('protection')}"]
    return [short(review.intent_id)], what, prices, risk, _until(review, now)


def _promotion_cells(review: PromotionReview, now: datetime) -> tuple[Lines, ...]:
    """The figures stand where an entry has its prices and its risk."""
    known = frozen_record(review.bundle).statistics
    state = "approved, not carried out" if review.approved else "waiting"
    what = [confirmation(review), "SHADOW to LIVE", state]
    until = [f"lapses {brief(review.lapses_at, now)}"]
    if obstacles(review, now):
        until.append("; ".join(obstacles(review, now)))
    if known is None:
        return [short(review.intent_id)], what, [], [], until
    figures = [f"{known.sessions} sessions", f"{known.trades} trades", f"Sharpe {figure_text(known.sharpe)}"]
    risk = [f"drawdown {figure_text(known.max_drawdown, ' %')}", f"worst day {figure_text(known.worst_day)}"]
    return [short(review.intent_id)], what, figures, risk, until


def _entry_prices(review: Review, instrument: Instrument | None) -> Lines:
    terms = review.position.terms
    entry, stop, target = (
        price_text(price, instrument) for price in (terms.entry_price, terms.stop_price, terms.target_price)
    )
    return [f"{terms.order_type.value} {terms.time_in_force.value} {entry}", f"stop {stop}", f"target {target}"]


def _entry_risk(sizing: Json) -> Lines:
    if not isinstance(sizing, Mapping):
        return []
    money, equity = (parse_decimal(str(sizing.get(name))) for name in ("money_at_risk", "equity"))
    share = f"{money / equity * 100:.2f} %"
    return [f"{money:,.2f} {sizing.get('currency')}", share, f"R {sizing.get('reward_risk')}"]


def _holding_prices(bundle: Mapping[str, Json]) -> Lines:
    if "stop_price" not in bundle:
        return ["at the market"]
    target = bundle.get("target_price")
    return [f"stop {bundle.get('stop_price')}", f"target {'none' if target is None else target}"]


def _until(review: Review, now: datetime) -> Lines:
    lines = []
    if review.stale_at is not None:
        word = "STALE" if now > review.stale_at else "stale"
        lines.append(f"{word} {brief(review.stale_at, now)}")
    if review.lapses_at is not None:
        lines.append(f"lapses {brief(review.lapses_at, now)}")
    if review.changed or review.flags:
        lines.append("; ".join(obstacles(review, now)))
    return lines or ["it is decided"]
