"""What a broker says that no plan allows for: it is recorded, told, counted once, and holds up nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from phoenix.adapters.simulation.faults import (
    EVERY_ORDER,
    Fault,
    Query,
    QueryUnanswered,
    Which,
    never_fill,
    notice,
    unheard,
)
from phoenix.adapters.store.memory import MemoryStore
from phoenix.application.alerts import AlertKind
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import LegState
from phoenix.domain.state import State
from phoenix.domain.vocabulary import (
    Action,
    DecisionKind,
    ExecutionEvent,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    Protection,
    RefusalReason,
    SessionEvent,
    Severity,
)
from phoenix.ports.broker_events import BrokerNotice, CommissionReported
from phoenix.ports.errors import StoreConflict
from phoenix.ports.store import Committed, Proposal, View
from phoenix.rehearsal.world import World
from tests.application.acts import alerts, leg, refusals, registered, say
from tests.application.words import (
    acknowledged,
    cancelled,
    execution,
    execution_of,
    in_book,
    read_these_books,
    rejected,
    status,
)

R = TypeVar("R")
RESTING = never_fill(EVERY_ORDER)


def with_entry(*faults: Fault, **settings: Any) -> tuple[World, str, LegState]:
    """A world with a limit order that was sent a second ago."""
    world = registered(faults=faults, **settings)
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    return world, position_id, leg(world, position_id, LegRole.ENTRY)


def executions(world: World) -> list[str]:
    return [payload.event.value for payload in world.payloads(ExecutionPayload)]


def is_stopped(world: World) -> bool:
    """Whether a global kill flag is set."""
    return any(flag.strategy_id is None for flag in world.state.flags.values())


def told_critically(world: World, kind: AlertKind) -> bool:
    return [alert.severity for alert in alerts(world, kind)] == [Severity.CRITICAL]


# --- busts ----------------------------------------------------------------------------------------------------------


def test_a_bust_under_the_id_of_its_execution_holds_up_no_later_word() -> None:
    world, position_id, entry = with_entry(RESTING)
    say(world, execution_of(world, entry, "E1.01", 1000))
    assert world.position(position_id).open_quantity == 1000
    say(world, execution_of(world, entry, "E1.01", 1000, is_bust=True), execution_of(world, entry, "E2.01", 300))
    assert world.position(position_id).open_quantity == 300
    assert not world.container.events()
    assert not alerts(world, AlertKind.TRANSITION_REFUSED)


@pytest.mark.parametrize("bust_id", ["E1.01", "E1.02"])
def test_a_parked_execution_that_was_busted_is_never_booked(bust_id: str) -> None:
    world, position_id, entry = with_entry(unheard(EVERY_ORDER))
    say(world, execution(world, "E1.01", 1000, permanent_id="5555"))
    say(world, execution(world, bust_id, 1000, permanent_id="5555", is_bust=True))
    say(world, acknowledged(world, "5555", entry))
    say(world, execution(world, "E1.01", 1000, permanent_id="5555", reference=entry.leg.reference))
    assert executions(world) == ["PARKED", "BUSTED"]
    assert world.position(position_id).open_quantity == ZERO
    assert not world.state.parked


def test_a_bust_of_an_execution_never_seen_is_recorded_once_and_moves_nothing() -> None:
    world, position_id, entry = with_entry(RESTING)
    say(world, execution_of(world, entry, "E1.01", 1000))
    for _ in range(2):
        say(world, execution_of(world, entry, "E9.01", 400, is_bust=True))
    say(world, execution_of(world, entry, "E9.01", 400))
    assert executions(world) == ["BOOKED", "BUSTED"]
    assert not world.state.drifts
    assert world.position(position_id).open_quantity == 1000
    assert told_critically(world, AlertKind.EXECUTION_BUSTED)


# --- words that cannot be stored ------------------------------------------------------------------------------------


class NoCommissions(MemoryStore[State]):
    """A store in which every commission contradicts something that is there already."""

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        def checked(view: View[State]) -> Proposal[R]:
            proposal = work(view)
            payloads = [bead.payload for bead in proposal.beads]
            if any(isinstance(p, ExecutionPayload) and p.event is ExecutionEvent.COMMISSION for p in payloads):
                raise StoreConflict("commission", "E1.01")
            return proposal

        return super().transact(checked)


def test_a_word_that_the_store_refuses_is_recorded_and_holds_up_no_other() -> None:
    world, position_id, entry = with_entry(RESTING, store_factory=NoCommissions)
    refused = CommissionReported("E1.01", Decimal(2), "USD", world.now)
    say(world, execution_of(world, entry, "E1.01", 1000), refused, execution_of(world, entry, "E2.01", 300))
    assert executions(world) == ["BOOKED", "BOOKED"]
    assert world.position(position_id).open_quantity == 1300
    assert len(refusals(world, RefusalReason.TRANSITION)) == 1
    assert told_critically(world, AlertKind.TRANSITION_REFUSED)
    assert not world.container.events()


# --- words that contradict ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [cancelled, rejected])
def test_an_end_under_another_permanent_id_ends_nothing_and_stops_entries(ended: Callable[..., Any]) -> None:
    world, position_id, entry = with_entry(RESTING)
    say(world, ended(world, entry, "666"))
    position = world.position(position_id)
    assert position.state is PositionState.SUBMITTED
    assert leg(world, position_id, LegRole.ENTRY).status is OrderStatus.WORKING
    assert told_critically(world, AlertKind.PERMANENT_ID_CONFLICT)
    assert is_stopped(world)


@pytest.mark.parametrize("ended", [cancelled, rejected])
def test_an_order_that_works_after_its_end_is_told_and_stops_entries(ended: Callable[..., Any]) -> None:
    world, position_id, entry = with_entry(RESTING)
    say(world, ended(world, entry))
    world.wait(1)
    say(world, status(world, entry, OrderStatus.WORKING))
    assert leg(world, position_id, LegRole.ENTRY).is_alive
    assert told_critically(world, AlertKind.ORDER_RESURRECTED)
    assert is_stopped(world)
    assert [drift.position_id for drift in world.state.drifts.values()] == [position_id]


@pytest.mark.parametrize(
    "contradiction",
    [
        {"account": "OTHER"},
        {"pair": "EURUSD"},
        {"action": Action.SELL},
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-5)},
    ],
    ids=["account", "pair", "side", "no quantity", "negative quantity"],
)
def test_an_execution_that_contradicts_its_order_is_kept_apart(contradiction: dict[str, Any]) -> None:
    world, position_id, entry = with_entry(RESTING)
    for _ in range(2):
        say(world, replace(execution_of(world, entry, "E1.01", 1000), **contradiction))
    assert executions(world) == ["PARKED"]
    assert world.position(position_id).state is PositionState.SUBMITTED
    assert told_critically(world, AlertKind.EXECUTION_CONTRADICTS)
    assert is_stopped(world)


# --- words about fills and protection -------------------------------------------------------------------------------


def test_a_fill_that_no_execution_bears_out_is_told_and_the_books_are_read() -> None:
    world, position_id, entry = with_entry(RESTING)
    readings = len(world.payloads(SessionPayload))
    say(world, status(world, entry, OrderStatus.FILLED, filled=entry.total))
    world.wait(9)
    assert not alerts(world, AlertKind.FILL_WITHOUT_EXECUTION)
    world.wait(2)
    assert told_critically(world, AlertKind.FILL_WITHOUT_EXECUTION)
    assert len(world.payloads(SessionPayload)) == readings + 1
    assert world.position(position_id).open_quantity == ZERO


def test_a_child_that_ends_under_a_resting_entry_is_told() -> None:
    world, position_id, _ = with_entry(RESTING)
    say(world, cancelled(world, leg(world, position_id, LegRole.STOP_LOSS)))
    assert told_critically(world, AlertKind.PROTECTION_LOST)


def test_children_that_end_with_their_entry_are_no_lost_protection() -> None:
    world, position_id, _ = with_entry(RESTING)
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(5)
    assert world.position(position_id).state is PositionState.CANCELLED
    assert not alerts(world, AlertKind.PROTECTION_LOST)


def test_children_that_are_cancelled_for_an_exit_are_no_lost_protection() -> None:
    world = registered()
    position_id = world.enter().position_id
    world.wait(3)
    intent_id = world.decide(DecisionKind.CLOSE, position_id)
    assert isinstance(intent_id, str)
    world.approve(intent_id)
    world.wait(3)
    assert world.position(position_id).state is PositionState.CLOSED
    assert not alerts(world, AlertKind.PROTECTION_LOST)


def test_a_status_that_repeats_a_hundred_times_is_recorded_once() -> None:
    world, _, entry = with_entry(RESTING)
    said = status(world, entry, OrderStatus.FILLED, filled=Decimal(5))
    say(world, said)
    recorded = len(world.beads)
    say(world, *(said for _ in range(100)))
    for _ in range(100):
        say(world, said)
    assert len(world.beads) == recorded


# --- books ----------------------------------------------------------------------------------------------------------


def test_a_cancelled_order_whose_execution_is_in_the_same_books_was_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id, entry = with_entry(RESTING)
    world.wait(1)
    read_these_books(
        world, monkeypatch, as_of=world.now, completed=(in_book(entry, OrderStatus.CANCELLED),),
        executions=(execution_of(world, entry, "E1.01", 1000),), holding=1000,
    )  # fmt: skip
    assert world.position(position_id).state is PositionState.FILLED
    assert world.position(position_id).open_quantity == 1000
    assert not alerts(world, AlertKind.LATE_EXECUTION)
    assert not is_stopped(world)


@pytest.mark.parametrize(
    "faults", [(RESTING,), (unheard(Which(role=LegRole.ENTRY)), RESTING)], ids=["heard", "unheard"]
)
def test_books_older_than_a_send_say_nothing_about_it(
    faults: tuple[Fault, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = registered(faults=faults)
    before = world.now
    world.wait(1)
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    read_these_books(world, monkeypatch, as_of=before)
    position = world.position(position_id)
    assert position.state is PositionState.SUBMITTED
    assert OrderStatus.UNKNOWN not in {order.status for order in position.legs}
    assert not alerts(world, AlertKind.POSITION_STALLED)


# --- a stop that the broker has no longer ---------------------------------------------------------------------------


def lose(world: World, role: LegRole) -> None:
    """The broker's book has the order no longer, and nobody was told."""
    book = world.broker.engine.world.book
    order = next(order for order in book.live.values() if order.request.role is role)
    book.finish(order)
    del book.completed[order.sequence]
    del book._by_permanent[order.permanent_id]


