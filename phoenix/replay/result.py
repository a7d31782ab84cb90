"""What a replay came to, as values and as the document that programs read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.vocabulary import ExitReason, PositionState, RefusalReason, Side


@dataclass(frozen=True, slots=True)
class ReplayTrade:
    """A signal whose order was sent. Times are those of the executions; what has not happened is None.

    `pnl` is in the account's currency; `r_multiple` counts the planned risk per unit.
    """

    signal_id: str
    state: PositionState
    side: Side
    quantity: Decimal
    entry_time: datetime | None
    entry_price: Decimal | None
    exit_time: datetime | None
    exit_price: Decimal | None
    exit_reason: ExitReason | None
    r_multiple: Decimal | None
    pnl: Decimal | None


@dataclass(frozen=True, slots=True)
class RefusedSignal:
    """A signal that led to no order, and why. `signal_id` is None where not even that could be read."""

    signal_id: str | None
    file: str
    reason: RefusalReason
    field: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class MarketSpan:
    """The market data that a replay ran over."""

    pair: str
    first_minute: datetime
    last_minute: datetime
    minutes: int
    crossed_minutes: int


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the record can be trusted: the chain's length and state, what the history check found, what drifts.

    `history_scope` says how many invariants the history check could confirm, and how many nothing touched.
    """

    beads: int
    chain_ok: bool
    chain_problem: str | None
    history_problems: tuple[str, ...]
    history_scope: str
    drift: tuple[str, ...]

    @property
    def open_drift(self) -> int:
        """How many differences between Phoenix's book and the broker's are unresolved."""
        return len(self.drift)

    @property
    def history_ok(self) -> bool:
        return not self.history_problems


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """Realised equity after everything that closed at `instant`."""

    instant: datetime
    equity: Decimal


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """The outcome of a replay; trades and refusals in the order of the signals' times. Money is in `currency`."""

    market: MarketSpan
    currency: str
    starting_equity: Decimal
    risk_profile: str
    trades: tuple[ReplayTrade, ...]
    refused: tuple[RefusedSignal, ...]
    proof: Proof

    @property
    def closed(self) -> tuple[ReplayTrade, ...]:
        """The trades that came to an end, oldest close first."""
        return tuple(sorted((trade for trade in self.trades if trade.exit_time), key=_exit_time))

    @property
    def realised_pnl(self) -> Decimal:
        return sum((trade.pnl for trade in self.trades if trade.pnl is not None), ZERO)

    def equity_curve(self) -> tuple[EquityPoint, ...]:
        """Realised equity from the first minute on, one point per instant at which something closed."""
        equity = self.starting_equity
        by_instant = {self.market.first_minute: equity}
        for trade in self.closed:
            equity += trade.pnl or ZERO
            by_instant[_exit_time(trade)] = equity
        return tuple(EquityPoint(instant, at) for instant, at in by_instant.items())

    def document(self) -> dict[str, Any]:
        """The result for programs: decimals and instants as text, null where something has not happened."""
        return {
            "pair": self.market.pair,
            "risk_profile": self.risk_profile,
            "trades": [_trade_document(trade) for trade in self.trades],
            "refused": [_refused_document(refused) for refused in self.refused],
            "crossed_minutes": self.market.crossed_minutes,
            "beads": self.proof.beads,
            "chain_ok": self.proof.chain_ok,
            "history_ok": self.proof.history_ok,
            "open_drift": self.proof.open_drift,
        }


def _exit_time(trade: ReplayTrade) -> datetime:
    assert trade.exit_time is not None
    return trade.exit_time


def _trade_document(trade: ReplayTrade) -> dict[str, str | None]:
    return {
        "signal_id": trade.signal_id,
        "state": trade.state.value,
        "side": trade.side.value,
        "quantity": decimal_text(trade.quantity),
        "entry_time": _instant(trade.entry_time),
        "entry_price": _decimal(trade.entry_price),
        "exit_time": _instant(trade.exit_time),
        "exit_price": _decimal(trade.exit_price),
        "exit_reason": None if trade.exit_reason is None else trade.exit_reason.value,
        "r_multiple": _decimal(trade.r_multiple),
        "pnl": _decimal(trade.pnl),
    }


def _refused_document(refused: RefusedSignal) -> dict[str, str | None]:
    return {
        "signal_id": refused.signal_id,
        "reason": refused.reason.value,
        "field": refused.field,
        "detail": refused.detail,
        "remedy": refused.remedy,
        "file": refused.file,
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)
