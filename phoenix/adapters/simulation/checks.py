"""What a broker checks before it takes an order, with the codes IBKR gives."""

from __future__ import annotations

from typing import TypeAlias

from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.valuation import equity, margin_used
from phoenix.adapters.simulation.world import World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import Action, OrderType

Objection: TypeAlias = tuple[int, str]

DUPLICATE_ID = 103
PRICE_INCREMENT = 110
UNKNOWN_ORDER = 135
NO_SECURITY = 200
REFUSED = 201
VALIDATION = 321


def first_objection(world: World, order: Order) -> Objection | None:
    """The code and reason with which the broker refuses an order, or None."""
    return _scripted(world, order) or _identity(world, order) or objection_to_terms(world, order)


def objection_to_terms(world: World, order: Order) -> Objection | None:
    """What the broker has against the terms of an order, or None."""
    for check in (_terms, _grid, _margin):
        objection = check(world, order)
        if objection is not None:
            return objection
    return None


def _scripted(_: World, order: Order) -> Objection | None:
    fate = order.fate
    if fate.reject_code is None or fate.rejects_on_activation:
        return None
    return fate.reject_code, fate.reject_reason


def _identity(world: World, order: Order) -> Objection | None:
    request = order.request
    if request.account != world.options.account:
        return VALIDATION, f"account {request.account} is not known here"
    first = world.book.by_session_id(request.client_id, request.session_order_id)
    if first is not None and first is not order:
        return DUPLICATE_ID, f"duplicate order id {request.session_order_id}"
    if request.parent_session_order_id is not None and order.parent is None:
        return UNKNOWN_ORDER, f"no order has the id {request.parent_session_order_id}"
    return None


def _terms(_: World, order: Order) -> Objection | None:
    request = order.request
    if not request.quantity > ZERO:
        return VALIDATION, "the quantity is not above zero"
    needed = {OrderType.MARKET: (), OrderType.LIMIT: ("limit_price",), OrderType.STOP: ("stop_price",)}
    for name in ("limit_price", "stop_price"):
        price = getattr(request, name)
        if (price is not None) != (name in needed[request.order_type]) or (price is not None and price <= ZERO):
            return VALIDATION, f"{name} does not suit a {request.order_type.value.lower()} order"
    return None


def _grid(world: World, order: Order) -> Objection | None:
    request = order.request
    instruments = world.options.instruments
    if request.pair not in world.feeds or (instruments and request.pair not in instruments):
        return NO_SECURITY, f"no security definition for {request.pair}"
    instrument = instruments.get(request.pair)
    if instrument is None:
        return None
    for price in (request.limit_price, request.stop_price):
        if price is not None and not instrument.on_tick_grid(price):
            return PRICE_INCREMENT, f"{price} does not conform to the minimum price variation {instrument.tick}"
    if request.quantity % instrument.size_step != ZERO:
        return VALIDATION, f"{request.quantity} is not a multiple of {instrument.size_step}"
    if request.quantity < instrument.min_size and order.parent is None and not _reduces(world, order):
        return VALIDATION, f"{request.quantity} is below the minimum of {instrument.min_size}"
    return None


def _margin(world: World, order: Order) -> Objection | None:
    pair = order.request.pair
    try:
        rate = world.cross_rate(pair)
    except LookupError:
        return REFUSED, f"no rate turns the currency of {pair} into {world.options.currency}"
    if world.options.margin_rate == ZERO or order.parent is not None or _reduces(world, order):
        return None
    quote = world.market_quote(pair)
    if quote is None:
        return REFUSED, f"no price to margin {pair} by"
    needed = world.account.money(pair, order.request.quantity * quote.ask, quote.ask, rate) * world.options.margin_rate
    try:
        free = equity(world) - margin_used(world)
    except LookupError as error:
        return REFUSED, f"what the account is worth is not known: {error}"
    return None if needed <= free else (REFUSED, f"insufficient margin: {needed:.2f} needed, {free:.2f} available")


def _reduces(world: World, order: Order) -> bool:
    net = world.account.nets.get(order.request.pair)
    if net is None:
        return False
    is_opposite = (net.quantity > ZERO) == (order.request.action is Action.SELL)
    return is_opposite and order.request.quantity <= abs(net.quantity)
