"""A simulated broker from a configuration: its chaos, its account, and the prices it makes up, whoever talks to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode, ChaosProfile
from phoenix.adapters.simulation.options import ChildrenStart, EngineOptions
from phoenix.adapters.simulation.walk import WalkFeed, WalkPlan
from phoenix.domain.instrument import Instrument
from phoenix.ports.calendar import TradingCalendar

_SEED_MAX = 2**63 - 1
"""What a book can hold."""
_MONEY_MAX = Decimal(10**15)


class WalkOptions(BaseModel):
    """Made-up prices of one instrument: first bid, spread and step (price distances), seconds between quotes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bid: Decimal = Field(gt=0, description="The first bid.")
    spread: Decimal = Field(ge=0, description="From the bid to the ask.")
    step: Decimal = Field(gt=0, description="How far a quote may be from the one before it.")
    interval_s: int = Field(default=5, ge=1, description="The time between two quotes.")

    def feed(self, pair: str, begins_at: datetime, seed: int) -> WalkFeed:
        """The walk of a pair. Raises InvalidValue."""
        interval = timedelta(seconds=self.interval_s)
        return WalkFeed(WalkPlan(pair, begins_at, self.bid, self.step, self.spread, interval, seed))


class SimulatorOptions(BaseModel):
    """What mock and gateway have in common. The five chaos keys, where given, override the mode's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: ChaosMode = Field(
        default=ChaosMode.INSTANT,
        description="INSTANT fills at once; the others delay, reject and part-fill by chance.",
    )
    seed: int = Field(
        default=1, ge=-_SEED_MAX, le=_SEED_MAX, description="The same seed gives the same prices and the same chances."
    )
    fill_probability: float | None = Field(default=None, description="The chance that an order fills at all, 0 to 1.")
    partial_fill_prob: float | None = Field(default=None, description="The chance that it fills in parts, 0 to 1.")
    reject_prob: float | None = Field(default=None, description="The chance that it is rejected, 0 to 1.")
    delay_prob: float | None = Field(default=None, description="The chance that the broker's answer is late, 0 to 1.")
    delay_range_sec: tuple[float, float] | None = Field(
        default=None, description="How late it then is: the least and the most seconds."
    )
    starting_balance: Decimal = Field(
        default=Decimal(100_000), ge=0, le=_MONEY_MAX, description="What the account begins with."
    )
    margin_rate: Decimal = Field(
        default=Decimal("0.03"), ge=0, description="The share of an order's worth that is kept as margin."
    )
    commission_rate: Decimal = Field(
        default=Decimal(0), ge=0, description="The share of an execution's worth that is taken as commission."
    )
    children_start: ChildrenStart = Field(
        default=ChildrenStart.WHEN_PARENT_ENDS, description="When stop and target of a part-filled entry begin to work."
    )
    prices: dict[str, WalkOptions] = Field(default_factory=dict)
    book: Path | None = Field(
        default=None, description="The file that the broker lives in; without one it forgets everything at the end."
    )

    def profile(self) -> ChaosProfile:
        """The mode's profile with the given keys in place of its own. Raises InvalidValue."""
        keys = ("fill_probability", "partial_fill_prob", "reject_prob", "delay_prob", "delay_range_sec")
        given = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        return replace(PROFILES[self.mode], **given)

    def engine_options(
        self, account: str, currency: str, instruments: Mapping[str, Instrument], calendar: TradingCalendar
    ) -> EngineOptions:
        """A broker of this account; DAY orders end with the calendar's sessions. Raises InvalidValue."""

        def session_end(pair: str, instant: datetime) -> datetime:
            return calendar.session(pair, instant).ends_at

        return EngineOptions(
            account=account, currency=currency, starting_balance=self.starting_balance, seed=self.seed,
            profile=self.profile(), instruments=instruments, children_start=self.children_start,
            margin_rate=self.margin_rate, commission_rate=self.commission_rate, session_end=session_end,
        )  # fmt: skip
