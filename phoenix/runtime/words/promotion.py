"""Strategies on their way to LIVE, in a trader's words: the checklist's items, figures, and the rule of regimes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.promotion.checklist import CheckName
from phoenix.domain.promotion.record import SessionRecord
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.promotion.statistics import Figure
from phoenix.domain.vocabulary import MarketRegime

TITLES = {
    CheckName.KILL_FLAGS: "Kill flags",
    CheckName.DRIFT: "Drift between the books",
    CheckName.STALLED: "Stalled positions",
    CheckName.SESSIONS: "Trading sessions",
    CheckName.REGIMES: "Market regimes",
    CheckName.MAX_DRAWDOWN: "Maximum drawdown",
    CheckName.WORST_DAY: "Worst day",
    CheckName.SHARPE: "Sharpe ratio",
    CheckName.WOULD_HAVE_KILLED: "Would have been killed",
    CheckName.OVERRIDE_FREQUENCY: "Override frequency",
    CheckName.AUTOPSY_SUMMARY: "Autopsies",
}
_HUNDREDTH = Decimal("0.01")


def figure_text(figure: Figure, unit: str = "") -> str:
    """A figure with two decimals, or why there is none."""
    if figure.value is None:
        return f"undefined: {figure.reason}"
    return f"{decimal_text(figure.value.quantize(_HUNDREDTH))}{unit}"


def regime_counts(sessions: Sequence[SessionRecord]) -> str:
    """How many sessions there were of each market regime."""
    counts = [(regime, sum(one.market_regime is regime for one in sessions)) for regime in MarketRegime]
    return ", ".join(f"{regime.value} {count}" for regime, count in counts)


def regime_rule_text(rule: RegimeRule) -> str:
    """By which rule the tracker calls a session a trend."""
    return (
        "efficiency ratio of a session: |last mid - first mid| over the sum of its moves from hour to hour; "
        f"TREND from {decimal_text(rule.trend_efficiency_min)} on, RANGE below, UNKNOWN with prices in fewer than "
        f"{rule.hours_min} of its hours or prices that never moved"
    )


def drawdowns(sessions: Sequence[SessionRecord]) -> list[Decimal | None]:
    """How far equity was below its highest value so far at the end of each session, in per cent of it."""
    peak, fallen = (sessions[0].starting_equity if sessions else ZERO), list[Decimal | None]()
    for one in sessions:
        peak = max(peak, one.equity)
        fallen.append((one.equity - peak) / peak * 100 if peak > ZERO else None)
    return fallen
