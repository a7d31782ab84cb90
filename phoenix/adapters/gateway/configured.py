"""A gateway simulator from its options: where it listens, whose account it is, and where its prices come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.gateway.tricks import Tricks
from phoenix.adapters.ibkr.guard import REAL_PORTS
from phoenix.adapters.market.bars import load_bars
from phoenix.adapters.market.currency_pairs import currency_pair
from phoenix.adapters.setting_problems import setting_problem
from phoenix.adapters.simulation.book_file import BookFile, Identity, begins_at
from phoenix.adapters.simulation.configured import SimulationOptions, WalkOptions
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.feeds import BarFeed, QuoteFeed
from phoenix.adapters.simulation.keeping import Keeper
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.prices import PriceFeed, Tick
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.clock import Clock
from phoenix.ports.errors import ConfigurationError

DEFAULT_PORT = 4010
_MINUTE = timedelta(minutes=1)
_WALKS: Mapping[str, WalkOptions] = {
    "GBPUSD": WalkOptions(bid=Decimal("1.27000"), spread=Decimal("0.00010"), step=Decimal("0.00005"), interval_s=1),
    "EURUSD": WalkOptions(bid=Decimal("1.08000"), spread=Decimal("0.00010"), step=Decimal("0.00005"), interval_s=1),
}
"""What is traded, and at which prices, where nobody says anything else."""


class InstrumentOptions(BaseModel):
    """An instrument of the gateway's own file; a pair of currencies needs none, for its grids are known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol: str = Field(min_length=1, description="What is traded, such as GBP.")
    security_type: str = Field(default="CASH", min_length=1, description="Its kind.")
    exchange: str = Field(default="IDEALPRO", min_length=1, description="Where it is traded.")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="The currency that its price is in.")
    tick: Decimal = Field(gt=0, description="The grid that its prices stand on.")
    min_size: Decimal = Field(gt=0, description="The smallest quantity of an order, in units.")
    size_step: Decimal = Field(gt=0, description="The grid that quantities stand on, in units.")

    def instrument(self, pair: str) -> Instrument:
        return Instrument(
            pair, self.symbol, self.security_type, self.exchange, self.currency, self.tick, self.tick, self.min_size,
            self.size_step,
        )  # fmt: skip


class QuoteOptions(BaseModel):
    """Prices that stand until the control channel says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bid: Decimal = Field(gt=0, description="The first bid.")
    ask: Decimal = Field(gt=0, description="The first ask.")


class BarOptions(BaseModel):
    """Recorded minutes: two CSV files. In real time the first of them begins now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bid: Path = Field(description="CSV of one-minute bid bars.")
    ask: Path = Field(description="CSV of one-minute ask bars.")


class GatewayOptions(SimulationOptions):
    """The file that `phoenix gateway run --config` reads. Every pair has prices of one kind: made up, told or recorded.

    In told time nothing happens until the control channel moves the clock.
    """

    host: str = Field(default="127.0.0.1", description="The address on this machine that it listens on.")
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65535, description="The port for clients; 0 takes any free one.")
    control_port: int = Field(default=0, ge=0, le=65535, description="The control channel's; 0 takes any free one.")
    account: str = Field(default="SIM0001", pattern=r"^[A-Z]{1,4}[A-Z0-9]{1,12}$", description="The account.")
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="The currency that the account is kept in.")
    commission_rate: Decimal = Field(
        default=Decimal("0.00002"), ge=0, description="The share of an execution's worth that is taken as commission."
    )
    zone: str = Field(default="America/New_York", description="The time zone that the gateway writes times in.")
    highest_version: int | None = Field(
        default=None, ge=100, le=178, description="The highest server version that is agreed to, 178 at most."
    )
    paces: bool = Field(default=True, description="Whether more than fifty messages a second are refused.")
    told_from: datetime | None = Field(default=None, description="Live in told time, from this instant on.")
    instruments: dict[str, InstrumentOptions] = Field(default_factory=dict)
    quotes: dict[str, QuoteOptions] = Field(default_factory=dict)
    bars: dict[str, BarOptions] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name[:80]!r} is no time zone") from error
        return name

    @field_validator("told_from")
    @classmethod
    def _told_from_is_an_instant(cls, instant: datetime | None) -> datetime | None:
        if instant is not None and instant.tzinfo is None:
            raise ValueError("it has no offset; write, for example, 2026-03-02T09:30:00Z")
        return instant

    @field_validator("host")
    @classmethod
    def _host_is_here(cls, host: str) -> str:
        try:
            is_here = ip_address(host).is_loopback
        except ValueError:
            is_here = False
        if not is_here:
            raise ValueError(f"{host[:80]!r} is not this machine; use 127.0.0.1 or ::1")
        return host

    @field_validator("port", "control_port")
    @classmethod
    def _port_is_nobodys(cls, port: int) -> int:
        if port in REAL_PORTS:
            raise ValueError(f"{port} is where a real TWS or IB Gateway listens; use {DEFAULT_PORT}")
        return port


