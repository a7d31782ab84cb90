"""Orders from the wire: held back until they are released, read, and handed to the simulated broker together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from phoenix.adapters.gateway import words
from phoenix.adapters.gateway.client import Client
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire.requests import OrderFields, PlaceOrder
from phoenix.adapters.simulation.orders import OrderRequest
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import LegRole, OrderType, TimeInForce

NO_SECURITY = 200
BAD_ORDER_TYPE = 387
BAD_TIME_IN_FORCE = 111
NOT_COMPLETE = 107
VALIDATION = 321
E_TRADE_ONLY = 10268
FIRM_QUOTE_ONLY = 10269
DUPLICATE_ID = 103
PRESET_TIME_IN_FORCE = 10349
READ_ONLY_TEXT = "Error validating request.-'bN' : cause - The API interface is currently in Read-Only mode."
"""What a read-only API answers, under VALIDATION, to an order, a cancel, and questions for orders."""


_LARGEST = Decimal("1E15")
_SMALLEST = Decimal("1E-15")


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an order is not taken in, as TWS would say it."""

    code: int
    text: str


def objection_to(placed: PlaceOrder, securities: Securities, account: str) -> Objection | None:
    """What is wrong with an order before the broker even looks at it, or None."""
    order = placed.order
    numbers = (order.quantity, order.limit_price, order.auxiliary_price)
    checks = (
        (placed.order_id <= 0, VALIDATION, f"Error validating request: order id {placed.order_id}"),
        (order.e_trade_only, E_TRADE_ONLY, "The 'EtradeOnly' order attribute is not supported."),
        (order.firm_quote_only, FIRM_QUOTE_ONLY, "The 'FirmQuoteOnly' order attribute is not supported."),
        (order.what_if, VALIDATION, "What-if orders are not simulated here."),
        (len(securities.find(placed.contract)) != 1, NO_SECURITY,
         "No security definition has been found for the request"),
        (order.action not in words.ACTION, VALIDATION, f"Error validating request: action {order.action!r}"),
        (order.order_type not in words.ORDER_TYPE, BAD_ORDER_TYPE,
         f"Unsupported order type for this exchange and security type: {order.order_type!r}"),
        (order.time_in_force not in ("", *words.TIME_IN_FORCE), BAD_TIME_IN_FORCE,
         f"The TIF ({order.time_in_force}) and the security type are incompatible."),
        (not all(map(_is_tradable, numbers)), VALIDATION, "Error validating request: a number is out of range"),
        (not order.quantity or order.quantity < ZERO, NOT_COMPLETE,
         "Cannot transmit incomplete order: it has no quantity"),
        (order.account not in ("", account), VALIDATION, f"Invalid account code '{order.account}'."),
    )  # fmt: skip
    return next((Objection(code, text) for applies, code, text in checks if applies), None)


def released_by(client: Client, placed: PlaceOrder) -> list[PlaceOrder] | None:
    """The orders that go to the broker now that this one came, parents first; None while they are held back."""
    if not placed.order.transmit:
        client.untransmitted[placed.order_id] = placed
        return None
    family = taken_back(client, placed.order.parent_id or placed.order_id)
    known = {one.order_id: one for one in (*family, placed)}
    return sorted(known.values(), key=lambda one: one.order.parent_id != 0)


def taken_back(client: Client, order_id: int) -> list[PlaceOrder]:
    """An order that was held back, and its children, which are held back no longer."""
    held = [one for one in client.untransmitted.values() if order_id in (one.order_id, one.order.parent_id)]
    for one in held:
        del client.untransmitted[one.order_id]
    return held


def requests_of(
    group: list[PlaceOrder], client_id: int, securities: Securities, account: str
) -> tuple[OrderRequest, ...]:  # fmt: skip
    """The orders as the simulated broker takes them."""
    parents = {one.order.parent_id for one in group if one.order.parent_id}
    return tuple(
        _request(one, client_id, securities.find(one.contract)[0], account, is_parent=one.order_id in parents)
        for one in group
    )


def _request(placed: PlaceOrder, client_id: int, pair: str, account: str, *, is_parent: bool) -> OrderRequest:
    order = placed.order
    order_type = words.ORDER_TYPE[order.order_type]
    return OrderRequest(
        account=order.account or account,
        pair=pair,
        action=words.ACTION[order.action],
        order_type=order_type,
        quantity=order.quantity or ZERO,
        time_in_force=words.TIME_IN_FORCE.get(order.time_in_force, TimeInForce.DAY),
        session_order_id=placed.order_id,
        client_id=client_id,
        reference=order.reference or None,
        limit_price=_price(order.limit_price) if order_type is OrderType.LIMIT else None,
        stop_price=_price(order.auxiliary_price) if order_type is OrderType.STOP else None,
        parent_session_order_id=order.parent_id or None,
        oca_group=order.oca_group or None,
        role=_role(order, is_parent=is_parent),
    )


def _is_tradable(number: Decimal | None) -> bool:
    """Whether a number is one that anybody could mean; the broker's own reckoning is exact for no others."""
    return number is None or not number or (number.is_finite() and _SMALLEST <= abs(number) <= _LARGEST)


def _price(price: Decimal | None) -> Decimal:
    return ZERO if price is None else price


def _role(order: OrderFields, *, is_parent: bool) -> LegRole:
    """What an order is for, which the wire does not say: children and members of a group protect."""
    if is_parent:
        return LegRole.ENTRY
    if order.parent_id or order.oca_group:
        return LegRole.STOP_LOSS if order.order_type == "STP" else LegRole.TAKE_PROFIT
    return LegRole.EXIT
