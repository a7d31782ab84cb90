"""A signal in the canonical envelope, and what makes it tradable (SPEC 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Context, Decimal

from phoenix.domain.anchor import Anchor
from phoenix.domain.encoding import Json
from phoenix.domain.instants import instant_text
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import OrderType, RefusalReason, Side, SignalSource, TimeInForce

PRICE_MAX = Decimal(10) ** 9
_SHOWN = Decimal("0.0001")
_WIDE = Context(prec=80, rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Signal:
    """A well-formed signal. `document` is the whole envelope, numbers as text; `content_hash` is over it.

    `risk_percent` is a percentage of equity, `confidence` lies within 0..1.
    """

    signal_id: str
    timestamp: datetime
    strategy_id: str
    source: SignalSource
    pair: str
    setup_type: str
    confidence: Decimal
    entry: Decimal
    stop: Decimal
    target: Decimal
    risk_percent: Decimal
    order_type: OrderType
    time_in_force: TimeInForce
    evidence: Json
    evidence_hash: str
    anchor: Anchor
    content_hash: str
    document: Json

    @property
    def side(self) -> Side:
        """LONG when the target lies above the entry, else SHORT."""
        return Side.LONG if self.target > self.entry else Side.SHORT

    @property
    def stop_distance(self) -> Decimal:
        """What a unit loses, in price, when the stop fills as planned."""
        return abs(self.entry - self.stop)

    @property
    def target_distance(self) -> Decimal:
        return abs(self.target - self.entry)

    @property
    def reward_risk(self) -> Decimal:
        """Planned reward over planned risk, cut at four decimals; for a signal that `check_signal` let pass."""
        return reward_risk(self.entry, self.stop, self.target)


def reward_risk(entry: Decimal, stop: Decimal, target: Decimal) -> Decimal:
    """Planned reward over planned risk, cut at four decimals so that less than one never reads as one."""
    ratio = _WIDE.divide(abs(target - entry), abs(entry - stop))
    return _WIDE.quantize(ratio, _SHOWN)


def check_signal(
    signal: Signal, instruments: Mapping[str, Instrument], now: datetime, clock_skew_s: int
) -> tuple[str, ...]:
    """Warnings about a tradable signal. Raises Refused for one that is not; prices are never rounded into shape."""
    instrument = instruments.get(signal.pair)
    if instrument is None:
        known = ", ".join(sorted(instruments)) or "none"
        raise Refused(
            RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"{signal.pair} is not configured",
            f"Configure it, or use one of: {known}",
        )  # fmt: skip
    check_not_future("timestamp", signal.timestamp, now, clock_skew_s)
    check_not_future("state_anchor.captured_at", signal.anchor.captured_at, now, clock_skew_s)
    for name, price in (("entry", signal.entry), ("stop", signal.stop), ("target", signal.target)):
        _check_price(f"parameters.{name}", price, instrument)
    _check_sides(signal)
    if signal.target_distance < signal.stop_distance:
        return (f"reward/risk is {decimal_text(signal.reward_risk)}: the plan risks more than it may win",)
    return ()


def check_not_future(field: str, instant: datetime, now: datetime, clock_skew_s: int) -> None:
    """Raises Refused for an instant that is later than now by more than the clocks may differ, in seconds."""
    if instant > now + timedelta(seconds=clock_skew_s):
        raise Refused(
            RefusalReason.SIGNAL_FROM_FUTURE, field,
            f"{instant_text(instant)} is later than now, {instant_text(now)}, by more than {clock_skew_s} s",
            "Set the source's clock right and send the signal again",
        )  # fmt: skip


def _check_price(field: str, price: Decimal, instrument: Instrument) -> None:
    if not ZERO < price < PRICE_MAX:
        raise _price_refused(field, f"{decimal_text(price)} is no price", f"Give a price above 0 and below {PRICE_MAX}")
    if not instrument.on_tick_grid(price):
        raise _price_refused(
            field,
            f"{decimal_text(price)} is off the {decimal_text(instrument.tick)} grid of {instrument.pair}",
            "Give a multiple of the tick; prices are never rounded",
        )


def _check_sides(signal: Signal) -> None:
    entry, stop, target = signal.entry, signal.stop, signal.target
    if target == entry:
        raise _price_refused("parameters.target", "equal to the entry", "Put it where the position wins")
    if stop == entry:
        raise _price_refused("parameters.stop", "equal to the entry", "Put it where the position loses")
    loses_below = signal.side is Side.LONG
    if (stop < entry) is not loses_below:
        raise _price_refused(
            "parameters.stop",
            f"{decimal_text(stop)} is on the winning side of the entry {decimal_text(entry)}, "
            f"for the target {decimal_text(target)} makes it {signal.side.value}",
            "Put the stop and the target on opposite sides of the entry",
        )


def _price_refused(field: str, detail: str, remedy: str) -> Refused:
    return Refused(RefusalReason.PRICE_INVALID, field, detail, remedy)
