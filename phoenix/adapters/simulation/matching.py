"""Whether, and at which price, an order executes on one price event.

A buy looks at the ask, a sale at the bid. What the event opens beyond is had at the open; what it reaches later, at the
order's own price. A quote is an event whose open, high, low and close are one.
"""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation.orders import Order, OrderRequest
from phoenix.adapters.simulation.prices import PriceBar
from phoenix.domain.vocabulary import Action, OrderType, TimeInForce


def execution_price(order: OrderRequest, bar: PriceBar) -> Decimal | None:
    """The price at which the order executes on this event, or None. An IOC order only has the event's open."""
    if order.order_type is OrderType.MARKET:
        return bar.ask_open if order.action is Action.BUY else bar.bid_open
    at_open_only = order.time_in_force is TimeInForce.IOC
    if order.action is Action.BUY:
        return _buy(order, bar, at_open_only)
    return _sell(order, bar, at_open_only)


def _buy(order: OrderRequest, bar: PriceBar, at_open_only: bool) -> Decimal | None:
    if order.limit_price is not None:
        if bar.ask_open <= order.limit_price:
            return bar.ask_open
        return order.limit_price if not at_open_only and bar.ask_low <= order.limit_price else None
    if order.stop_price is None:
        return None
    if bar.ask_open >= order.stop_price:
        return bar.ask_open
    return order.stop_price if not at_open_only and bar.ask_high >= order.stop_price else None


def _sell(order: OrderRequest, bar: PriceBar, at_open_only: bool) -> Decimal | None:
    if order.limit_price is not None:
        if bar.bid_open >= order.limit_price:
            return bar.bid_open
        return order.limit_price if not at_open_only and bar.bid_high >= order.limit_price else None
    if order.stop_price is None:
        return None
    if bar.bid_open <= order.stop_price:
        return bar.bid_open
    return order.stop_price if not at_open_only and bar.bid_low <= order.stop_price else None


def precedence(order: Order) -> tuple[bool, int]:
    """Where stop and target are both within one event, the stop comes first; otherwise the older order."""
    return (order.request.order_type is not OrderType.STOP, order.sequence)
