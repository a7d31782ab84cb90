"""How a simulated broker is set up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode, ChaosProfile
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO

SessionEnd: TypeAlias = Callable[[str, datetime], datetime]
"""When the trading session of a pair ends that an instant falls into."""


class ChildrenStart(StrEnum):
    """When the children of a part-filled parent begin to work, for the filled quantity."""

    WHEN_PARENT_ENDS = "WHEN_PARENT_ENDS"
    AT_FIRST_FILL = "AT_FIRST_FILL"


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Everything about a simulated broker but its prices and its faults.

    `bar_latency` is how long after receipt an order meets its first bar. `margin_rate` is the share of the notional
    that is held as margin (0: none), `commission_rate` the share of the notional that an execution costs (0: none is
    charged or reported). `session_end` ends DAY orders; without it they live on. `rates` turn a currency into the
    account's where no feed quotes it. Without instruments any pair is traded and no grid is checked.
    """

    account: str = "SIM0001"
    currency: str = "USD"
    starting_balance: Decimal = Decimal(100_000)
    seed: int = 1
    profile: ChaosProfile = PROFILES[ChaosMode.INSTANT]
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    bar_latency: timedelta = timedelta(minutes=1)
    children_start: ChildrenStart = ChildrenStart.WHEN_PARENT_ENDS
    chaos_on_children: bool = False
    margin_rate: Decimal = ZERO
    commission_rate: Decimal = ZERO
    session_end: SessionEnd | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.bar_latency < timedelta(0):
            raise InvalidValue("simulator.bar_latency", "is below zero", "Give a duration of zero or more")
        for name in ("starting_balance", "margin_rate", "commission_rate"):
            value = getattr(self, name)
            if not (value.is_finite() and value >= ZERO):
                raise InvalidValue(f"simulator.{name}", f"{value} is below zero", "Give zero or more")

    def currencies(self, pair: str) -> tuple[str, str]:
        """What is traded, and what its price is in. Without an instrument the pair's name says it."""
        instrument = self.instruments.get(pair)
        return (instrument.symbol, instrument.currency) if instrument else (pair[:3], pair[3:])
