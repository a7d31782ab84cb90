"""Worlds in which the broker's books come to differ, for the tests of comparing and settling."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from phoenix.adapters.simulation.faults import ForeignHolding
from phoenix.adapters.simulation.orders import Order
from phoenix.domain.beads.safety import ReconciliationRunPayload
from phoenix.domain.position import Position
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.state import OpenDrift
from phoenix.domain.vocabulary import DecisionKind, LegRole
from phoenix.rehearsal.world import OPERATOR, World, make_policy

SETTLED_S = 61


def world_settling(settling_s: int = 30, **changes: Any) -> World:
    """A world that knows the strategy of the made-up signals."""
    policy = make_policy(reconciliation=ReconciliationPolicy(settling_s=settling_s))
    world = World(policy=policy, **changes)
    world.register()
    return world


def compare(world: World) -> None:
    world.decide(DecisionKind.RECONCILE, "books", signer=OPERATOR)


def settle(world: World) -> None:
    """Compare until nothing can be a lag any more."""
    compare(world)
    world.wait(SETTLED_S)


def restate(world: World, quantity: int, pair: str = "GBPUSD") -> None:
    """What the broker holds is this by now, and nobody told Phoenix."""
    net = world.broker.engine.world.account.nets.get(pair)
    change = Decimal(quantity) - (Decimal(0) if net is None else net.quantity)
    world.inject(ForeignHolding(world.now, pair, change, Decimal("1.26")))
    world.broker.advance(world.now)


def order_at_broker(world: World, role: LegRole) -> Order:
    book = world.broker.engine.world.book
    orders = (*book.live.values(), *book.completed.values())
    return next(order for order in orders if order.request.role is role)


def lose(world: World, role: LegRole) -> None:
    """The broker's book has the order no longer."""
    book, order = world.broker.engine.world.book, order_at_broker(world, role)
    book.finish(order)
    del book.completed[order.sequence]


def the_drift(world: World) -> OpenDrift:
    [drift] = world.state.drifts.values()
    return drift


def resolve(world: World, word: str, drift: OpenDrift | None = None, **detail: str) -> None:
    subject = drift or the_drift(world)
    world.decide(
        DecisionKind.RESOLVE, subject.drift_bead_id, signer=OPERATOR, reason="called the desk",
        detail={"resolution": word, **detail},
    )  # fmt: skip


def runs(world: World) -> list[ReconciliationRunPayload]:
    return world.payloads(ReconciliationRunPayload)


def held(world: World) -> list[Position]:
    return sorted(world.state.positions.values(), key=lambda position: position.position_id)
