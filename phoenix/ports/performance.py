"""Where the performance of strategies in SHADOW comes from: whoever follows their signals without capital (SPEC 3.10).

A source keeps its own book. What it reports becomes beads, and counts once, however often it is told.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.instrument import Instrument
from phoenix.domain.signal import Signal
from phoenix.domain.vocabulary import MarketRegime, RefusalReason
from phoenix.ports.broker_facts import Quote
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ShadowClose:
    """A shadow trade that has ended, to be examined. Its position id is made from the signal's."""

    closed: AutopsyInput


@dataclass(frozen=True, slots=True)
class ShadowSession:
    """A session that is over for a strategy. `trades` closed in it, `equity` is what was realised by its end."""

    strategy_id: str
    session_date: date
    market_regime: MarketRegime
    trades: int
    pnl: Decimal
    equity: Decimal


@dataclass(frozen=True, slots=True)
class ShadowRefusal:
    """A signal that could not be followed, and why."""

    signal_id: str
    reason: RefusalReason
    field: str
    detail: str


ShadowReport: TypeAlias = ShadowClose | ShadowSession | ShadowRefusal


class PerformanceSource(ABC):
    """Follows the signals of strategies in SHADOW. Nothing here reaches a broker."""

    @property
    @abstractmethod
    def place(self) -> int | None:
        """The place in the chain up to which signals were handed in; None where it remembers nothing."""

    @abstractmethod
    def mark(self, place: int) -> None:
        """All signals up to a place in the chain have been handed in."""

    @abstractmethod
    def follow(self, signal: Signal, received_at: datetime) -> None:
        """Take up a signal that was received at an instant. Signals come in the order in which they were received."""

    @abstractmethod
    def advance(self, now: datetime, strategies: Collection[str]) -> None:
        """Live on until now. Sessions end for the strategies that are in SHADOW, trades for all that were followed."""

    @abstractmethod
    def reports(self) -> Sequence[ShadowReport]:
        """Everything that has not been confirmed, oldest first."""

    @abstractmethod
    def confirm(self, report: ShadowReport) -> None:
        """A report is durable: it is never told again."""


class QuoteDriven(ABC):
    """A source that wants to see the broker's quotes. One that has prices of its own need not be."""

    @abstractmethod
    def observe(self, quote: Quote) -> None:
        """Take note of a quote. The same one may be shown again."""


@dataclass(frozen=True, slots=True)
class PerformanceContext:
    """What a factory is given to make its source. `folder` is where relative paths of the options begin."""

    options: Mapping[str, object]
    instruments: Mapping[str, Instrument]
    currency: str
    calendar: TradingCalendar
    clock: Clock
    folder: Path


PerformanceFactory: TypeAlias = Callable[[PerformanceContext], PerformanceSource]
"""Makes a source; an entry point of the group `phoenix.performance_sources` names one. Raises ConfigurationError."""
