"""What a gateway's prices come from: walks that are made up, recorded bars, or whoever directs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from phoenix.adapters.gateway.options import GatewayOptions, TimeKind
from phoenix.adapters.market.bars import load_bars
from phoenix.adapters.market.minute_bar import MinuteBar
from phoenix.adapters.simulation.configured import WalkOptions
from phoenix.adapters.simulation.feeds import BarFeed, QuoteFeed
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument

_TICK, _PIP, _STEP = Decimal("0.00005"), Decimal("0.0001"), Decimal(1000)
BUILT_IN: Mapping[str, Instrument] = MappingProxyType(
    {
        pair: Instrument(pair, pair[:3], "CASH", "IDEALPRO", pair[3:], _TICK, _PIP, _STEP, _STEP)
        for pair in ("EURUSD", "GBPUSD")
    }
)
"""What is traded where nothing else is configured."""
_BIDS = MappingProxyType(
    {
        "AUDUSD": Decimal("0.66"), "EURCHF": Decimal("0.95"), "EURGBP": Decimal("0.85"), "EURJPY": Decimal(160),
        "EURUSD": Decimal("1.085"), "GBPJPY": Decimal(190), "GBPUSD": Decimal("1.27"), "NZDUSD": Decimal("0.61"),
        "USDCAD": Decimal("1.36"), "USDCHF": Decimal("0.89"), "USDJPY": Decimal(150),
    }
)  # fmt: skip
_SPREAD_TICKS, _OTHER_BID_TICKS = 2, 20_000

_Bars = Mapping[str, tuple[MinuteBar, ...]]


class ToldFeed(QuoteFeed):
    """Quotes that the control channel tells. They do not outlive the process, so there is nothing to resume."""

    def position(self) -> str:
        return ""

    def resume(self, position: str) -> None:
        """What is told from now on is new, wherever a book says that the prices of its time were read to."""


def read_bars(options: GatewayOptions, folder: Path) -> _Bars:
    """The recorded minutes by pair. Raises InvalidValue naming file, line and field."""
    return {
        pair: tuple(load_bars(pair, folder / files.bid, folder / files.ask).minutes)
        for pair, files in options.bars.items()
    }


def first_of(bars: _Bars) -> datetime | None:
    """The first minute of any pair."""
    return min((minutes[0].start for minutes in bars.values()), default=None)


def feeds(
    options: GatewayOptions, instruments: Mapping[str, Instrument], bars: _Bars, starts_at: datetime
) -> dict[str, PriceFeed]:
    """A feed for every instrument; what has no source named makes up prices. Raises InvalidValue."""
    _require_known(instruments, (*options.prices, *bars, *options.told))
    shift = None if options.time is TimeKind.TOLD else starts_at
    return {pair: _feed(options, known, _moved(bars, shift), starts_at) for pair, known in instruments.items()}


def require_rates(options: GatewayOptions, instruments: Mapping[str, Instrument]) -> None:
    """Every profit has to be worth something in the account's currency. Raises InvalidValue."""
    home, priced = options.currency, set(instruments) - options.told
    for pair, instrument in instruments.items():
        quoted = instrument.currency
        is_known = home in (instrument.symbol, quoted) or not priced.isdisjoint((quoted + home, home + quoted))
        if not is_known and quoted not in options.rates:
            raise InvalidValue(
                f"gateway.rates.{quoted}", f"nothing says what {pair} is worth in {home}",
                f"Set what one {quoted} is worth, or add an instrument {quoted}{home} with prices",
            )  # fmt: skip


def _require_known(instruments: Mapping[str, Instrument], named: Iterable[str]) -> None:
    for pair in sorted(set(named) - set(instruments)):
        raise InvalidValue(
            f"gateway.prices.{pair[:80]}", "no such instrument is traded",
            f"Use one of {', '.join(instruments)}, or add it under instruments",
        )  # fmt: skip


def _feed(options: GatewayOptions, instrument: Instrument, bars: _Bars, starts_at: datetime) -> PriceFeed:
    pair = instrument.pair
    if pair in bars:
        return BarFeed(pair, bars[pair])
    if pair in options.told:
        return ToldFeed(pair, ())
    return (options.prices.get(pair) or _walk(instrument)).feed(pair, starts_at, options.seed)


def _walk(instrument: Instrument) -> WalkOptions:
    """A walk of about the size of the real market's."""
    tick = instrument.tick
    bid = _BIDS.get(instrument.pair, _OTHER_BID_TICKS * tick)
    return WalkOptions(bid=bid, spread=_SPREAD_TICKS * tick, step=tick)


def _moved(bars: _Bars, begins_at: datetime | None) -> _Bars:
    """The bars as if the first of them all began at an instant; None leaves them where they are."""
    first = first_of(bars)
    if begins_at is None or first is None:
        return bars
    by = begins_at - first
    return {pair: tuple(replace(bar, start=bar.start + by) for bar in minutes) for pair, minutes in bars.items()}
