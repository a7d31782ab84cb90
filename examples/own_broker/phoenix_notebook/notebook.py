"""The notebook itself: orders and executions, written down before anybody hears of them.

It fills a whole order at once, at the quote that lets it: a market order at the next quote there is, a limit at its
price or better, a stop at the quote that triggers it, however far beyond. It never errs, loses or doubts anything,
which makes it a poor teacher for real brokers and a good example.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from phoenix.domain.vocabulary import Action, OrderStatus, OrderType, TimeInForce
from phoenix.ports.broker_facts import Quote
from phoenix.ports.errors import ConfigurationError


@dataclass(slots=True)
class Order:
    """One order. `waits_for` is the reference of its parent, `rivals` the group in which one execution
    cancels the others; `lapses_at` is the end of its day."""

    reference: str
    permanent_id: str
    session_order_id: int
    account: str
    pair: str
    action: Action
    order_type: OrderType
    quantity: Decimal
    time_in_force: TimeInForce
    limit_price: Decimal | None
    stop_price: Decimal | None
    waits_for: str | None
    rivals: str | None
    lapses_at: datetime | None
    status: OrderStatus = OrderStatus.WORKING

    @property
    def is_alive(self) -> bool:
        return not self.status.is_ended

    @property
    def filled(self) -> Decimal:
        return self.quantity if self.status is OrderStatus.FILLED else Decimal(0)

    @property
    def open(self) -> Decimal:
        return self.quantity if self.is_alive else Decimal(0)

    def price_at(self, quote: Quote) -> Decimal | None:
        """The price at which a quote fills it, or None where it does not."""
        is_buy = self.action is Action.BUY
        price, sign = (quote.ask, 1) if is_buy else (quote.bid, -1)
        if self.status is not OrderStatus.WORKING:
            return None
        if self.limit_price is not None and sign * price > sign * self.limit_price:
            return None
        if self.stop_price is not None and sign * price < sign * self.stop_price:
            return None
        return price


@dataclass(frozen=True, slots=True)
class Fill:
    """An order that executed, whole."""

    execution_id: str
    reference: str
    price: Decimal
    at: datetime


@dataclass(slots=True)
class Notebook:
    """The book of one account. Every change is asked for by the broker, which saves it and tells of it."""

    orders: list[Order] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    file: Path | None = None

    @classmethod
    def open(cls, file: Path) -> Notebook:
        """The notebook in a file, or a new one where there is none. Raises ConfigurationError."""
        if not file.exists():
            return cls(file=file)
        try:
            notebook = _FORM.validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            raise ConfigurationError(f"broker.notebook.notebook: {file} cannot be read. Put its copy back") from error
        notebook.file = file
        return notebook

    def save(self) -> None:
        """Write it all anew, beside the old one, and put it in its place."""
        if self.file is None:
            return
        unfinished = self.file.with_name(f".{self.file.name}")
        with unfinished.open("wb") as file:
            file.write(_FORM.dump_json(self, exclude={"file"}, indent=1))
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self.file)

    # --- looking -------------------------------------------------------------------------------------------------

    def order(self, reference: str) -> Order | None:
        return next((order for order in self.orders if order.reference == reference), None)

    @property
    def alive(self) -> list[Order]:
        return [order for order in self.orders if order.is_alive]

    def next_permanent_id(self) -> str:
        return f"N{len(self.orders) + 1:06}"

    def next_session_order_id(self) -> int:
        return max((order.session_order_id for order in self.orders), default=0) + 1

    def executed(self) -> list[tuple[Order, Fill]]:
        """What executed, in the order in which it did."""
        orders = {order.reference: order for order in self.orders}
        return [(orders[fill.reference], fill) for fill in self.fills]

    def position(self, pair: str) -> tuple[Decimal, Decimal, Decimal]:
        """The signed net of an instrument, its average price, and the profit that closing has realised in it."""
        net, average, realised = Decimal(0), Decimal(0), Decimal(0)
        for order, fill in self.executed():
            if order.pair != pair:
                continue
            change = order.quantity if order.action is Action.BUY else -order.quantity
            if net * change >= 0:
                average = (average * net + fill.price * change) / (net + change)
            else:
                closed = min(abs(net), abs(change)).copy_sign(net)
                realised += (fill.price - average) * closed
                average = average if abs(change) <= abs(net) else fill.price
            net += change
        return net, average, realised

    # --- changing ------------------------------------------------------------------------------------------------

    def fill(self, order: Order, price: Decimal, at: datetime) -> tuple[Fill, list[Order], list[Order]]:
        """Execute an order: the fill, its children that work now, and its rivals that are cancelled by it."""
        fill = Fill(f"{order.permanent_id}.01", order.reference, price, at)
        self.fills.append(fill)
        order.status = OrderStatus.FILLED
        children = [child for child in self.alive if child.waits_for == order.reference]
        for child in children:
            child.status = OrderStatus.WORKING
        rivals = [one for one in self.alive if one.rivals is not None and one.rivals == order.rivals]
        return fill, children, [ended for rival in rivals for ended in self.end(rival)]

    def end(self, order: Order) -> list[Order]:
        """Cancel an order with those that wait for it; answers all that ended."""
        children = [child for child in self.alive if child.waits_for == order.reference]
        for ended in (order, *children):
            ended.status = OrderStatus.CANCELLED
        return [order, *children]


_FORM = TypeAdapter(Notebook)
