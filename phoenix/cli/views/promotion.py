"""A strategy's way to LIVE for people: the verdict, the checklist, the record in figures and session by session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.views.figures import NONE, RIGHT, add, gain, inert, money, table
from phoenix.cli.views.review_rows import opinion_rows
from phoenix.cli.views.times import clock_and_left, distance
from phoenix.domain.promotion.checklist import Checklist
from phoenix.domain.promotion.record import AutopsySummary, Pattern, SessionRecord
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION, Statistics
from phoenix.runtime.documents.reviews import confirmation, obstacles
from phoenix.runtime.readings.frozen_record import frozen_record
from phoenix.runtime.readings.promotion_reviews import PromotionReview
from phoenix.runtime.readings.promotions import StrategyRecord
from phoenix.runtime.words.ids import short
from phoenix.runtime.words.promotion import TITLES, drawdowns, figure_text, regime_counts, regime_rule_text

HASH_SHOWN = 16
NOTHING_RECORDED = "Nothing was recorded yet."
_MODES = {"SIMULATOR": "SIMULATED", "PAPER": "PAPER", "LIVE": "LIVE"}


def strategy_view(reading: StrategyRecord, *, hint: str = "") -> RenderableType:
    """The checklist and the figures of a strategy, or how it went LIVE."""
    parts: list[RenderableType] = [_heading(reading), Text("")]
    if reading.checklist is not None:
        parts += [checklist_table(reading.checklist), *_notes(reading.checklist), Text("")]
    parts.append(_figures(reading.statistics, reading.record.sessions, reading.currency))
    if hint:
        parts += [Text(""), Text(hint)]
    return Group(*parts)


def report_view(reading: StrategyRecord, rule: RegimeRule) -> RenderableType:
    """As `strategy_view`, with every session, what the autopsies show, and what figures and regimes mean."""
    parts: list[RenderableType] = [strategy_view(reading)]
    if reading.record.sessions:
        parts += [Text(""), sessions_table(reading.record.sessions, reading.currency)]
    if reading.record.autopsies.all.count:
        parts += [Text(""), _patterns(reading.record.autopsies)]
    meanings = [
        f"Regime: {regime_rule_text(rule)}. Imported sessions state their own.",
        f"Sharpe: {SHARPE_CONVENTION}.",
        f"Drawdown: {DRAWDOWN_CONVENTION}.",
    ]
    return Group(*parts, Text(""), *(Text(line, "dim") for line in meanings))


def promotion_review_view(review: PromotionReview, now: datetime) -> RenderableType:
    """What an approval would do, the whole evidence that it covers, how long it stands, and how to decide."""
    frozen = frozen_record(review.bundle)
    state = "approved, not carried out" if review.approved else "waits for a decision"
    heading = Text()
    heading.append(f" {inert(confirmation(review))} ", "bold reverse")
    heading.append(f"  SHADOW to LIVE on account {inert(frozen.account)}, ")
    heading.append(_MODES.get(frozen.account_mode, inert(frozen.account_mode)), "bold")
    heading.append(f"; {state}. It goes one way")
    grid = _grid()
    for label, text in _review_rows(review, frozen.reason, now):
        grid.add_row(label, Text(inert(text)))
    return Group(
        heading, Text(""), checklist_table(frozen.checklist), *_notes(frozen.checklist), Text(""),
        _figures(frozen.statistics, frozen.record.sessions, frozen.currency), Text(""), grid, Text(""),
        Text(_choices(review, now)),
    )  # fmt: skip


def checklist_table(checklist: Checklist) -> Table:
    """A row for each item: met or missing, what was found, what is needed."""
    made = table("", "Item", "Found, and needed")
    for item in checklist.items:
        mark = Text("met", "green") if item.passed else Text("MISSING", "bold red")
        found = Text(inert(item.found), "" if item.passed else "bold")
        made.add_row(mark, Text(TITLES[item.name]), found.append(inert(f"; needed: {item.needed}"), "dim not bold"))
    return made


def sessions_table(sessions: Sequence[SessionRecord], currency: str) -> Table:
    """A row for each session, oldest first."""
    made = table("Session", "Regime", f"{RIGHT}Trades", f"{RIGHT}Result {currency}", f"{RIGHT}Equity {currency}",
                 f"{RIGHT}Drawdown", f"{RIGHT}Killed", f"{RIGHT}Overrides", "From")  # fmt: skip
    for one, fallen in zip(sessions, drawdowns(sessions), strict=True):
        add(
            made, str(one.session_date), one.market_regime.value, str(one.trades), gain(one.pnl), money(one.equity),
            NONE if fallen is None else f"{fallen:.2f} %", str(one.would_have_killed), str(one.overrides),
            one.origin or "not stated",
        )  # fmt: skip
    return made


def _heading(reading: StrategyRecord) -> Text:
    text = Text()
    text.append(f" {inert(reading.strategy_id)} ", "bold reverse")
    promoted, checklist = reading.promoted, reading.checklist
    if promoted is not None:
        text.append(f"  LIVE since {promoted.promoted_at:%Y-%m-%d %H:%M} UTC", "bold green")
        text.append(f", approved by {inert(promoted.approver)}; this is the record it was promoted on")
    elif checklist is not None and checklist.is_complete:
        text.append("  SHADOW; the checklist is complete", "bold green")
    elif checklist is not None:
        missing = f"{len(checklist.missing)} of {len(checklist.items)}"
        text.append(f"  SHADOW; {missing} items of the checklist are missing", "bold red")
    return text


def _notes(checklist: Checklist) -> list[Text]:
    return [Text(inert(f"Note: {warning}"), "yellow") for warning in checklist.warnings]


def _figures(known: Statistics | None, sessions: Sequence[SessionRecord], currency: str) -> RenderableType:
    if known is None:
        return Text(NOTHING_RECORDED)
    grid = _grid()
    for label, text in _figure_rows(known, sessions, currency):
        grid.add_row(label, Text(inert(text)))
    return grid


def _figure_rows(known: Statistics, sessions: Sequence[SessionRecord], currency: str) -> Iterator[tuple[str, str]]:
    yield "sessions", f"{known.sessions}, {known.first_date} to {known.last_date}; {regime_counts(sessions)}"
    yield "equity", f"{money(known.starting_equity)} to {money(known.equity)} {currency} ({gain(known.pnl)})"
    yield "Sharpe", f"{figure_text(known.sharpe)}{'' if known.sharpe.value is None else ' a year'}"
    fallen = known.max_drawdown
    yield "drawdown", f"{figure_text(fallen, ' %')}{f' ({fallen.note})' if fallen.note else ''}"
    worst = known.worst_day
    told = figure_text(worst) if worst.value is None else f"{gain(worst.value)} {currency}"
    yield "worst day", f"{told}{f' on {worst.note}' if worst.note else ''}"
    yield "trades", f"{known.trades}; {known.overrides} overridden, {known.would_have_killed} would have been killed"


def _patterns(summary: AutopsySummary) -> Table:
    made = table("Autopsies", "", f"{RIGHT}Trades", f"{RIGHT}Won", f"{RIGHT}Mean R")
    rows = [("all", summary.all), *(("left by", one) for one in summary.by_exit)]
    for kind, one in [*rows, *(("setup", one) for one in summary.by_setup)]:
        add(made, kind, "" if kind == "all" else one.name, str(one.count), str(one.wins), _mean(one))
    return made


def _mean(pattern: Pattern) -> str:
    return "unknown" if pattern.r_count == 0 else f"{pattern.r_sum / Decimal(pattern.r_count):+.2f}"


def _review_rows(review: PromotionReview, reason: str | None, now: datetime) -> Iterator[tuple[str, str]]:
    yield "frozen", f"{clock_and_left(review.frozen_at, now)}, evidence {review.bundle_hash[:HASH_SHOWN]}…"
    yield "lapses", clock_and_left(review.lapses_at, now)
    if reason is not None:
        yield "asked for", reason
    yield from opinion_rows(review.recommendations, now)


def _choices(review: PromotionReview, now: datetime) -> str:
    """Both ways, the same in weight; and before them what an approval would run into."""
    name = short(review.intent_id)
    choices = f" phoenix approve {name}        phoenix {'withdraw' if review.approved else 'pass'} {name}"
    against = obstacles(review, now)
    if not against:
        return choices
    way = f" To ask anew, with the record as it is then: phoenix promote {inert(review.strategy_id)}"
    return f" An approval would be refused now: {inert('; '.join(against))}\n{choices}\n{way}"


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 1))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    return grid


def asked_for(review: PromotionReview, now: datetime) -> str:
    """That somebody asked before, and this is what was frozen then."""
    return f"It was asked for {distance(review.frozen_at, now)} already, and that intent still stands."
