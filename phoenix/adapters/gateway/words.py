"""The words that the protocol has for the simulated broker's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from phoenix.adapters.simulation.orders import Order
from phoenix.domain.vocabulary import Action, OrderStatus, OrderType, TimeInForce

ACTION: Mapping[str, Action] = MappingProxyType({"BUY": Action.BUY, "SELL": Action.SELL, "SSHORT": Action.SELL})
ORDER_TYPE: Mapping[str, OrderType] = MappingProxyType(
    {"MKT": OrderType.MARKET, "LMT": OrderType.LIMIT, "STP": OrderType.STOP}
)
TIME_IN_FORCE: Mapping[str, TimeInForce] = MappingProxyType({tif.value: tif for tif in TimeInForce})
WORD_OF_TYPE: Mapping[OrderType, str] = MappingProxyType({kind: word for word, kind in ORDER_TYPE.items()})
SIDE: Mapping[Action, str] = MappingProxyType({Action.BUY: "BOT", Action.SELL: "SLD"})

WAITS_FOR_PARENT = "child"
WAITS_FOR_PRICE = "trigger"
ACCEPTED = "PreSubmitted"
REFUSED = "Inactive"
CANCELLED = "Cancelled"

_STATUS: Mapping[OrderStatus, str] = MappingProxyType(
    {
        OrderStatus.PENDING: "PendingSubmit",
        OrderStatus.HELD: ACCEPTED,
        OrderStatus.WORKING: "Submitted",
        OrderStatus.PENDING_CANCEL: "PendingCancel",
        OrderStatus.CANCELLED: CANCELLED,
        OrderStatus.REJECTED: REFUSED,
        OrderStatus.FILLED: "Filled",
        OrderStatus.UNKNOWN: "Inactive",
    }
)


def status_word(status: OrderStatus, order_type: OrderType) -> str:
    """A stop that works is kept by the broker itself until its price is reached, and is called accepted."""
    is_kept = status is OrderStatus.WORKING and order_type is OrderType.STOP
    return ACCEPTED if is_kept else _STATUS[status]


def why_held(status: OrderStatus, order_type: OrderType) -> str:
    """What an order waits for, as a list of words."""
    waits_for_price = order_type is OrderType.STOP and status in (OrderStatus.HELD, OrderStatus.WORKING)
    words = (
        WAITS_FOR_PARENT if status is OrderStatus.HELD else "",
        WAITS_FOR_PRICE if waits_for_price else "",
    )  # fmt: skip
    return ",".join(word for word in words if word)


NOT_CANCELLABLE = "OrderId {order_id} that needs to be cancelled cannot be cancelled, state: {state}."
NOT_FOUND = "OrderId {order_id} that needs to be cancelled is not found."


def ended_word(order: Order) -> str:
    """What a completed order is called. A refused one is called cancelled, and explained."""
    return _STATUS[OrderStatus.FILLED] if order.status is OrderStatus.FILLED else CANCELLED


def explanation(order: Order) -> str:
    """What the broker says of how an order ended."""
    if order.status is OrderStatus.REJECTED:
        return f"Rejected by System: {order.fate.reject_reason or 'the order was refused'}"
    if order.status is OrderStatus.FILLED:
        return f"Filled Size: {order.filled}"
    return "Cancelled by Trader"
