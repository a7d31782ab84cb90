"""What a replay is asked to do, checked before it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from phoenix.adapters.market.bars import load_bars
from phoenix.adapters.market.minute_bar import Bars
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.limits import Limits
from phoenix.domain.numbers import ZERO, parse_decimal
from phoenix.replay.instruments import currency_pair
from phoenix.replay.signal_files import SignalFile, common_pair, read_folder

EQUITY_MAX = Decimal(10) ** 12
PERMISSIVE = "permissive: no risk limits, so that every valid signal trades"
DEFAULT_LIMITS = "the default risk limits, on an account with a margin of 5 % of the notional"
MARGIN_UNDER_LIMITS = Decimal("0.05")
"""Without any margin there is no buying power that a limit could be held against."""


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Signals and the market they meet. Money is in `currency`; `latency` is the time from a signal to its fill."""

    signals: tuple[SignalFile, ...]
    bars: Bars
    instrument: Instrument
    equity: Decimal
    currency: str
    latency: timedelta
    limits: Limits
    margin_rate: Decimal
    risk_profile: str


def replay_request(
    signals: Path,
    bid: Path,
    ask: Path,
    pair: str | None,
    equity: str,
    currency: str,
    latency_s: int,
    *,
    limits_apply: bool,
) -> ReplayRequest:
    """Read everything a replay needs. Raises InvalidValue naming the file or option, what was refused, the remedy."""
    files = read_folder(signals)
    instrument = currency_pair(pair or common_pair(files))
    return ReplayRequest(
        signals=files,
        bars=load_bars(instrument.pair, bid, ask),
        instrument=instrument,
        equity=_equity(equity),
        currency=_currency(currency),
        latency=timedelta(seconds=latency_s),
        limits=Limits() if limits_apply else Limits.permissive(),
        margin_rate=MARGIN_UNDER_LIMITS if limits_apply else ZERO,
        risk_profile=DEFAULT_LIMITS if limits_apply else PERMISSIVE,
    )


def _equity(text: str) -> Decimal:
    equity = parse_decimal(text)
    if not ZERO < equity <= EQUITY_MAX:
        raise InvalidValue("equity", f"{text!r} is not within 0 and {EQUITY_MAX:,.0f}", "Give a positive amount")
    return equity


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text, re.ASCII):
        raise InvalidValue("currency", f"{text!r} is not a currency of three letters", "Write, for example, USD")
    return text