@pytest.mark.parametrize("lost", [(LegRole.STOP_LOSS,), (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT)])
def test_a_stop_whose_cancel_the_broker_knows_nothing_of_protects_nothing(lost: tuple[LegRole, ...]) -> None:
    world = registered()
    position_id = world.enter().position_id
    world.wait(1)
    assert world.position(position_id).protection is Protection.EXACT
    for role in lost:
        lose(world, role)
    world.approve(str(world.decide(DecisionKind.CLOSE, position_id, reason="enough")))
    world.wait(1)
    assert leg(world, position_id, LegRole.STOP_LOSS).status is OrderStatus.UNKNOWN
    assert world.position(position_id).protection is Protection.UNKNOWN
    world.wait(11)
    assert told_critically(world, AlertKind.POSITION_UNPROTECTED)
    assert not world.state.session.is_reconciled
    assert world.history(settled=False).ok


def test_a_notice_while_nothing_is_cancelled_reads_no_books() -> None:
    world = registered(faults=(notice(Which(role=LegRole.ENTRY), 399, "held until the open"),))
    world.enter()
    reads = len(world.payloads(SessionPayload))
    world.wait(1)
    assert alerts(world, AlertKind.BROKER_NOTICE)
    assert len(world.payloads(SessionPayload)) == reads


