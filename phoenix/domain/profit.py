"""Realised profit of a position in the account's currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from phoenix.domain.executions import FillBook
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import LegRole, Side


class Conversion(StrEnum):
    """How the instrument's currency becomes the account's."""

    NONE = "NONE"
    AT_EXIT_PRICE = "AT_EXIT_PRICE"
    AT_SIZING_RATE = "AT_SIZING_RATE"


@dataclass(frozen=True, slots=True)
class MoneyRule:
    """AT_EXIT_PRICE divides by the exit's price (USDJPY in dollars); AT_SIZING_RATE multiplies by the approved rate."""

    conversion: Conversion
    rate: Decimal

    def money(self, amount: Decimal, exit_price: Decimal) -> Decimal:
        if self.conversion is Conversion.NONE:
            return amount
        return amount / exit_price if self.conversion is Conversion.AT_EXIT_PRICE else amount * self.rate


def realised_pnl(fills: FillBook, side: Side, rule: MoneyRule) -> Decimal | None:
    """Profit over the executed exits, against the average entry; None while nothing was exited."""
    average_entry = fills.average_entry_price
    exits = [fill for fill in fills.fills if fill.role is not LegRole.ENTRY]
    if average_entry is None or not exits:
        return None
    sign = 1 if side is Side.LONG else -1
    return sum((rule.money(sign * (f.price - average_entry) * f.quantity, f.price) for f in exits), ZERO)


def unrealised_pnl(open_quantity: Decimal, average_entry: Decimal, closing_price: Decimal, side: Side,
                   rule: MoneyRule) -> Decimal:  # fmt: skip
    """What closing all that is open at `closing_price` would bring, before costs, in the account's currency."""
    sign = 1 if side is Side.LONG else -1
    return rule.money(sign * (closing_price - average_entry) * open_quantity, closing_price)
