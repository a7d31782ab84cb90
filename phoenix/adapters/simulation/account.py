"""The account: cash, open lots and net holdings.

A bracket's exits realise profit against their own parent's entry, so positions of one instrument may overlap and each
still realises its own result; orders that belong to no open lot take the oldest opposite ones first. The holding shown
is the net of them all, at the average price of netting.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from phoenix.adapters.simulation.executions import Adjustment, Execution
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import LegRole

_NO_GROUP = 0


@dataclass(slots=True)
class Lot:
    """An open, signed quantity that one order group brought about."""

    group: int
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Net:
    """The signed net quantity of an instrument and its average price; the price is None when flat."""

    quantity: Decimal
    average_price: Decimal | None

    def after(self, quantity: Decimal, price: Decimal) -> Net:
        """With a signed quantity added at a price."""
        total = self.quantity + quantity
        if total == ZERO:
            return FLAT
        if self.average_price is None or (self.quantity > 0) != (total > 0):
            return Net(total, price)
        if abs(total) <= abs(self.quantity):
            return Net(total, self.average_price)
        return Net(total, (self.average_price * self.quantity + price * quantity) / total)


FLAT = Net(ZERO, None)


class Account:
    """Cash and holdings as they follow from the journal of executions and adjustments."""

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self.commissions = ZERO
        self.deposits = ZERO
        self.restated = ZERO
        self.realised = ZERO
        self._lots: dict[str, list[Lot]] = {}
        self._nets: dict[str, Net] = {}

    @property
    def balance(self) -> Decimal:
        """The cash, with what was paid in or out by hand."""
        return self._options.starting_balance + self.realised - self.commissions + self.deposits

    @property
    def stated_realised(self) -> Decimal:
        """The realised profit as the broker states it: what the journal adds up to, unless it was restated by hand."""
        return self.realised + self.restated

    @property
    def nets(self) -> Mapping[str, Net]:
        """By pair; flat ones are left out."""
        return self._nets

    def rebuild(self, journal: Iterable[Execution | Adjustment]) -> None:
        """Start over from a journal, after a correction or a bust changed its past."""
        self.realised = ZERO
        self._lots, self._nets = {}, {}
        for entry in journal:
            self.book(entry)

    def book(self, entry: Execution | Adjustment) -> None:
        """Apply one journal entry."""
        if isinstance(entry, Adjustment):
            self._book_adjustment(entry)
        elif not entry.is_bust:
            self._book_execution(entry)

    def charge(self, commission: Decimal) -> None:
        self.commissions += commission

    def unrealised(
        self, price_of: Callable[[str, Decimal], tuple[Decimal, Decimal | None]], pairs: Container[str] | None = None
    ) -> Decimal:
        """Profit of the open lots, those of `pairs` only where given.

        `price_of(pair, quantity)` gives the price to close at, and a cross rate.
        """
        total = ZERO
        for pair, lots in self._lots.items():
            if pairs is not None and pair not in pairs:
                continue
            for lot in lots:
                price, rate = price_of(pair, lot.quantity)
                total += self.money(pair, (price - lot.price) * lot.quantity, price, rate)
        return total

    def money(self, pair: str, amount: Decimal, price: Decimal, rate: Decimal | None) -> Decimal:
        """An amount of the pair's quote currency in the account's: by the pair's own price, or by a cross rate."""
        base, quoted = self._options.currencies(pair)
        if quoted == self._options.currency:
            return amount
        if base == self._options.currency:
            return amount / price
        return amount * (Decimal(1) if rate is None else rate)

    def _book_execution(self, execution: Execution) -> None:
        pair, quantity, price = execution.pair, execution.signed_quantity, execution.price
        self._nets[pair] = net = self._nets.get(pair, FLAT).after(quantity, price)
        if net is FLAT:
            del self._nets[pair]
        if execution.order != execution.group:
            quantity = self._close(pair, quantity, price, execution.rate, group=execution.group)
        if execution.role is not LegRole.ENTRY:
            quantity = self._close(pair, quantity, price, execution.rate, group=None)
        if quantity != ZERO:
            self._lots.setdefault(pair, []).append(Lot(execution.group, quantity, price))

    def _book_adjustment(self, entry: Adjustment) -> None:
        pair, quantity, price = entry.pair, entry.quantity, entry.price
        self._nets[pair] = net = self._nets.get(pair, FLAT).after(quantity, price)
        if net is FLAT:
            del self._nets[pair]
        self._lots.setdefault(pair, []).append(Lot(_NO_GROUP, quantity, price))

    def _close(self, pair: str, quantity: Decimal, price: Decimal, rate: Decimal | None, group: int | None) -> Decimal:
        """Realise against open lots of the other sign, oldest first; what no lot took is left."""
        lots = self._lots.get(pair, [])
        for lot in lots:
            if quantity == ZERO:
                break
            if (lot.quantity > 0) == (quantity > 0) or group not in (None, lot.group):
                continue
            closed = min(abs(lot.quantity), abs(quantity)).copy_sign(lot.quantity)
            self.realised += self.money(pair, (price - lot.price) * closed, price, rate)
            lot.quantity -= closed
            quantity += closed
        if lots:
            self._lots[pair] = [lot for lot in lots if lot.quantity != ZERO]
        return quantity
