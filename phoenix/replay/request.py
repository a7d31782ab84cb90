"""What a replay is asked to do, checked before it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from phoenix.adapters.market.bars import load_bars
from phoenix.adapters.market.currency_pairs import currency_pair
from phoenix.adapters.market.minute_bar import Bars
from phoenix.config import Settings, read_settings
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.limits import Limits
from phoenix.domain.numbers import ZERO, parse_decimal
from phoenix.replay.signal_files import SignalFile, common_pair, read_folder

MOCK = "chaos_mock"
EQUITY_MAX = Decimal(10) ** 12
PERMISSIVE = "permissive: no risk limits, so that every valid signal trades"
CONFIGURED_LIMITS = "the configured risk limits, on an account with a margin of 5 % of the notional"
MARGIN_UNDER_LIMITS = Decimal("0.05")
"""Without any margin there is no buying power that a limit could be held against."""


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Signals and the market they meet. Money is in `currency`; `latency` is the time from a signal to its fill.

    The beads go into a new SQLite file at `store`, or stay in memory. `adapter` is the broker's: the mock in the
    process, or one that talks to a gateway simulator over its wire.
    """

    signals: tuple[SignalFile, ...]
    bars: Bars
    instrument: Instrument
    equity: Decimal
    currency: str
    latency: timedelta
    limits: Limits
    margin_rate: Decimal
    risk_profile: str
    store: Path | None
    adapter: str = MOCK


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What a person may choose. Without a pair, the one that most signals are for is replayed.

    `config` names a configuration whose instruments, broker adapter and limits count; the limits only where
    `limits_apply`.
    """

    pair: str | None = None
    equity: str = "100000"
    currency: str = "USD"
    latency_s: int = 60
    limits_apply: bool = False
    config: Path | None = None
    store: Path | None = None


def replay_request(signals: Path, bid: Path, ask: Path, options: ReplayOptions) -> ReplayRequest:
    """Read everything a replay needs. Raises InvalidValue or ConfigurationError naming what was refused."""
    equity, currency, settings = _equity(options.equity), _currency(options.currency), read_settings(options.config)
    files = read_folder(signals)
    instrument = _instrument(options.pair or common_pair(files), settings)
    return ReplayRequest(
        signals=files,
        bars=load_bars(instrument.pair, bid, ask),
        instrument=instrument,
        equity=equity,
        currency=currency,
        latency=timedelta(seconds=options.latency_s),
        limits=settings.limits.limits() if options.limits_apply else Limits.permissive(),
        margin_rate=MARGIN_UNDER_LIMITS if options.limits_apply else ZERO,
        risk_profile=CONFIGURED_LIMITS if options.limits_apply else PERMISSIVE,
        store=options.store,
        adapter=settings.broker.adapter,
    )


def _instrument(pair: str, settings: Settings) -> Instrument:
    """The configured instrument, or the grids that IBKR uses for such a pair."""
    configured = settings.instruments.get(pair)
    return currency_pair(pair) if configured is None else configured.instrument(pair)


def _equity(text: str) -> Decimal:
    equity = parse_decimal(text)
    if not ZERO < equity <= EQUITY_MAX:
        raise InvalidValue("equity", f"{text!r} is not within 0 and {EQUITY_MAX:,.0f}", "Give a positive amount")
    return equity


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text, re.ASCII):
        raise InvalidValue("currency", f"{text!r} is not a currency of three letters", "Write, for example, USD")
    return text
