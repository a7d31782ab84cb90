"""Replay results made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from phoenix.domain.vocabulary import ExitReason, PositionState, RefusalReason, Side
from phoenix.replay.result import MarketSpan, Proof, RefusedSignal, ReplayResult, ReplayTrade

FIRST = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)
GOOD = Proof(beads=42, chain_ok=True, chain_problem=None, history_problems=(), history_scope="20 hold", drift=())
REFUSED = RefusedSignal(
    "bad-one", "bad.json", RefusalReason.SIZING, "quantity", "714 units is under the minimum size of 1000", "Risk more"
)


def closed(signal_id: str, hours: int, pnl: str) -> ReplayTrade:
    """A long of 10,000 that closed `hours` after the first minute."""
    is_win = not pnl.startswith("-")
    return ReplayTrade(
        signal_id, PositionState.CLOSED, Side.LONG, Decimal(10000), FIRST, Decimal("1.25000"),
        FIRST + timedelta(hours=hours), Decimal("1.26"), ExitReason.TAKE_PROFIT if is_win else ExitReason.STOP_LOSS,
        Decimal(2) if is_win else Decimal(-1), Decimal(pnl),
    )  # fmt: skip


def still_open(signal_id: str) -> ReplayTrade:
    return ReplayTrade(
        signal_id, PositionState.MANAGED, Side.SHORT, Decimal("1E+4"), FIRST, Decimal("1.25000"), None, None, None,
        None, None,
    )  # fmt: skip


def result(*trades: ReplayTrade, refused: tuple[RefusedSignal, ...] = (), proof: Proof = GOOD) -> ReplayResult:
    span = MarketSpan("GBPUSD", FIRST, FIRST + timedelta(days=3), 4320, 7)
    return ReplayResult(span, "USD", Decimal(100_000), "PERMISSIVE", trades, refused, proof)
