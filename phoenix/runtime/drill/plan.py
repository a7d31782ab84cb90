"""What a drill is to do, settled before anything is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from phoenix.config import Settings
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text, is_multiple
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import AccountMode, RefusalReason

STRATEGY = "DRILL"
"""The strategy that drills are recorded under; registered by the first one."""
SECONDS_MAX = Decimal(3600)
TARGET_LIMIT_S = 900.0
"""How long the target is waited for: a market does not move on request."""
TYPED_LIMIT_S = 300.0
"""How long a person may take over an approval, within the life of what is approved."""


@dataclass(frozen=True, slots=True)
class DrillPlan:
    """`quantity` is in units; None takes the smallest that the instrument allows. `wait_s` bounds every wait for the
    broker, `hold_s` is how long the position is held before a human's exit; `until_target` waits for the target."""

    instrument: Instrument
    quantity: Decimal | None
    hold_s: float
    wait_s: float
    until_target: bool


def plan_of(
    settings: Settings, pair: str | None, quantity: Decimal | None, hold_s: Decimal, wait_s: Decimal, *,
    until_target: bool,
) -> DrillPlan:  # fmt: skip
    """The plan of a drill. Raises Refused for a live account or an unknown instrument, InvalidValue for the rest."""
    _refuse_live(settings.account.mode)
    instrument = _named(settings.policy().instruments, pair)
    _require_on_grid(instrument, quantity)
    if not ZERO <= hold_s <= SECONDS_MAX:
        raise InvalidValue("hold", f"{hold_s} is not within 0 and {SECONDS_MAX} seconds", "Give seconds, as 10")
    if not ZERO < wait_s <= SECONDS_MAX:
        raise InvalidValue("wait", f"{wait_s} is not within 0 and {SECONDS_MAX} seconds", "Give seconds, as 60")
    return DrillPlan(instrument, quantity, float(hold_s), float(wait_s), until_target)


def _refuse_live(mode: AccountMode) -> None:
    if mode is AccountMode.LIVE:
        raise Refused(
            RefusalReason.NOT_ALLOWED, "mode", "a drill trades for nothing but the drill; never on a LIVE account. "
            "Nothing was connected", "Drill on a paper account, in a home of its own: phoenix init DIRECTORY",
        )  # fmt: skip


def _named(instruments: Mapping[str, Instrument], pair: str | None) -> Instrument:
    chosen = next(iter(instruments), "") if pair is None else pair.upper()
    if chosen not in instruments:
        known = ", ".join(instruments) or "none"
        raise Refused(
            RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"{chosen} is not configured; configured is {known}",
            "Name a configured instrument, or add this one to the configuration: phoenix config show",
        )  # fmt: skip
    return instruments[chosen]


def _require_on_grid(instrument: Instrument, quantity: Decimal | None) -> None:
    if quantity is None:
        return
    if quantity < instrument.min_size or not is_multiple(quantity, instrument.size_step):
        raise InvalidValue(
            "quantity",
            f"{decimal_text(quantity)} is not on the grid of {instrument.pair}",
            f"Give a multiple of {decimal_text(instrument.size_step)}, at least {decimal_text(instrument.min_size)}",
        )