def test_notices_that_contradict_an_order_read_the_books_once_for_all_of_them() -> None:
    world, _, entry = with_entry(RESTING)
    reads = reads_of(world)
    word = BrokerNotice(135, "unknown order", entry.leg.reference, "WARNING", world.now, is_about_order_state=True)
    say(world, *(replace(word, text=f"unknown order, {count}") for count in range(20)))
    assert reads_of(world) == reads + 1


def test_a_notice_on_no_order_that_leaves_one_open_reads_the_books() -> None:
    world, position_id, _ = with_entry(RESTING)
    lose(world, LegRole.ENTRY)
    say(world, BrokerNotice(10147, "order 77 is not known", None, "WARNING", world.now, is_about_order_state=True))
    assert leg(world, position_id, LegRole.ENTRY).status is OrderStatus.UNKNOWN
    assert world.position(position_id).state is PositionState.STALLED
    assert world.payloads(OrderPayload)[-1].event is not OrderEvent.CANCELLED


def test_a_cancel_of_an_order_that_is_filled_asks_the_books_and_not_the_notice() -> None:
    world = registered(faults=(unheard(Which(role=LegRole.ENTRY)),))
    position_id = world.enter().position_id
    world.wait(1)
    entry = leg(world, position_id, LegRole.ENTRY)
    world.inject(QueryUnanswered(begins_at=world.now, query=Query.EXECUTIONS))
    say(
        world,
        BrokerNotice(10148, "cannot be cancelled, state: Filled", entry.leg.reference, "WARNING", world.now, True),
    )
    position = world.position(position_id)
    assert position.state is PositionState.STALLED
    assert position.open_quantity == ZERO
    assert not world.state.session.is_reconciled


def reads_of(world: World) -> int:
    """How often the books were read in full."""
    return sum(bead.event is SessionEvent.RECONCILED for bead in world.payloads(SessionPayload))
