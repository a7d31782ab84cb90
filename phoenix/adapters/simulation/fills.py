"""Executions: who gets one, what it changes, and what a script makes of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.simulation import endings, tell
from phoenix.adapters.simulation.agenda import Task
from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.matching import execution_price, precedence
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.prices import PriceBar, Tick
from phoenix.adapters.simulation.world import World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import OrderStatus, TimeInForce

_CAN_EXECUTE = (OrderStatus.WORKING, OrderStatus.PENDING_CANCEL)


def run_bar(world: World, pair: str, bar: PriceBar) -> None:
    """Let one price event meet the orders that may execute on it."""
    eligible = [order for order in world.book.on_market(pair) if order.eligible_at <= bar.start]
    if len(eligible) > 1:
        eligible.sort(key=precedence)
    for order in eligible:
        if order.status in _CAN_EXECUTE:
            meet(world, order, bar)


def try_quote(world: World, order: Order) -> None:
    """Let an order meet the quote that stands now."""
    quote = world.market_quote(order.request.pair)
    if order.status in _CAN_EXECUTE and quote is not None:
        meet(world, order, Tick(world.now, quote.bid, quote.ask))


def meet(world: World, order: Order, bar: PriceBar) -> None:
    """Execute an order on an event as far as price and fate allow; an IOC order ends with its first event."""
    price = execution_price(order.request, bar)
    quantity = order.available
    if price is not None and quantity > ZERO:
        chosen = order.fate.fill_price
        execute(world, order, quantity, price if chosen is None else chosen, bar.start)
    if order.is_live and order.request.time_in_force is TimeInForce.IOC:
        endings.cancel(world, order, "immediate or cancel")


def execute(world: World, order: Order, quantity: Decimal, price: Decimal, at: datetime) -> None:
    """Book an execution, whatever the order's state: a late or excessive one counts all the same."""
    order.filled += quantity
    ids = order.ids
    if order.fate.blank_on_executions:
        ids = replace(ids, reference=None)
    execution = world.book.execute(order, ids, quantity, price, at, world.cross_rate(order.request.pair))
    world.account.book(execution)
    commission = commission_of(world, execution)
    world.account.charge(commission)
    if order.is_live and endings.is_exhausted(world, order):
        endings.complete(world, order)
    tell.executed(world, order, execution, commission)
    endings.reduce_siblings(world, order, quantity)
    endings.release_children(world, order)
    _arrange_sequels(world, order, execution)


def late_fill(world: World, order: Order) -> None:
    """Execute a cancelled order all the same."""
    left = order.released - order.reduced - order.filled
    quantity = order.fate.late_fill_quantity or left
    execute(world, order, quantity, _price_now(world, order), world.now)


def overfill(world: World, order: Order) -> None:
    execute(world, order, order.fate.overfill, _price_now(world, order), world.now)


def correct(world: World, order: Order, stem: str) -> None:
    """Replace an execution by its correction."""
    _revise(world, order, stem, order.fate.correct_quantity, order.fate.correct_price, is_bust=False)


def bust(world: World, order: Order, stem: str) -> None:
    """Undo an execution."""
    _revise(world, order, stem, None, None, is_bust=True)


def _revise(
    world: World, order: Order, stem: str, quantity: Decimal | None, price: Decimal | None, is_bust: bool
) -> None:
    before = next(known for known in world.book.executions_of(order.sequence) if known.stem == stem)
    revised = world.book.revise(stem, quantity, price, is_bust)
    if revised is not None:
        world.account.rebuild(world.book.journal)
        commission = commission_of(world, revised)
        world.account.charge(commission - commission_of(world, before))
        tell.revised(world, order, revised, commission)


def _arrange_sequels(world: World, order: Order, execution: Execution) -> None:
    fate = order.fate
    is_first = order.filled == execution.quantity
    if is_first and fate.correct_after_s is not None:
        world.agenda.put(world.after(fate.correct_after_s), Task.CORRECT, order.sequence, execution.stem)
    if is_first and fate.bust_after_s is not None:
        world.agenda.put(world.after(fate.bust_after_s), Task.BUST, order.sequence, execution.stem)
    if is_first and fate.remainder_after_s is not None:
        world.agenda.put(world.after(fate.remainder_after_s), Task.RELEASE_REMAINDER, order.sequence)
    if fate.overfill > ZERO and order.filled == order.request.quantity:
        world.agenda.put(world.now, Task.OVERFILL, order.sequence)


def commission_of(world: World, execution: Execution) -> Decimal:
    """What an execution costs, in the account's currency. One that was undone costs nothing."""
    rate = world.options.commission_rate
    if rate == ZERO or execution.is_bust:
        return ZERO
    notional = execution.quantity * execution.price
    return world.account.money(execution.pair, notional, execution.price, execution.rate) * rate


def _price_now(world: World, order: Order) -> Decimal:
    """The price an execution out of turn is had at: the script's, the market's, or the order's own."""
    if order.fate.fill_price is not None:
        return order.fate.fill_price
    quote = world.market_quote(order.request.pair)
    if quote is not None:
        return quote.ask if order.request.action.value == "BUY" else quote.bid
    own = order.request.limit_price or order.request.stop_price
    if own is None:
        raise LookupError(f"{order.request.pair} has no price at {world.now.isoformat()}")
    return own
