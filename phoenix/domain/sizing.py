"""Position sizing: risk per cent of equity over the stop distance, in the account's currency (SPEC 3.4).

The arithmetic runs on whole numbers of size steps with enough digits to be exact, and only ever rounds down: what the
stop loses, filled as planned, never exceeds the money that was to be risked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal, localcontext

from phoenix.domain.instants import instant_text
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.profit import Conversion, MoneyRule
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import reward_risk
from phoenix.domain.vocabulary import RefusalReason

_EXACT = Context(prec=200, rounding=ROUND_FLOOR)
_SHOWN = Decimal("0.00000001")
_RATE_SHOWN = Decimal("0.000000000001")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class SizingPolicy:
    """How old equity and rates may be, in seconds, before they count as unknown."""

    equity_max_age_s: int = 300
    rate_max_age_s: int = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate by its pair: GBPUSD 1.25 makes 1.25 USD of one GBP."""

    pair: str
    price: Decimal
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SizingInput:
    """What a size is worked out from. Unknown equity is None, never zero; `risk_percent` is a percentage of it."""

    equity: Decimal | None
    equity_currency: str
    equity_as_of: datetime
    equity_source: str
    risk_percent: Decimal
    entry: Decimal
    stop: Decimal
    target: Decimal
    instrument: Instrument
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class RateUsed:
    """A rate that entered the arithmetic, by the name it has in the market. `as_of` is absent for a planned price."""

    pair: str
    price: Decimal
    basis: str
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Sizing:
    """The arithmetic of a size. Money is in `currency`, cut at eight decimals where a rate divides, rates at twelve.

    `conversion_rate` turns an amount in the instrument's currency into the account's. `pip_value` is for one unit.
    """

    equity: Decimal
    currency: str
    equity_source: str
    equity_as_of: datetime
    risk_percent: Decimal
    risk_target: Decimal
    stop_distance: Decimal
    conversion: Conversion
    conversion_rate: Decimal
    rates_used: tuple[RateUsed, ...]
    pip_value: Decimal
    raw_quantity: Decimal
    quantity: Decimal
    money_at_risk: Decimal
    notional: Decimal
    reward_risk: Decimal

    @property
    def money_rule(self) -> MoneyRule:
        """How the result of this position becomes money of the account."""
        return MoneyRule(self.conversion, self.conversion_rate)


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate as a fraction, so that a division can wait until the end."""

    conversion: Conversion
    numerator: Decimal
    denominator: Decimal
    rates_used: tuple[RateUsed, ...]


def size(inputs: SizingInput, policy: SizingPolicy, now: datetime) -> Sizing:
    """The size of a position with its arithmetic. Raises Refused(SIZING) for what is unknown, stale or too small."""
    equity = _checked_equity(inputs, policy, now)
    rate = _conversion_rate(inputs, policy, now)
    instrument = inputs.instrument
    stop_distance = abs(inputs.entry - inputs.stop)
    if stop_distance == ZERO:
        raise _refused("stop", "the stop distance is zero", "Put the stop apart from the entry")
    if not inputs.risk_percent > ZERO:
        raise _refused("risk_percent", f"{inputs.risk_percent} is not above zero", "Give a percentage of equity")
    with localcontext(_EXACT):
        risk_target = equity * inputs.risk_percent / 100
        lost_per_unit = stop_distance * rate.numerator
        budget = equity * inputs.risk_percent * rate.denominator
        quantity = budget // (100 * lost_per_unit * instrument.size_step) * instrument.size_step
        raw_quantity = _cut(budget / (100 * lost_per_unit))
        _check_minimum(quantity, raw_quantity, instrument)
        return Sizing(
            equity=equity,
            currency=inputs.equity_currency,
            equity_source=inputs.equity_source,
            equity_as_of=inputs.equity_as_of,
            risk_percent=inputs.risk_percent,
            risk_target=risk_target,
            stop_distance=stop_distance,
            conversion=rate.conversion,
            conversion_rate=_cut(rate.numerator / rate.denominator, _RATE_SHOWN),
            rates_used=rate.rates_used,
            pip_value=_cut(instrument.pip * rate.numerator / rate.denominator),
            raw_quantity=raw_quantity,
            quantity=quantity,
            money_at_risk=_cut(quantity * lost_per_unit / rate.denominator),
            notional=_cut(quantity * inputs.entry * rate.numerator / rate.denominator),
            reward_risk=reward_risk(inputs.entry, inputs.stop, inputs.target),
        )


def _checked_equity(inputs: SizingInput, policy: SizingPolicy, now: datetime) -> Decimal:
    if inputs.equity is None or not inputs.equity.is_finite() or not inputs.equity_currency:
        raise _refused("equity", "not known", "Let the account answer, then propose again")
    _check_age("equity", inputs.equity_as_of, policy.equity_max_age_s, now)
    if not inputs.equity > ZERO:
        raise _refused("equity", f"{inputs.equity} leaves nothing to risk", "Fund the account")
    return inputs.equity


def _conversion_rate(inputs: SizingInput, policy: SizingPolicy, now: datetime) -> _Rate:
    """From the instrument's currency to the account's. USDJPY-like pairs are sized at the planned entry as rate."""
    instrument, account = inputs.instrument, inputs.equity_currency
    if instrument.currency == account:
        return _Rate(Conversion.NONE, _ONE, _ONE, ())
    if instrument.symbol == account:
        planned = RateUsed(instrument.pair, inputs.entry, "PLANNED_ENTRY", None)
        return _Rate(Conversion.AT_EXIT_PRICE, _ONE, inputs.entry, (planned,))
    by_pair = {rate.pair: rate for rate in inputs.rates}
    direct, inverse = f"{instrument.currency}{account}", f"{account}{instrument.currency}"
    rate = by_pair.get(direct) or by_pair.get(inverse)
    if rate is None:
        raise _refused("rates", f"neither {direct} nor {inverse} is known", f"Quote {direct} or {inverse}")
    _check_age(f"rates.{rate.pair}", rate.as_of, policy.rate_max_age_s, now)
    if not (rate.price.is_finite() and rate.price > ZERO):
        raise _refused(f"rates.{rate.pair}", f"{rate.price} is not above zero", "Give the market's rate")
    used = (RateUsed(rate.pair, rate.price, "QUOTE", rate.as_of),)
    fraction = (rate.price, _ONE) if rate.pair == direct else (_ONE, rate.price)
    return _Rate(Conversion.AT_SIZING_RATE, *fraction, used)


def _check_age(field: str, as_of: datetime, max_age_s: int, now: datetime) -> None:
    """Refuses what is older than allowed, and what claims to be newer than now by as much."""
    if abs(now - as_of) > timedelta(seconds=max_age_s):
        raise _refused(
            field, f"dated {instant_text(as_of)}, more than {max_age_s} s from now, {instant_text(now)}",
            "Let the broker answer afresh, then propose again",
        )  # fmt: skip


def _check_minimum(quantity: Decimal, raw_quantity: Decimal, instrument: Instrument) -> None:
    if quantity < instrument.min_size or quantity <= ZERO:
        raise _refused(
            "quantity",
            f"{decimal_text(raw_quantity)} units, cut to {decimal_text(quantity)} by the size step of "
            f"{decimal_text(instrument.size_step)}, is under the minimum size of {decimal_text(instrument.min_size)}",
            "Risk more, or trade with a nearer stop",
        )


def _cut(amount: Decimal, shown: Decimal = _SHOWN) -> Decimal:
    """The amount with no more decimals than `shown` has, and never above it."""
    return amount if amount % shown == ZERO else amount.quantize(shown)


def _refused(field: str, detail: str, remedy: str) -> Refused:
    return Refused(RefusalReason.SIZING, field, detail, remedy)