def gateway_options(given: Mapping[str, object]) -> GatewayOptions:
    """The options of a table. Raises ConfigurationError."""
    try:
        return GatewayOptions.model_validate(dict(given))
    except ValidationError as error:
        raise ConfigurationError(setting_problem(error.errors()[0], "gateway")) from error


def make_server(
    options: GatewayOptions, clock: Clock, calendar: TradingCalendar, folder: Path = Path(),
    traded: Mapping[str, Instrument] | None = None,
) -> GatewayServer:  # fmt: skip
    """A server that listens once it is entered. `traded` are the instruments of a home, where there is one.

    Raises ConfigurationError, and what a book or a file of bars raises.
    """
    time = GatewayTime(clock, options.told_from)
    book = None if options.book is None else folder / options.book
    starts_at = (None if book is None else begins_at(book)) or time.now()
    instruments = _instruments(options, traded or {})
    feeds = _feeds(options, instruments, starts_at, folder, is_told=time.is_told)
    keeper = _keeper(options, book, starts_at)
    engine_options = options.engine_options(options.account, options.currency, instruments, calendar)

    def make_engine(hear: Callable[[Message], None]) -> BrokerEngine:
        return BrokerEngine(engine_options, feeds, hear, starts_at, keeper=keeper)

    try:
        gateway = Gateway(make_engine, time.now, Tricks(highest_version=options.highest_version))
    except InvalidValue as error:
        raise ConfigurationError(f"gateway.{error}") from error
    listening = Listening(options.host, options.port, options.control_port)
    return GatewayServer(gateway, time, ZoneInfo(options.zone), listening, paces=options.paces)


def _keeper(options: GatewayOptions, book: Path | None, starts_at: datetime) -> Keeper:
    if book is None:
        return Keeper()
    return BookFile(book, Identity(options.account, options.currency, options.seed), starts_at)


def _instruments(options: GatewayOptions, traded: Mapping[str, Instrument]) -> dict[str, Instrument]:
    """Those of the file, then those of a home; a pair that only has prices is a pair of currencies."""
    known = {**traded, **{pair: table.instrument(pair) for pair, table in options.instruments.items()}}
    priced = {*options.prices, *options.quotes, *options.bars} or ({*known} or {*_WALKS})
    for pair in sorted(priced - set(known)):
        known[pair] = currency_pair(pair)
    return known


def _feeds(
    options: GatewayOptions, instruments: Mapping[str, Instrument], starts_at: datetime, folder: Path, *, is_told: bool
) -> dict[str, PriceFeed]:
    feeds: dict[str, PriceFeed] = {}
    for pair in instruments:
        kinds = [kind for kind in ("prices", "quotes", "bars") if pair in getattr(options, kind)]
        if len(kinds) > 1:
            raise ConfigurationError(f"gateway.{kinds[1]}.{pair}: it has {kinds[0]} already. Leave one of them out")
        if pair in options.quotes:
            quote = options.quotes[pair]
            feeds[pair] = QuoteFeed(pair, [Tick(starts_at, quote.bid, quote.ask)])
        elif pair in options.bars:
            feeds[pair] = _bar_feed(pair, options.bars[pair], folder, None if is_told else starts_at)
        else:
            feeds[pair] = options.walk(pair, options.prices.get(pair) or _walk_of(pair, instruments[pair]), starts_at)
    return feeds


def _walk_of(pair: str, instrument: Instrument) -> WalkOptions:
    """Made-up prices that lie on the instrument's grid."""
    tick = instrument.tick
    return _WALKS.get(pair) or WalkOptions(bid=tick * 20_000, spread=tick * 2, step=tick, interval_s=1)


def _bar_feed(pair: str, bars: BarOptions, folder: Path, begins_at: datetime | None) -> BarFeed:
    """Recorded minutes, as they were or moved so that the first begins now."""
    minutes = load_bars(pair, folder / bars.bid, folder / bars.ask).minutes
    if begins_at is None:
        return BarFeed(pair, minutes)
    moved_by = begins_at.replace(second=0, microsecond=0) + _MINUTE - minutes[0].start
    return BarFeed(pair, [replace(minute, start=minute.start + moved_by) for minute in minutes])
