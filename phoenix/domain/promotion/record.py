"""What is remembered of a strategy in SHADOW: one small record per session, and a summary of its autopsies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.change import replace
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import MarketRegime, TradeOutcome

_UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One trading session as its PERFORMANCE bead states it. Money is in the account's currency."""

    session_date: date
    market_regime: MarketRegime
    trades: int
    pnl: Decimal
    equity: Decimal
    would_have_killed: int
    overrides: int
    origin: str

    @property
    def starting_equity(self) -> Decimal:
        """The equity that the session began with."""
        return self.equity - self.pnl


@dataclass(frozen=True, slots=True)
class Pattern:
    """What trades that have something in common came to: how many, how many won, and the sum of their R multiples."""

    name: str
    count: int = 0
    wins: int = 0
    r_sum: Decimal = ZERO
    r_count: int = 0

    def joined_by(self, autopsy: AutopsyPayload) -> Pattern:
        """The pattern with one more trade."""
        multiple = autopsy.r_multiple
        return replace(
            self, count=self.count + 1, wins=self.wins + (autopsy.outcome == TradeOutcome.WIN),
            r_sum=self.r_sum if multiple is None else self.r_sum + multiple,
            r_count=self.r_count if multiple is None else self.r_count + 1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AutopsySummary:
    """The patterns in a strategy's shadow autopsies: all of them, by how they were left, and by setup."""

    all: Pattern = Pattern("all")
    breakevens: int = 0
    by_exit: tuple[Pattern, ...] = ()
    by_setup: tuple[Pattern, ...] = ()

    def joined_by(self, autopsy: AutopsyPayload) -> AutopsySummary:
        """The summary with one more autopsy."""
        left_by = _UNNAMED if autopsy.exit_reason is None else autopsy.exit_reason.value
        return AutopsySummary(
            self.all.joined_by(autopsy),
            self.breakevens + (autopsy.outcome == TradeOutcome.BREAKEVEN),
            _joined(self.by_exit, left_by, autopsy),
            _joined(self.by_setup, autopsy.setup_type or _UNNAMED, autopsy),
        )

    @property
    def losses(self) -> int:
        return self.all.count - self.all.wins - self.breakevens


@dataclass(frozen=True, slots=True)
class ShadowRecord:
    """A strategy's time in SHADOW; `sessions` by date. `last_bead_id` is its latest PERFORMANCE bead."""

    sessions: tuple[SessionRecord, ...] = ()
    last_bead_id: str | None = None
    autopsies: AutopsySummary = AutopsySummary()

    def with_session(self, payload: PerformancePayload, bead_id: str) -> ShadowRecord:
        """The record with one more session, wherever its date belongs."""
        session = SessionRecord(
            payload.session_date, payload.market_regime, payload.trades, payload.pnl, payload.equity,
            payload.would_have_killed, payload.overrides, payload.origin,
        )  # fmt: skip
        sessions = sorted((*self.sessions, session), key=lambda one: one.session_date)
        return replace(self, sessions=tuple(sessions), last_bead_id=bead_id)

    def with_autopsy(self, payload: AutopsyPayload) -> ShadowRecord:
        return replace(self, autopsies=self.autopsies.joined_by(payload))


def _joined(patterns: tuple[Pattern, ...], name: str, autopsy: AutopsyPayload) -> tuple[Pattern, ...]:
    """The patterns, by name, with a trade in the one that is called so."""
    known = {pattern.name: pattern for pattern in patterns}
    known[name] = known.get(name, Pattern(name)).joined_by(autopsy)
    return tuple(known[key] for key in sorted(known))
