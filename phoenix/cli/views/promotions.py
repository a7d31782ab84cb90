"""Strategies on their way to LIVE, as people read them: figures, checklist, sessions, shadow trades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.adapters.shadow.trades import ShadowTrade
from phoenix.cli.plain import plain
from phoenix.cli.views.figures import NONE, add, gain, inert, money, table, units
from phoenix.cli.views.times import brief, distance
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.promotion.checklist import CheckItem, Checklist, CheckName
from phoenix.domain.promotion.record import SessionRecord
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION, Figure, Statistics
from phoenix.replay.shadow import ShadowRun
from phoenix.runtime.pages.promotion import TITLES
from phoenix.runtime.readings.promotions import PromotionReview, StrategyRecord
from phoenix.runtime.words.ids import short

NOTHING = (
    "Nothing was recorded of it yet: phoenix shadow follow, phoenix shadow import, or let phoenix serve follow it."
)
NO_TRADES = "No shadow trade is open."
_RULE = (
    "Regime: how far the price got in a session over how far it went, hour by hour; TREND from 0.30 on, RANGE below, "
    "UNKNOWN with fewer than 12 hours."
)
_SESSIONS_MAX = 40


def record_view(reading: StrategyRecord) -> RenderableType:
    """Where the strategy stands, its figures, its checklist and its sessions."""
    parts: list[RenderableType] = [_heading(reading), Text("")]
    if reading.statistics is None:
        parts.append(Text(NOTHING))
    else:
        parts.append(_figures(reading.statistics, reading.currency))
    if reading.checklist is not None:
        parts += [Text(""), *checklist_parts(reading.checklist)]
    if reading.record.sessions:
        parts += [Text(""), _sessions(reading.record.sessions), Text(""), Text(_conventions())]
    return Group(*parts)


def checklist_parts(checklist: Checklist) -> Iterator[RenderableType]:
    """What a promotion needs: everything, what fails first in words."""
    missing = checklist.missing
    verdict = f"{len(missing)} of {len(checklist.items)} items are missing" if missing else "the checklist is complete"
    yield Text(verdict.capitalize() + ".", "bold")
    yield _items(checklist.items)
    for warning in checklist.warnings:
        yield Text(f"  note: {inert(warning)}")


def promotion_view(review: PromotionReview, now: datetime) -> RenderableType:
    """What an approval would do, on which evidence, how long it stands, and how to decide."""
    text = Text()
    text.append(f" PROMOTE {plain(review.strategy_id)} ", "bold reverse")
    state = "approved, not carried out" if review.approved else "waits for a decision"
    text.append(f"  from SHADOW to LIVE; {state}")
    lines = [
        f"evidence  {review.bundle_hash}",
        f"frozen    {brief(review.frozen_at, now)}, {distance(review.frozen_at, now)}",
        f"lapses    {brief(review.lapses_at, now)}",
    ]
    if review.outdated:
        lines.append("OUTDATED  performance came later: pass on it, and ask for the promotion again")
    lines += [f"{plain(given.signer.identity)} says: {plain(given.text)}" for given in review.recommendations]
    name = short(review.intent_id)
    choices = f"phoenix approve {name}    or    phoenix pass {name} --reason WHY"
    return Group(
        text, Text(""), _items(_frozen(review.bundle)), Text(""), Text("\n".join(lines)), Text(""), Text(choices)
    )


def promotions_view(reviews: Sequence[PromotionReview], now: datetime) -> RenderableType:
    """A row for each promotion that waits."""
    made = table("ID", "What", "Frozen (UTC)", "Lapses (UTC)")
    for review in reviews:
        state = "OUTDATED" if review.outdated else "approved" if review.approved else "waiting"
        add(
            made, short(review.intent_id), f"PROMOTE {review.strategy_id}\n{state}", brief(review.frozen_at, now),
            brief(review.lapses_at, now),
        )  # fmt: skip
    return made


def run_view(run: ShadowRun) -> RenderableType:
    """What following recorded signals came to."""
    result = sum((one.pnl for one in run.closes), ZERO)
    told = f"{plain(run.strategy_id)}: {len(run.closes)} shadow trades in {len(run.sessions)} sessions"
    lines = [f"{told}, result {gain(result)}; {run.open_trades} still open at the end"]
    lines += [
        f"not followed: {plain(one.file)}: {one.refusal.reason.value} {one.refusal.field}: {plain(one.refusal.detail)}"
        for one in run.not_followed
    ]
    return Text("\n".join(lines))


def trades_view(trades: Sequence[ShadowTrade], now: datetime) -> RenderableType:
    """The shadow trades that are followed at present."""
    if not trades:
        return Text(NO_TRADES)
    made = table("Signal", "Strategy", "What", ">Entry", ">Stop", ">Target", "Since (UTC)")
    for trade in trades:
        since = "waits for its entry" if trade.opened_at is None else brief(trade.opened_at, now)
        entry = trade.entry if trade.entry_price is None else trade.entry_price
        add(
            made, short(trade.signal_id), trade.strategy_id, f"{trade.side.value} {units(trade.quantity)} {trade.pair}",
            decimal_text(entry), decimal_text(trade.stop), decimal_text(trade.target), since,
        )  # fmt: skip
    return made


def _heading(reading: StrategyRecord) -> Text:
    text = Text()
    text.append(f" {plain(reading.strategy_id)} ", "bold reverse")
    text.append(f"  {reading.mode.value}")
    if reading.promoted is not None:
        promoted = reading.promoted
        text.append(f" since {promoted.promoted_at:%Y-%m-%d %H:%M} UTC, approved by {plain(promoted.approver)}")
    if reading.description:
        text.append(f"; {plain(reading.description)}")
    return text


def _figures(known: Statistics, currency: str) -> RenderableType:
    made = table("Figure", ">Value", "")
    add(made, "Sessions", str(known.sessions), f"{known.first_date} to {known.last_date}")
    add(made, "Trades", str(known.trades), f"{known.overrides} overridden, {known.would_have_killed} under a kill flag")
    add(made, "Result", gain(known.pnl), f"{currency}, from {money(known.starting_equity)}")
    for name, figure, unit in (
        ("Max drawdown", known.max_drawdown, " %"), ("Worst day", known.worst_day, f" {currency}"),
        ("Sharpe", known.sharpe, ""), ("Overrides per trade", known.override_frequency, ""),
    ):  # fmt: skip
        add(made, name, _figure(figure), f"{unit.strip()} {figure.note}".strip())
    return made


def _figure(figure: Figure) -> str:
    return f"undefined: {figure.reason}" if figure.value is None else f"{figure.value:,.2f}"


def _items(items: Sequence[CheckItem]) -> RenderableType:
    made = table("", "Item", "Found", "Needed")
    for item in items:
        add(made, "met" if item.passed else "MISSING", TITLES[item.name], item.found, item.needed)
    return made


def _frozen(bundle: Json) -> list[CheckItem]:
    """The items as they were when the evidence was frozen."""
    listed = bundle.get("checklist") if isinstance(bundle, Mapping) else None
    return [
        CheckItem(CheckName(str(one["name"])), bool(one["passed"]), str(one["found"]), str(one["needed"]))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    ]


def _sessions(sessions: Sequence[SessionRecord]) -> RenderableType:
    made = table("Session", "Regime", ">Trades", ">P&L", ">Equity", "From")
    if len(sessions) > _SESSIONS_MAX:
        add(made, f"{len(sessions) - _SESSIONS_MAX} earlier", NONE, NONE, NONE, NONE, "")
    for one in sessions[-_SESSIONS_MAX:]:
        add(
            made, one.session_date.isoformat(), one.market_regime.value, str(one.trades), gain(one.pnl),
            money(one.equity), one.origin,
        )  # fmt: skip
    return made


def _conventions() -> str:
    return f"{_RULE}\nSharpe: {SHARPE_CONVENTION}.\nDrawdown: {DRAWDOWN_CONVENTION}."
