"""The mock broker from a configuration: its chaos, its account, and the prices it makes up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.settings import ChaosMockSettings
from phoenix.adapters.setting_problems import setting_problem
from phoenix.adapters.simulation.book_file import begins_at
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode, ChaosProfile
from phoenix.adapters.simulation.keeping import BookError
from phoenix.adapters.simulation.options import ChildrenStart, EngineOptions
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.adapters.simulation.walk import WalkFeed, WalkPlan
from phoenix.domain.errors import InvalidValue
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.errors import ConfigurationError


class WalkOptions(BaseModel):
    """Made-up prices of one instrument: first bid, spread and step (price distances), seconds between quotes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bid: Decimal = Field(gt=0, description="The first bid.")
    spread: Decimal = Field(ge=0, description="From the bid to the ask.")
    step: Decimal = Field(gt=0, description="How far a quote may be from the one before it.")
    interval_s: int = Field(default=5, ge=1, description="The time between two quotes.")


class ChaosMockOptions(BaseModel):
    """The table `[broker.chaos_mock]`. The five chaos keys, where given, override the mode's.

    `book` is the file that the broker lives in; without one it forgets everything when the process ends.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: ChaosMode = Field(
        default=ChaosMode.INSTANT,
        description="INSTANT fills at once; the others delay, reject and part-fill by chance.",
    )
    seed: int = Field(default=1, description="The same seed gives the same prices and the same chances.")
    fill_probability: float | None = Field(default=None, description="The chance that an order fills at all, 0 to 1.")
    partial_fill_prob: float | None = Field(default=None, description="The chance that it fills in parts, 0 to 1.")
    reject_prob: float | None = Field(default=None, description="The chance that it is rejected, 0 to 1.")
    delay_prob: float | None = Field(default=None, description="The chance that the broker's answer is late, 0 to 1.")
    delay_range_sec: tuple[float, float] | None = Field(
        default=None, description="How late it then is: the least and the most seconds."
    )
    starting_balance: Decimal = Field(default=Decimal(100_000), ge=0, description="What the account begins with.")
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
        """The mode's profile with the given keys in place of its own."""
        keys = ("fill_probability", "partial_fill_prob", "reject_prob", "delay_prob", "delay_range_sec")
        given = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        return replace(PROFILES[self.mode], **given)


def create(context: BrokerContext) -> ChaosMockBroker:
    """The broker that the entry point `chaos_mock` names. Raises ConfigurationError."""
    options = _checked(context)
    book = None if options.book is None else context.folder / options.book
    try:
        starts_at = context.clock.now() if book is None else begins_at(book) or context.clock.now()
        settings = ChaosMockSettings(
            options=_engine_options(context, options), feeds=_feeds(context, options, starts_at), clock=context.clock,
            starts_at=starts_at, book=book,
        )  # fmt: skip
        return ChaosMockBroker(settings, context.office, context.sink)
    except InvalidValue as error:
        raise ConfigurationError(f"broker.chaos_mock.{error}") from error
    except BookError as error:
        raise ConfigurationError(f"broker.chaos_mock.book: {error}") from error


def _checked(context: BrokerContext) -> ChaosMockOptions:
    try:
        return ChaosMockOptions.model_validate(context.options)
    except ValidationError as error:
        raise ConfigurationError(setting_problem(error.errors()[0], "broker", "chaos_mock")) from error


def _engine_options(context: BrokerContext, options: ChaosMockOptions) -> EngineOptions:
    def session_end(pair: str, instant: datetime) -> datetime:
        return context.calendar.session(pair, instant).ends_at

    return EngineOptions(
        account=context.account.account, currency=context.account.currency,
        starting_balance=options.starting_balance, seed=options.seed, profile=options.profile(),
        instruments=context.instruments, children_start=options.children_start, margin_rate=options.margin_rate,
        commission_rate=options.commission_rate, session_end=session_end,
    )  # fmt: skip


def _feeds(context: BrokerContext, options: ChaosMockOptions, now: datetime) -> dict[str, PriceFeed]:
    unknown = sorted(set(options.prices) - set(context.instruments))
    if unknown:
        raise ConfigurationError(
            f"broker.chaos_mock.prices.{unknown[0]}: no such instrument is configured. Add it under instruments"
        )
    return {
        pair: WalkFeed(
            WalkPlan(pair, now, walk.bid, walk.step, walk.spread, timedelta(seconds=walk.interval_s), options.seed)
        )
        for pair, walk in options.prices.items()
    }
