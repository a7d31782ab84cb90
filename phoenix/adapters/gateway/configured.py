"""A gateway from its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from phoenix.adapters.gateway import prices
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.options import GatewayOptions, TimeKind
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.gateway.tricks import Tricks
from phoenix.adapters.market.minute_bar import MinuteBar
from phoenix.adapters.simulation.book_file import BookFile, Identity, begins_at
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.keeping import BookError, Keeper
from phoenix.adapters.simulation.messages import Message
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.clock import Clock
from phoenix.ports.errors import ConfigurationError

_NO_LATENCY = timedelta(0)
"""Between an order and its first bar: whoever tests a program does not want to wait for a second minute."""


def make_server(
    options: GatewayOptions, clock: Clock, calendar: TradingCalendar, instruments: Mapping[str, Instrument],
    folder: Path,
) -> GatewayServer:  # fmt: skip
    """A gateway that listens once it is entered; `folder` is where relative paths begin.

    Raises ConfigurationError, and InvalidValue for bars that do not read.
    """
    prices.require_rates(options, instruments)
    bars = prices.read_bars(options, folder)
    book = None if options.book is None else folder / options.book
    try:
        begun = None if book is None else begins_at(book)
        starts_at = begun or options.first_instant(clock.now(), prices.first_of(bars))
        make = _engine_maker(options, calendar, instruments, bars, starts_at, book)
        time = GatewayTime(clock, starts_at if options.time is TimeKind.TOLD else None)
        gateway = Gateway(make, time.now, Tricks(highest_version=options.highest_version))
    except BookError as error:
        raise ConfigurationError(
            f"gateway.book: {error}. See docs/gateway.md, or phoenix gateway run --help"
        ) from error
    _go_on(time, gateway, options)
    listening = Listening(options.host, options.port, options.control_port)
    return GatewayServer(gateway, time, ZoneInfo(options.zone), listening, paces=options.paces)


def _engine_maker(
    options: GatewayOptions, calendar: TradingCalendar, instruments: Mapping[str, Instrument],
    bars: Mapping[str, tuple[MinuteBar, ...]], starts_at: datetime, book: Path | None,
) -> Callable[[Callable[[Message], None]], BrokerEngine]:  # fmt: skip
    try:
        engine_options = options.engine_options(options.account, options.currency, instruments, calendar)
    except InvalidValue as error:
        raise InvalidValue(f"gateway.{error.field}", error.refused, error.remedy) from error
    engine_options = replace(engine_options, rates=options.rates, bar_latency=_NO_LATENCY)
    feeds = prices.feeds(options, instruments, bars, starts_at)
    identity = Identity(options.account, options.currency, options.seed)

    def make(hear: Callable[[Message], None]) -> BrokerEngine:
        keeper = Keeper() if book is None else BookFile(book, identity, starts_at)
        return BrokerEngine(engine_options, feeds, hear, starts_at=starts_at, keeper=keeper)

    return make


def _go_on(time: GatewayTime, gateway: Gateway, options: GatewayOptions) -> None:
    """Told time goes on from where a book has lived to, or from a later instant that is named."""
    if time.is_told:
        lived_to = gateway.engine.now
        time.move_to(max(options.told_from or lived_to, lived_to))
