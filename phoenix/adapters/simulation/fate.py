"""What chance or a script has in store for one order, decided when the broker receives it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from phoenix.domain.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Fate:
    """All that may go differently for an order; the defaults are a quiet life. Durations in seconds."""

    is_lost: bool = False
    latency_s: float = 0.0
    reject_code: int | None = None
    reject_reason: str = ""
    rejects_on_activation: bool = False
    hold_s: float | None = None
    is_unheard: bool = False
    fill_ratio: Decimal | None = None
    remainder_after_s: float | None = None
    fill_price: Decimal | None = None
    execution_copies: int = 1
    status_copies: int = 1
    execution_first: bool = False
    commission_first: bool = False
    late_fill_after_s: float | None = None
    late_fill_quantity: Decimal | None = None
    correct_after_s: float | None = None
    correct_quantity: Decimal | None = None
    correct_price: Decimal | None = None
    bust_after_s: float | None = None
    overfill: Decimal = ZERO
    second_permanent_id: bool = False
    blank_on_orders: bool = False
    blank_on_executions: bool = False
    cancel_refused_code: int | None = None
    cancel_ignored: bool = False
    claimed_fill_ratio: Decimal | None = None
    notice_code: int | None = None
    notice_text: str = ""


PLAIN_FATE = Fate()
