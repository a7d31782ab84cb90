"""What a replay must come to, worked out a second time by plain loops over the bars.

It shares no code with the package, reads its inputs by itself, and calculates in exact fractions. Slow and obvious on
purpose.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple


class Prices(NamedTuple):
    open: Fraction
    high: Fraction
    low: Fraction
    close: Fraction


class Bar(NamedTuple):
    start: datetime
    bid: Prices
    ask: Prices


@dataclass(frozen=True)
class Signal:
    signal_id: str
    time: datetime
    entry: Fraction
    stop: Fraction
    target: Fraction
    risk_percent: Fraction
    is_limit: bool

    @property
    def is_long(self) -> bool:
        return self.target > self.entry


@dataclass(frozen=True)
class Terms:
    """The account's currency is the pair's quote currency, or else its base currency."""

    starting_equity: Fraction = Fraction(100_000)
    size_step: Fraction = Fraction(1_000)
    latency: timedelta = timedelta(minutes=1)
    account_is_base: bool = False


@dataclass(frozen=True)
class Trade:
    signal_id: str
    state: str
    side: str
    quantity: Fraction
    entry_time: datetime | None = None
    entry_price: Fraction | None = None
    exit_time: datetime | None = None
    exit_price: Fraction | None = None
    exit_reason: str | None = None
    r_multiple: Fraction | None = None
    pnl: Fraction | None = None


@dataclass(frozen=True)
class Expected:
    trades: tuple[Trade, ...]
    refused: tuple[str, ...]


class Fill(NamedTuple):
    number: int
    price: Fraction
    reason: str = ""


def expect(signals: Iterable[Signal], bars: Sequence[Bar], terms: Terms | None = None) -> Expected:
    """The trades and the refused signal ids, both in the order of the signals' times."""
    terms = terms or Terms()
    trades: list[Trade] = []
    refused: list[str] = []
    for signal in sorted(signals, key=lambda one: one.time):
        equity = terms.starting_equity
        for trade in trades:
            if trade.exit_time is not None and trade.exit_time < signal.time:
                assert trade.pnl is not None
                equity += trade.pnl
        quantity = size(signal, equity, terms)
        if not levels_make_sense(signal) or quantity <= 0:
            refused.append(signal.signal_id)
        else:
            trades.append(follow(signal, quantity, bars, terms))
    return Expected(tuple(trades), tuple(refused))


def levels_make_sense(signal: Signal) -> bool:
    """The stop on the losing side of the entry, the target on the winning side."""
    if signal.is_long:
        return signal.stop < signal.entry < signal.target
    return signal.target < signal.entry < signal.stop


def size(signal: Signal, equity: Fraction, terms: Terms) -> Fraction:
    risk_per_unit = abs(signal.entry - signal.stop)
    if terms.account_is_base:
        risk_per_unit /= signal.entry
    if risk_per_unit == 0:
        return Fraction(0)
    quantity = equity * signal.risk_percent / 100 / risk_per_unit
    return quantity // terms.size_step * terms.size_step


def follow(signal: Signal, quantity: Fraction, bars: Sequence[Bar], terms: Terms) -> Trade:
    side = "LONG" if signal.is_long else "SHORT"
    entry = find_entry(signal, bars, terms)
    if entry is None:
        return Trade(signal.signal_id, "SUBMITTED", side, quantity)
    entry_time = bars[entry.number].start
    exit_ = find_exit(signal, bars, entry.number + 1)
    if exit_ is None:
        return Trade(signal.signal_id, "MANAGED", side, quantity, entry_time, entry.price)
    gain_per_unit = exit_.price - entry.price if signal.is_long else entry.price - exit_.price
    pnl = gain_per_unit * quantity
    if terms.account_is_base:
        pnl /= exit_.price
    return Trade(
        signal.signal_id, "CLOSED", side, quantity, entry_time, entry.price, bars[exit_.number].start, exit_.price,
        exit_.reason, gain_per_unit / abs(signal.entry - signal.stop), pnl,
    )  # fmt: skip


def find_entry(signal: Signal, bars: Sequence[Bar], terms: Terms) -> Fill | None:
    for index, bar in enumerate(bars):
        if bar.start < signal.time + terms.latency:
            continue
        if not signal.is_limit:
            return Fill(index, bar.ask.open if signal.is_long else bar.bid.open)
        if signal.is_long and bar.ask.low <= signal.entry:
            return Fill(index, min(signal.entry, bar.ask.open))
        if not signal.is_long and bar.bid.high >= signal.entry:
            return Fill(index, max(signal.entry, bar.bid.open))
    return None


def find_exit(signal: Signal, bars: Sequence[Bar], first: int) -> Fill | None:
    for index in range(first, len(bars)):
        if signal.is_long:
            bid = bars[index].bid
            if bid.low <= signal.stop:
                return Fill(index, min(bid.open, signal.stop), "STOP_LOSS")
            if bid.high >= signal.target:
                return Fill(index, max(bid.open, signal.target), "TAKE_PROFIT")
        else:
            ask = bars[index].ask
            if ask.high >= signal.stop:
                return Fill(index, max(ask.open, signal.stop), "STOP_LOSS")
            if ask.low <= signal.target:
                return Fill(index, min(ask.open, signal.target), "TAKE_PROFIT")
    return None


def read_bars(bid_file: Path, ask_file: Path) -> list[Bar]:
    bids, asks = _read_side(bid_file), _read_side(ask_file)
    assert [start for start, _ in bids] == [start for start, _ in asks]
    return [Bar(start, bid, ask) for (start, bid), (_, ask) in zip(bids, asks, strict=True)]


def _read_side(file: Path) -> list[tuple[datetime, Prices]]:
    with file.open(newline="") as stream:
        return [
            (datetime.fromisoformat(row["timestamp"]), Prices(*(Fraction(row[name]) for name in Prices._fields)))
            for row in csv.DictReader(stream)
        ]


def read_signals(folder: Path) -> list[Signal]:
    return [signal_of(file.read_text()) for file in sorted(folder.glob("*.json"))]


def signal_of(text: str) -> Signal:
    document = json.loads(text)
    parameters = document["parameters"]
    return Signal(
        signal_id=document["signal_id"],
        time=datetime.fromisoformat(document["timestamp"]),
        entry=Fraction(parameters["entry"]),
        stop=Fraction(parameters["stop"]),
        target=Fraction(parameters["target"]),
        risk_percent=Fraction(parameters.get("risk_percent", "1.0")),
        is_limit=parameters.get("order_type") == "LIMIT",
    )
