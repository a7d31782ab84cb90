"""What waits for adoption: holdings and orders at the broker that belong to no living position (SPEC 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from phoenix.application.settling.resolution import is_nobodys
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.evolve_position import fold_position
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.reconciliation.compare import pair_of_net_key
from phoenix.domain.state import State, Stray, in_order
from phoenix.domain.stated_order import StatedOrder
from phoenix.domain.vocabulary import Action, DriftOrigin, OrderEvent, Side
from phoenix.ports.store import BeadStore, View


class AdoptableKind(StrEnum):
    """STRAY: what a position holds after its end, or past flat. EXECUTION: of an order that nobody knows. ORDER: one
    that the broker spoke of and Phoenix did not send. HOLDING: more than that, which no execution explains; it is
    adopted by the id of its drift."""

    STRAY = "STRAY"
    EXECUTION = "EXECUTION"
    ORDER = "ORDER"
    HOLDING = "HOLDING"


@dataclass(frozen=True, slots=True)
class Adoptable:
    """Something to adopt; `name` is what a decision calls it. What the broker did not tell is None.

    `blocked_by` says in words what has to end first.
    """

    kind: AdoptableKind
    name: str
    text: str
    pair: str | None = None
    side: Side | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    strategy_id: str | None = None
    position_id: str | None = None
    told_at: datetime | None = None
    blocked_by: str | None = None


def waiting_for_adoption(store: BeadStore[State]) -> list[Adoptable]:
    """Everything there is to adopt: strays first, then executions, orders, and holdings."""
    view = store.view()
    strays = (_stray(view, stray) for stray in in_order(view.state.strays))
    executions = (_execution(parked) for parked in in_order(view.state.parked))
    return [*strays, *executions, *_orders(store, view), *_holdings(view.state)]


def _holdings(state: State) -> Iterator[Adoptable]:
    """What the broker holds beyond Phoenix's book, by its open drift. A known execution is adopted instead."""
    explained = {parked.pair for parked in state.parked.values()} | {stray.pair for stray in state.strays.values()}
    for drift in in_order(state.drifts):
        pair, surplus = pair_of_net_key(drift.key), drift.mismatch.surplus
        is_external = drift.mismatch.origin is DriftOrigin.EXTERNAL and drift.agrees_since is None
        if pair is not None and is_external and pair not in explained:
            side = Side.LONG if surplus > ZERO else Side.SHORT
            is_known = drift.mismatch.describes(state.net_quantity(pair))
            yield Adoptable(
                AdoptableKind.HOLDING, drift.drift_bead_id, "held at the broker beyond what Phoenix brought about",
                pair, side, abs(surplus), told_at=drift.opened_at,
                blocked_by=None if is_known else "Phoenix's net has changed since; the books are to be compared",
            )  # fmt: skip


def _stray(view: View[State], stray: Stray) -> Adoptable:
    living = view.state.positions.get(stray.position_id)
    former = living or fold_position(view.lookup.story(stray.position_id))
    ended = "ended" if former is None or former.state is None else f"is {former.state.value}"
    side = Side.LONG if stray.quantity > ZERO else Side.SHORT
    return Adoptable(
        AdoptableKind.STRAY, stray.position_id, f"held at the broker although its position {ended}",
        stray.pair, side, abs(stray.quantity), None if former is None else former.fills.average_entry_price,
        None if former is None else former.strategy_id, stray.position_id,
        None if former is None else former.unprotected_since, None if former is None else _obstacle(former),
    )  # fmt: skip


def _obstacle(former: Position) -> str | None:
    """Why a stray cannot be adopted yet."""
    if former.unsettled_action is not None:
        return f"its {former.unsettled_action.kind.value} is under way"
    count = len(former.alive_legs)
    return f"{count} of its orders {'works' if count == 1 else 'work'} at the broker" if count else None


def _execution(parked: ExecutionPayload) -> Adoptable:
    side = None if parked.action is None else Side.LONG if parked.action is Action.BUY else Side.SHORT
    order = f"{parked.client_order_id or 'no reference'}, permanent id {parked.permanent_id or 'none'}"
    return Adoptable(
        AdoptableKind.EXECUTION, parked.execution_id, f"an execution of an order that Phoenix does not know ({order})",
        parked.pair, side, parked.quantity, parked.price, told_at=parked.executed_at,
    )  # fmt: skip


def _orders(store: BeadStore[State], view: View[State]) -> Iterator[Adoptable]:
    """Orders of nobody's; one that a human adopted bears its permanent id as Phoenix's own."""
    waiting = {name for name in view.state.external_orders if is_nobodys(view.state, name)}
    waiting = {name for name in waiting if view.lookup.find(Key("permanent_id", name)) is None}
    if not waiting:
        return
    notes = _notes(store, view)
    for item in store.read_of({BeadType.ORDER}):
        payload = item.bead.payload
        if isinstance(payload, OrderPayload) and payload.event is OrderEvent.UNMATCHED:
            name = payload.permanent_id or payload.client_order_id or item.bead.bead_id
            if name in waiting:
                waiting.discard(name)
                told = Adoptable(
                    AdoptableKind.ORDER, name, _order_text(payload) + notes.get(name, ""), told_at=item.bead.timestamp
                )
                stated = view.state.stated_orders.get(name)
                yield told if stated is None else _as_stated(told, stated)


def _as_stated(told: Adoptable, stated: StatedOrder) -> Adoptable:
    """An order with what the broker's books say of it."""
    return replace(
        told, text=f"{told.text}, {stated.status.value} there", pair=stated.pair, side=stated.side,
        quantity=stated.quantity, price=stated.price,
    )  # fmt: skip


def _order_text(payload: OrderPayload) -> str:
    return f"an order that Phoenix did not send, reference {payload.client_order_id or 'none'}"


def _notes(store: BeadStore[State], view: View[State]) -> dict[str, str]:
    """What to know before an order is adopted whose executions are known already, by its permanent id."""
    parked = {payload.permanent_id for payload in view.state.parked.values()}
    notes = {name: "; what it executed is adopted along with it" for name in parked if name is not None}
    for item in store.read_of({BeadType.POSITION}):
        payload = item.bead.payload
        adopted = payload.adopted_execution_id if isinstance(payload, PositionPayload) else None
        bead = None if adopted is None else view.lookup.find(Key("parked", adopted))
        execution = None if bead is None else bead.payload
        if isinstance(execution, ExecutionPayload) and execution.permanent_id is not None:
            notes[execution.permanent_id] = (
                f"; its execution {adopted} was adopted already, so leave it unless it works"
            )
    return notes
