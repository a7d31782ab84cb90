"""Shadow trades, recorded markets and the standing of all strategies for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.adapters.shadow.trades import ShadowTrade
from phoenix.cli.views.figures import NONE, RIGHT, add, gain, inert, money, price, table, units
from phoenix.cli.views.safety import NO_STRATEGIES, progress
from phoenix.cli.views.times import distance
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO
from phoenix.replay.shadow import NotFollowed, ShadowRun
from phoenix.runtime.documents.outcomes import counted, refusal_text
from phoenix.runtime.readings.promotions import Standing
from phoenix.runtime.words.promotion import figure_text

NO_TRADES = "No shadow trade is open or waits for its entry."
_NOT_FOLLOWED_MAX = 20


def standings_view(standings: Sequence[Standing], currency: str) -> RenderableType:
    """A row for each strategy: what it came to in SHADOW, and how far it is."""
    if not standings:
        return Text(NO_STRATEGIES)
    made = table("Strategy", "Mode", f"{RIGHT}Sessions", f"{RIGHT}Trades", f"{RIGHT}Result {currency}",
                 f"{RIGHT}Drawdown", f"{RIGHT}Sharpe", "Promotion")  # fmt: skip
    for one in standings:
        add(made, one.strategy_id, one.mode.value, *_figures(one), progress(one))
    return made


def _figures(standing: Standing) -> tuple[str, ...]:
    known = standing.statistics
    if known is None:
        return (NONE,) * 5
    drawdown, sharpe = (
        NONE if figure.value is None else figure_text(figure, unit)
        for figure, unit in ((known.max_drawdown, " %"), (known.sharpe, ""))
    )
    return str(known.sessions), str(known.trades), gain(known.pnl), drawdown, sharpe


def run_view(run: ShadowRun, currency: str) -> RenderableType:
    """What following recorded signals came to, session by session, and which signals could not be followed."""
    head = f"{run.strategy_id}: {counted(len(run.sessions), 'session')}, {counted(len(run.closes), 'trade')} closed"
    parts: list[RenderableType] = [Text(inert(f"{head}; {run.origin}"), "bold")]
    if run.sessions:
        made = table("Session", "Regime", f"{RIGHT}Trades", f"{RIGHT}Result {currency}", f"{RIGHT}Equity {currency}")
        for one in run.sessions:
            regime = one.market_regime.value
            add(made, str(one.session_date), regime, str(one.trades), gain(one.pnl), money(one.equity))
        total = sum((one.pnl for one in run.sessions), ZERO)
        add(made, "all", "", str(len(run.closes)), gain(total), "")
        parts.append(made)
    if run.open_trades:
        still = counted(run.open_trades, "trade")
        parts.append(Text(f"{still} still open when the bars ended: not counted, nor is a session that was not over"))
    return Group(*parts, *_not_followed(run.not_followed))


def _not_followed(refused: Sequence[NotFollowed]) -> list[RenderableType]:
    if not refused:
        return []
    lines = [f"  {one.file}: {refusal_text(one.refusal)}" for one in refused[:_NOT_FOLLOWED_MAX]]
    if len(refused) > _NOT_FOLLOWED_MAX:
        lines.append(f"  and {len(refused) - _NOT_FOLLOWED_MAX} more (all with --json)")
    return [Text("Not followed:", "yellow"), *(Text(inert(line)) for line in lines)]


def trades_view(trades: Sequence[ShadowTrade], instruments: Mapping[str, Instrument], now: datetime) -> RenderableType:
    """A row for each shadow trade."""
    if not trades:
        return Text(NO_TRADES)
    made = table("Signal", "Strategy", "What", f"{RIGHT}Entry", f"{RIGHT}Stop", f"{RIGHT}Target", "State")
    for one in trades:
        instrument = instruments.get(one.pair)
        state = "waits for its entry" if one.opened_at is None else f"open since {distance(one.opened_at, now)}"
        entry = one.entry if one.entry_price is None else one.entry_price
        add(
            made, one.signal_id[:13], one.strategy_id, f"{one.side.value} {units(one.quantity)} {one.pair}",
            price(entry, instrument), price(one.stop, instrument), price(one.target, instrument), state,
        )  # fmt: skip
    return made
