"""The drill's bracket: as small as the instrument allows, at the least share of equity that a signal may risk.

The core alone sizes a position, so a small one is had by a stop that lies far away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import decimal_text, floor_to_step
from phoenix.domain.policy import Policy
from phoenix.domain.sizing import Rate, SizingInput, size
from phoenix.ports.broker_facts import AccountSnapshot, Quote
from phoenix.runtime.desk.simulated_signal import SimulatedSetup, simulated_document
from phoenix.runtime.drill.plan import STRATEGY, DrillPlan

RISK_PERCENT = Decimal("0.5")
"""The least that a signal may risk."""
STOP_SHARE_MAX = Decimal("0.4")
"""A stop further away than this share of the price is none; then the position is a little larger instead."""
_STOP_SPREADS_MIN = 5
_TARGET_PIPS, _NEAR_TARGET_PIPS = Decimal(50), Decimal(5)
_TARGET_SPREADS_MIN = 4
_SLACK = Decimal("0.001")
"""By this share of the smallest size more is aimed at, for the equity may fall between asking and sizing."""
_RISK_STEP = Decimal("0.00000001")


def drill_signal(
    plan: DrillPlan, policy: Policy, account: AccountSnapshot, quote: Quote, rates: Sequence[Rate], now: datetime,
    signal_id: str,
) -> dict[str, Json]:  # fmt: skip
    """The signal of a drill. Raises Refused where nothing can be sized, InvalidValue where the quantity cannot be."""
    instrument = plan.instrument
    entry = floor_to_step(quote.ask, instrument.tick)
    budget = _units_over_a_tick(policy, instrument, account, entry, rates, now) * instrument.tick
    stop, risk_percent = stop_and_risk(plan, quote, budget)
    pips = _NEAR_TARGET_PIPS if plan.until_target else _TARGET_PIPS
    target = max(pips * instrument.pip, (quote.ask - quote.bid) * _TARGET_SPREADS_MIN)
    setup = SimulatedSetup(
        STRATEGY, stop_pips=stop / instrument.pip, target_pips=target / instrument.pip, risk_percent=risk_percent
    )  # fmt: skip
    return simulated_document(setup, instrument, quote, now, signal_id)


def stop_and_risk(plan: DrillPlan, quote: Quote, budget: Decimal) -> tuple[Decimal, Decimal]:
    """The stop's distance, on the tick grid, and the risk in per cent at which the core sizes the wanted quantity.

    `budget` is quantity times distance at the least risk. Raises InvalidValue where there is no such stop.
    """
    instrument, wanted = plan.instrument, plan.quantity or plan.instrument.min_size
    aimed = wanted + max(instrument.size_step / 2, instrument.min_size * _SLACK)
    distance = _up_to_step(budget / aimed, instrument.tick)
    nearest = max((quote.ask - quote.bid) * _STOP_SPREADS_MIN, instrument.tick)
    furthest = floor_to_step(quote.ask * STOP_SHARE_MAX, instrument.tick)
    if distance < nearest:
        raise _unfit(plan, wanted, "Give less", f"nearer to the entry than {decimal_text(nearest)}")
    if distance <= furthest:
        return distance, max(RISK_PERCENT, _up_to_step(RISK_PERCENT * aimed * distance / budget, _RISK_STEP))
    if plan.quantity is not None:
        raise _unfit(plan, wanted, "Give more", f"further from the entry than {decimal_text(furthest)}")
    return furthest, RISK_PERCENT


def _up_to_step(number: Decimal, step: Decimal) -> Decimal:
    return -floor_to_step(-number, step)


def _units_over_a_tick(
    policy: Policy, instrument: Instrument, account: AccountSnapshot, entry: Decimal, rates: Sequence[Rate],
    now: datetime,
) -> Decimal:  # fmt: skip
    """How many units the core sizes over a stop of one tick, at the least risk."""
    inputs = SizingInput(
        equity=account.balance if policy.sizes_on_balance else account.equity, equity_currency=account.currency,
        equity_as_of=account.as_of, equity_source=account.account, risk_percent=RISK_PERCENT, entry=entry,
        stop=entry - instrument.tick, target=entry + instrument.tick, instrument=instrument, rates=tuple(rates),
    )  # fmt: skip
    return size(inputs, policy.sizing, now).raw_quantity


def _unfit(plan: DrillPlan, wanted: Decimal, remedy: str, where: str) -> InvalidValue:
    smallest = decimal_text(plan.instrument.min_size)
    return InvalidValue(
        "quantity",
        f"{decimal_text(wanted)} {plan.instrument.pair} at {RISK_PERCENT} % of equity would put the stop {where}",
        f"{remedy}; the smallest is {smallest}",
    )
