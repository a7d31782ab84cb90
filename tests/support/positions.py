"""Positions and their orders made by hand, for rules that look at one position only."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from phoenix.domain.executions import Fill
from phoenix.domain.order_plan import EntryTerms, Leg
from phoenix.domain.position import LegState, Position
from phoenix.domain.profit import Conversion, MoneyRule
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, OrderType, Side, TimeInForce
from phoenix.rehearsal.signals import MONDAY

TERMS = EntryTerms(
    "SIM0001", "GBPUSD", Side.LONG, Decimal(1000), OrderType.MARKET, TimeInForce.DAY, Decimal("1.26"), Decimal("1.25"),
    Decimal("1.28"),
)  # fmt: skip
POSITION = Position(
    "position-1", "intent-1", "signal-1", "fvg-retest", TERMS, MoneyRule(Conversion.NONE, Decimal(1)), None
)
_TYPES = {LegRole.STOP_LOSS: OrderType.STOP, LegRole.TAKE_PROFIT: OrderType.LIMIT}


def leg(
    role: LegRole = LegRole.ENTRY, status: OrderStatus = OrderStatus.WORKING, total: int = 1000,
    name: str | None = None, **changes: Any,
) -> LegState:  # fmt: skip
    """An order of the position; its reference is `name`, or its role."""
    action = Action.BUY if role is LegRole.ENTRY else Action.SELL
    order = Leg(role, action, _TYPES.get(role, OrderType.MARKET), Decimal(1000), TimeInForce.GTC, name or role.value, 1)
    state = LegState(order, "group-1", "intent-1", MONDAY, Decimal(total), status, f"perm-{name or role.value}")
    return replace(state, **changes)


def fill(quantity: int, role: LegRole = LegRole.ENTRY, stem: str = "e1", price: str = "1.26") -> Fill:
    return Fill(f"{stem}.01", stem, 1, role, role.value, Decimal(quantity), Decimal(price), MONDAY)
