"""When books are compared, and what counts as a difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReconciliationPolicy:
    """Durations are whole seconds, `pnl_tolerance` is money in the account's currency.

    A difference settles for `settling_s` after it was first seen, and after the last execution in its instrument,
    before it is a drift; a drift that nobody resolved for `escalation_s` is told again.
    """

    interval_s: int = 300
    settling_s: int = 30
    escalation_s: int = 900
    pnl_tolerance: Decimal = Decimal(50)
    runs_per_minute_max: int = 12
