"""Executions in the broker's journal, and other changes of its holdings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.simulation.messages import OrderIds
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import Action, LegRole


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution in its latest revision; `order` and `group` are broker sequences, a child's group its parent's.

    `rate` turns the price's currency into the account's where the pair's own price cannot.
    """

    stem: str
    revision: int
    order: int
    group: int
    role: LegRole | None
    ids: OrderIds
    account: str
    pair: str
    action: Action
    quantity: Decimal
    price: Decimal
    executed_at: datetime
    rate: Decimal | None = None
    is_bust: bool = False

    @property
    def execution_id(self) -> str:
        return f"{self.stem}.{self.revision:02d}"

    @property
    def signed_quantity(self) -> Decimal:
        """What it changed the holdings by; nothing once it is busted."""
        if self.is_bust:
            return ZERO
        return self.quantity if self.action is Action.BUY else -self.quantity


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of the holdings that no execution explains."""

    pair: str
    quantity: Decimal
    price: Decimal
    made_at: datetime
