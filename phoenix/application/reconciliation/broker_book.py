"""The broker's side of a comparison, in the words of both, and ours as far as it can be held against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.application.reconciliation.matching import Index
from phoenix.application.reconciliation.reports import Reports, value_of
from phoenix.domain.executions import split_execution_id
from phoenix.domain.numbers import ZERO
from phoenix.domain.order_plan import is_own_reference
from phoenix.domain.reconciliation.books import ABSENT, ENDED, Book, Standing
from phoenix.domain.reconciliation.own_book import OwnOrder, comparable, own_nets
from phoenix.domain.state import State
from phoenix.domain.vocabulary import OrderStatus
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import BrokerOrder, Holding

_ENDS = frozenset(status.value for status in OrderStatus if status.is_ended)


@dataclass(frozen=True, slots=True)
class Books:
    """Both sides, apart from profit; `owners` are the positions of our orders.

    Our nets count in what the broker states as filled on our orders and no execution has told us, where its own nets
    show it: by instrument it is `unheard`. While any order has such fills, it is not true that `is_all_heard`, and
    profits do not compare.
    """

    ours: Book
    theirs: Book
    owners: dict[str, str]
    unheard: dict[str, Decimal]
    is_all_heard: bool


def books_of(state: State, account: str, reports: Reports, as_of: datetime) -> Books:
    """Both books from our state and complete reports."""
    index = Index(state, account)
    completed, still_open = value_of(reports.completed_orders), value_of(reports.open_orders)
    shown = index.own_among((*still_open, *completed))
    borne = _borne_out(index, value_of(reports.executions))
    ours, theirs, unborne = _orders(index, shown, borne, as_of)
    for name, standing in _strange_orders(index, still_open):
        theirs[name] = standing
        if is_own_reference(name):
            ours[name] = Standing(standing.pair, ENDED, standing.filled)
    nets, held, unheard = own_nets(state), _nets(value_of(reports.holdings), account), _unheard(index, shown)
    counted = {pair: quantity for pair, quantity in unheard.items() if held.get(pair, ZERO) != nets.get(pair, ZERO)}
    return Books(
        Book(_with(nets, counted), ours), Book(held, theirs, unborne=frozenset(unborne)),
        {own.name: own.position_id for own in index.orders}, counted, is_all_heard=not unheard,
    )  # fmt: skip


def _orders(
    index: Index, shown: dict[str, BrokerOrder], borne: dict[str, Decimal], as_of: datetime
) -> tuple[dict[str, Standing], dict[str, Standing], set[str]]:
    """Where our orders stand on both sides. What was never answered is unknown, and is left out."""
    ours: dict[str, Standing] = {}
    theirs: dict[str, Standing] = {}
    unborne: set[str] = set()
    for own in index.orders:
        order = shown.get(own.name)
        is_late = order is None and own.sent_at >= as_of
        is_awaited = own.is_awaited and (order is None or not own.is_overdue)
        if is_awaited or is_late or (order is None and not own.is_open):
            continue
        ours[own.name] = own.standing
        theirs[own.name] = Standing(own.standing.pair, ABSENT, own.standing.filled)
        if order is not None:
            theirs[own.name] = _standing(own, order)
            if theirs[own.name].filled > borne[own.name]:
                unborne.add(own.name)
    return ours, theirs, unborne


def _standing(own: OwnOrder, order: BrokerOrder) -> Standing:
    """The broker's word in our terms. What it left blank does not differ; of two ends only the quantities count."""
    known = own.standing
    status = comparable(order.status)
    has_ended = known.status in _ENDS or (known.status == ABSENT and not order.filled_quantity)
    if has_ended and status in _ENDS:
        status = known.status
    filled = known.filled if order.filled_quantity is None or own.is_revised else order.filled_quantity
    return Standing(known.pair, status, filled)


def _borne_out(index: Index, executions: tuple[ExecutionReported, ...]) -> dict[str, Decimal]:
    """How much of each of our orders was filled, by our executions and the broker's together."""
    latest: dict[str, dict[str, tuple[int, Decimal]]] = {
        own.name: {fill.stem: (fill.revision, fill.quantity) for fill in own.fills} for own in index.orders
    }
    for report in executions:
        own = index.find(report.reference, report.permanent_id) if report.account == index.account else None
        if own is None:
            continue
        stem, revision = split_execution_id(report.execution_id)
        known = latest[own.name].get(stem)
        if known is None or revision > known[0] or report.is_bust:
            latest[own.name][stem] = (revision, ZERO if report.is_bust else report.quantity)
    return {
        own.name: sum((quantity for _, quantity in latest[own.name].values()), _adjusted(own)) for own in index.orders
    }


def _adjusted(own: OwnOrder) -> Decimal:
    """What a human added to the executions of an order."""
    return own.standing.filled - sum((fill.quantity for fill in own.fills), ZERO)


def _strange_orders(index: Index, orders: tuple[BrokerOrder, ...]) -> list[tuple[str, Standing]]:
    """The orders at work at the broker that are none of ours, or none that is remembered."""
    strange = []
    for order in orders:
        if order.account != index.account or index.find(order.reference, order.permanent_id) is not None:
            continue
        is_forgotten = is_own_reference(order.reference) and not index.knows(order.reference)
        name = order.reference if is_forgotten else order.permanent_id or order.reference
        filled = order.filled_quantity or ZERO
        strange.append((name or "without a name", Standing(order.pair, comparable(order.status), filled)))
    return strange


def _nets(holdings: tuple[Holding, ...], account: str) -> dict[str, Decimal]:
    nets: dict[str, Decimal] = {}
    for holding in holdings:
        if holding.account == account:
            nets[holding.pair] = nets.get(holding.pair, ZERO) + holding.quantity
    return {pair: net for pair, net in nets.items() if net}


def _unheard(index: Index, shown: dict[str, BrokerOrder]) -> dict[str, Decimal]:
    """By instrument, signed, what the broker states as filled on our orders and no execution has told us.

    It is the orders': there it is found, or it settles once they are answered, and no net differs because of it.
    """
    unheard: dict[str, Decimal] = {}
    for own in index.orders:
        order = shown.get(own.name)
        if order is not None and order.filled_quantity is not None and not own.is_revised:
            quantity = order.filled_quantity - own.standing.filled
            if quantity:
                unheard[own.standing.pair] = unheard.get(own.standing.pair, ZERO) + own.sign * quantity
    return unheard


def _with(nets: dict[str, Decimal], unheard: dict[str, Decimal]) -> dict[str, Decimal]:
    if not unheard:
        return nets
    expected = dict(nets)
    for pair, quantity in unheard.items():
        expected[pair] = nets.get(pair, ZERO) + quantity
    return {pair: net for pair, net in expected.items() if net}
