"""Made-up shadow performance, in the form in which it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.promotion.checks import shadow_position_id
from phoenix.domain.vocabulary import ExitReason, MarketRegime, TradeOutcome

FIRST_DAY = date(2026, 1, 5)
EQUITY = Decimal(100_000)
RESULTS = (Decimal(250), Decimal(-100), Decimal(300), Decimal("-150.50"))


def trading_days(count: int, first: date = FIRST_DAY) -> list[date]:
    """Weekdays from a first one on."""
    days = [first + timedelta(days=number) for number in range(2 * count + 7)]
    return [day for day in days if day.weekday() < 5][:count]


def session(number: int, strategy_id: str = "fvg-retest", **changes: Any) -> PerformancePayload:
    """The n-th session, with one trade and a result that takes its turn."""
    results = [RESULTS[one % len(RESULTS)] for one in range(number + 1)]
    fields: dict[str, Any] = {
        "session_date": trading_days(number + 1)[-1],
        "market_regime": (MarketRegime.TREND, MarketRegime.RANGE)[number % 2],
        "trades": 1, "pnl": results[-1], "equity": EQUITY + sum(results), "would_have_killed": 0, "overrides": 0,
    }  # fmt: skip
    return PerformancePayload(strategy_id, **{**fields, **changes})


def autopsy(number: int, strategy_id: str = "fvg-retest", **changes: Any) -> AutopsyPayload:
    """The autopsy of the n-th session's trade."""
    pnl = RESULTS[number % len(RESULTS)]
    is_win = pnl > 0
    fields: dict[str, Any] = {
        "position_id": shadow_position_id(str(UUID(int=9_000 + number))), "signal_id": None,
        "outcome": (TradeOutcome.WIN if is_win else TradeOutcome.LOSS).value, "pnl": pnl, "pnl_percent": None,
        "r_multiple": Decimal(2) if is_win else Decimal(-1), "duration_s": Decimal(900),
        "exit_reason": ExitReason.TAKE_PROFIT if is_win else ExitReason.STOP_LOSS, "entry_slippage": None,
        "exit_slippage": None, "evidence_hash": None, "thesis": "gap", "happened": "filled", "shadow": True,
        "setup_type": "FVG_RETEST",
    }  # fmt: skip
    return AutopsyPayload(strategy_id=strategy_id, **{**fields, **changes})


def performance(
    sessions: Sequence[PerformancePayload] = (), autopsies: Sequence[AutopsyPayload] = (), origin: str = "made up"
) -> dict[str, Any]:
    """The detail of a decision to import."""
    return {
        "origin": origin,
        "sessions": [encode_payload(one) for one in sessions],
        "autopsies": [encode_payload(one) for one in autopsies],
    }


def month(strategy_id: str = "fvg-retest", *, sessions: int = 20, first: int = 0) -> dict[str, Any]:
    """Complete evidence: so many sessions in turns of TREND and RANGE, and an autopsy of each one's trade."""
    numbers = range(first, first + sessions)
    return performance(
        [session(number, strategy_id) for number in numbers], [autopsy(number, strategy_id) for number in numbers]
    )
