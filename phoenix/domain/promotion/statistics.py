"""Statistics over a strategy's shadow sessions. What cannot be worked out says why; it is never taken for zero.

Money is exact. Ratios are worked out with 60 digits and stated with eight decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.promotion.record import SessionRecord

SESSIONS_PER_YEAR = 252
SHARPE_CONVENTION = (
    "mean of the sessions' returns over their sample standard deviation (n - 1), times the square root of 252; "
    "a session's return is its P&L over the equity it began with; no risk-free rate is deducted"
)
DRAWDOWN_CONVENTION = "deepest fall of realised equity below its highest value before, at the ends of sessions"
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
_SHOWN = Decimal("0.00000001")
_SHARPE_MAX = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or the reason why there is none; `note` says what belongs to it."""

    value: Decimal | None
    reason: str = ""
    note: str = ""

    def text(self, unit: str = "") -> str:
        """The figure in words."""
        if self.value is None:
            return f"undefined: {self.reason}"
        return f"{decimal_text(self.value)}{unit}{f' ({self.note})' if self.note else ''}"


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures over at least one session. `max_drawdown` is in per cent, `worst_day` in money."""

    sessions: int
    first_date: date
    last_date: date
    trades: int
    pnl: Decimal
    starting_equity: Decimal
    equity: Decimal
    max_drawdown: Figure
    worst_day: Figure
    sharpe: Figure
    would_have_killed: int
    overrides: int
    override_frequency: Figure


def statistics_of(sessions: Sequence[SessionRecord]) -> Statistics | None:
    """The statistics of sessions in order of their dates; None without any, for then nothing is recorded."""
    if not sessions:
        return None
    first, last = sessions[0], sessions[-1]
    trades, overrides = sum(one.trades for one in sessions), sum(one.overrides for one in sessions)
    return Statistics(
        sessions=len(sessions), first_date=first.session_date, last_date=last.session_date, trades=trades,
        pnl=sum((one.pnl for one in sessions), ZERO), starting_equity=first.starting_equity, equity=last.equity,
        max_drawdown=max_drawdown(sessions), worst_day=worst_day(sessions), sharpe=sharpe(sessions),
        would_have_killed=sum(one.would_have_killed for one in sessions), overrides=overrides,
        override_frequency=_frequency(overrides, trades),
    )  # fmt: skip


def max_drawdown(sessions: Sequence[SessionRecord]) -> Figure:
    """The deepest drawdown in per cent of the peak before it, zero where equity never fell."""
    peak, deepest, fallen = sessions[0].starting_equity, ZERO, ""
    for one in sessions:
        peak = max(peak, one.equity)
        if peak <= ZERO:
            return Figure(None, "equity never was above zero")
        share = _WIDE.divide((peak - one.equity) * 100, peak)
        if share > deepest:
            deepest, fallen = share, f"{decimal_text(peak - one.equity)} below the peak on {one.session_date}"
    return Figure(_shown(deepest), note=fallen)


def worst_day(sessions: Sequence[SessionRecord]) -> Figure:
    """The session with the lowest P&L, the first of equals."""
    worst = min(sessions, key=lambda one: one.pnl)
    return Figure(worst.pnl, note=worst.session_date.isoformat())


def sharpe(sessions: Sequence[SessionRecord]) -> Figure:
    """The annualised Sharpe ratio by `SHARPE_CONVENTION`."""
    if len(sessions) < 2:
        return Figure(None, "one session has no deviation")
    if any(one.starting_equity <= ZERO for one in sessions):
        return Figure(None, "a session began without equity, so it has no return")
    with localcontext(_WIDE):
        returns = [one.pnl / one.starting_equity for one in sessions]
        mean = sum(returns, ZERO) / len(returns)
        variance = sum(((one - mean) ** 2 for one in returns), ZERO) / (len(returns) - 1)
        if len(set(returns)) == 1 or variance == ZERO:
            return Figure(None, "all sessions had the same return, so there is no deviation")
        ratio = mean / variance.sqrt() * Decimal(SESSIONS_PER_YEAR).sqrt()
        if abs(ratio) >= _SHARPE_MAX:
            return Figure(None, "all sessions had so nearly the same return that their deviation means nothing")
        return Figure(_shown(ratio))


def _frequency(overrides: int, trades: int) -> Figure:
    """Overrides per trade."""
    if trades == 0:
        return Figure(None, "no trade was closed")
    return Figure(_shown(_WIDE.divide(Decimal(overrides), Decimal(trades))), note=f"{overrides} of {trades} trades")


def _shown(ratio: Decimal) -> Decimal:
    return _WIDE.quantize(ratio, _SHOWN)
