"""Phoenix's own side of the comparison, from the folded state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.domain.executions import Fill
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import LegState, Position
from phoenix.domain.reconciliation.books import ABSENT, Standing
from phoenix.domain.state import State, in_order, signed_open
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, PositionState

_WAITING = frozenset({PositionState.SUBMITTED, PositionState.STALLED})
_FIRST_REPORT = 1
"""The revision of an execution's first report, where a broker counts from one."""


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """One of Phoenix's orders with what a comparison needs of it.

    An order that is `open` must be in complete books. One that is `awaited` was never answered, or its position is
    STALLED: it has a watch of its own, and is unknown, which is neither agreement nor difference. An `overdue` one,
    whose silence was told, is awaited no longer once the broker's books show what became of it. Of a `revised` one
    the broker's count of what was filled says nothing, for corrections and busts are not in it.
    """

    name: str
    permanent_id: str | None
    position_id: str
    sent_at: datetime
    standing: Standing
    sign: int
    is_open: bool
    is_awaited: bool
    is_overdue: bool
    is_revised: bool
    fills: tuple[Fill, ...]


def own_nets(state: State) -> dict[str, Decimal]:
    """The signed net of every instrument that is not flat: positions, strays, and what a human adjusted."""
    nets = dict(state.reconciliation.adjustments)
    for position in state.positions.values():
        quantity = signed_open(position)
        if quantity:
            nets[position.terms.pair] = nets.get(position.terms.pair, ZERO) + quantity
    for stray in state.strays.values():
        if stray.position_id not in state.positions:
            nets[stray.pair] = nets.get(stray.pair, ZERO) + stray.quantity
    return {pair: net for pair, net in nets.items() if net}


def own_orders(state: State) -> Iterator[OwnOrder]:
    """Every order of the positions that still matter."""
    for position in in_order(state.positions):
        for leg in position.legs:
            yield own_order(position, leg)


def own_order(position: Position, leg: LegState) -> OwnOrder:
    fills = tuple(fill for fill in position.fills.fills if fill.reference == leg.leg.reference)
    return OwnOrder(
        name=leg.leg.reference, permanent_id=leg.permanent_id, position_id=position.position_id, sent_at=leg.sent_at,
        standing=Standing(position.terms.pair, _status(leg), leg.borne),
        sign=1 if leg.leg.action is Action.BUY else -1, is_open=leg.is_alive, is_awaited=_is_awaited(position, leg),
        is_overdue=_is_overdue(position, leg),
        is_revised=bool(position.fills.busted) or any(fill.revision > _FIRST_REPORT for fill in fills), fills=fills,
    )  # fmt: skip


def _status(leg: LegState) -> str:
    """The status that counts: a cancel that is on its way has not ended anything yet."""
    if leg.is_void:
        return ABSENT
    if not leg.status.is_ended and leg.remaining <= ZERO:
        return OrderStatus.FILLED.value
    return comparable(leg.status)


def comparable(status: OrderStatus) -> str:
    """A status as it is compared: an order whose cancel was asked for works until it has ended."""
    return (OrderStatus.WORKING if status is OrderStatus.PENDING_CANCEL else status).value


def _is_overdue(position: Position, leg: LegState) -> bool:
    action = position.unsettled_action
    return action is not None and action.is_silent and action.order_group_id == leg.order_group_id


def _is_awaited(position: Position, leg: LegState) -> bool:
    if leg.is_void:
        return False
    if position.state is PositionState.STALLED and leg.leg.role is LegRole.ENTRY:
        return True
    if leg.is_acknowledged:
        return False
    action = position.unsettled_action
    return position.state in _WAITING or (action is not None and action.order_group_id == leg.order_group_id)
