"""The tracker from a configuration, and the prices it observes while the executor runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from phoenix.adapters.shadow.memory import MemoryFile
from phoenix.adapters.shadow.observed import ObservedFeed
from phoenix.adapters.shadow.tracker import ShadowTracker, TrackerOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.domain.instrument import Instrument
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.ports.broker_facts import Quote
from phoenix.ports.errors import ConfigurationError
from phoenix.ports.performance import PerformanceContext, QuoteDriven


class TrackerTable(BaseModel):
    """The table `[shadow.tracker]`. `equity` is what each strategy begins with, `memory` the file it is kept in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    equity: Decimal = Field(default=Decimal(100_000), gt=0)
    trend_efficiency_min: Decimal = Field(default=RegimeRule().trend_efficiency_min, gt=0, lt=1)
    hours_min: int = Field(default=RegimeRule().hours_min, ge=1, le=24)
    latency_s: int = Field(default=60, ge=0)
    memory: Path = Path("shadow.json")


class LiveTracker(ShadowTracker, QuoteDriven):
    """A tracker whose prices are the broker's quotes, as the executor shows them to it."""

    def __init__(self, context: PerformanceContext) -> None:
        table = tracker_table(context.options)
        self._observed = {pair: ObservedFeed(pair) for pair in context.instruments}
        super().__init__(
            tracker_options(context.instruments, context.currency, table),
            self._observed,
            context.calendar,
            context.clock.now(),
            MemoryFile(context.folder / table.memory),
        )

    def observe(self, quote: Quote) -> None:
        if quote.pair in self._observed:
            self._observed[quote.pair].add(Tick(quote.as_of, quote.bid, quote.ask))


def live_tracker(context: PerformanceContext) -> LiveTracker:
    """The source that `shadow.source = "tracker"` names. Raises ConfigurationError."""
    return LiveTracker(context)


def tracker_table(options: object) -> TrackerTable:
    """The tracker's checked settings. Raises ConfigurationError naming the key."""
    try:
        return TrackerTable.model_validate(options)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"shadow.tracker.{key}: {first['msg']} (found {first['input']!r}). Correct it in the configuration"
        ) from error


def tracker_options(instruments: Mapping[str, Instrument], currency: str, table: TrackerTable) -> TrackerOptions:
    """How a tracker with these settings follows."""
    return TrackerOptions(
        instruments=instruments, currency=currency, starting_equity=table.equity,
        latency=timedelta(seconds=table.latency_s), regime=RegimeRule(table.trend_efficiency_min, table.hours_min),
    )  # fmt: skip
