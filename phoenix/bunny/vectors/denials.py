"""Wave 7, what the broker says of an order that contradicts what Phoenix thinks of it: only the books can tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.checks import DUPLICATE_ID
from phoenix.adapters.simulation.faults import NoticeSent, Which
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Entry, Stage
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.vocabulary import DecisionKind, ExecutionEvent, LegRole, OrderEvent, PositionState
from phoenix.ports.broker_events import BrokerEvent, BrokerNotice, OrderAcknowledged


@vector("CV_103")
def duplicate_order_id(stage: Stage) -> None:
    first, second = (Which(role=LegRole.ENTRY, pair="GBPUSD", nth=nth) for nth in (1, 2))
    stage.open(faults.unheard(first), faults.lose(second))
    found = _sent_as_duplicate(stage)
    stage.require_state(found, PositionState.MANAGED)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=found.position_id, count=1)
    absent = _sent_as_duplicate(stage)
    stage.world.wait(61)
    stage.require_state(absent, PositionState.STALLED)
    stage.no_bead(OrderPayload, event=OrderEvent.REJECTED, position_id=absent.position_id)
    stage.require_orders(1)
    stage.remark("one was at the broker under its reference, the other was not: neither was sent again")


@vector("CV_10148")
def cancel_of_a_filled_order(stage: Stage) -> None:
    stage.open()
    entry = stage.propose()
    with _fill_unheard(stage, entry):
        entry = stage.approve(entry)
        stage.require_state(entry, PositionState.SUBMITTED)
        stage.world.wait(stage.luck.seconds(1, 40))
        stage.decide(DecisionKind.CANCEL, entry.position_id)
        stage.let_settle()
    stage.bead(AlertPayload, kind="BROKER_NOTICE", position_id=entry.position_id, count=1)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    stage.bead(PositionPayload, position_id=entry.position_id, state=PositionState.FILLED)
    stage.no_bead(PositionPayload, position_id=entry.position_id, state=PositionState.CANCELLED)
    stage.no_bead(OrderPayload, event=OrderEvent.CANCELLED, position_id=entry.position_id)
    stage.require_state(entry, PositionState.MANAGED)
    stage.require_orders(1)


def _sent_as_duplicate(stage: Stage) -> Entry:
    """An entry of which the broker says no more than that its order id was used before."""
    entry = stage.sent()
    stage.require_state(entry, PositionState.SUBMITTED)
    world, reference = stage.world, _reference(stage, entry)
    world.inject(NoticeSent(world.now, DUPLICATE_ID, "duplicate order id", reference))
    world.wait(1)
    stage.bead(AlertPayload, kind="BROKER_NOTICE", position_id=entry.position_id, count=1)
    stage.bead(OrderPayload, event=OrderEvent.PREPARED, intent_id=entry.intent_id, count=1)
    return entry


@contextmanager
def _fill_unheard(stage: Stage, entry: Entry) -> Iterator[None]:
    """While this lasts, nothing gets through of what becomes of an entry but its acknowledgement and notices."""
    broker, events = stage.world.broker, stage.world.container.events()

    def hear(event: BrokerEvent) -> None:
        is_word = isinstance(event, OrderAcknowledged | BrokerNotice)
        if is_word or getattr(event, "reference", None) != _reference(stage, entry):
            events(event)

    broker._sink = hear
    yield
    broker._sink = events


def _reference(stage: Stage, entry: Entry) -> str:
    leg = stage.position(entry).entry_leg
    stage.require(leg is not None, "the position has no entry order")
    return "" if leg is None else leg.leg.reference
