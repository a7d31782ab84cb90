"""What the broker's books say after a connect: each answer unknown in turn, contradictions, orders that are missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from phoenix.adapters.simulation.faults import (
    EVERY_ORDER,
    ExecutionsWithheld,
    HoldingClaimed,
    Query,
    QueryUnanswered,
    SocketDrop,
    Which,
    lose,
    never_fill,
    second_permanent_id,
    unheard,
)
from phoenix.application.alerts import AlertKind
from phoenix.application.simulation import run_now
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, PositionState, Protection, RefusalReason
from phoenix.rehearsal.world import World
from tests.application.acts import alerts, leg, reason_of, received, registered
from tests.application.words import in_book, read_these_books

ENTRY = Which(role=LegRole.ENTRY)
BOOKS = [Query.OPEN_ORDERS, Query.COMPLETED_ORDERS, Query.EXECUTIONS, Query.HOLDINGS]


def read_books(world: World) -> None:
    run_now(world.executor.read_books())


def is_open_for_entries(world: World) -> bool:
    return world.state.session.is_reconciled


@pytest.mark.parametrize("query", BOOKS)
def test_one_unknown_answer_keeps_entries_closed_and_is_told(query: Query) -> None:
    world = registered()
    world.inject(QueryUnanswered(query=query, times=1))
    read_books(world)
    assert not is_open_for_entries(world)
    assert query.value.lower().replace("_", " ") in world.state.session.detail
    assert alerts(world, AlertKind.RECOVERY_INCOMPLETE)
    intent_id = world.signal().intent_id or ""
    assert reason_of(world.refused(lambda: world.approve(intent_id))) is RefusalReason.CONNECTION
    assert received(world) == []
    read_books(world)
    assert is_open_for_entries(world)


@pytest.mark.parametrize("query", BOOKS)
def test_an_incomplete_read_counts_for_no_attestation(query: Query) -> None:
    world = registered(faults=(lose(ENTRY),))
    world.enter()
    before = world.state.session.books_read_at
    world.wait(61)
    world.inject(QueryUnanswered(query=query))
    read_books(world)
    assert world.state.session.books_read_at == before


@pytest.mark.parametrize("query", BOOKS)
def test_an_unanswered_entry_is_stalled_by_recovery_and_never_rejected_or_sent_again(query: Query) -> None:
    world = registered(faults=(lose(ENTRY),))
    position_id = world.enter().position_id
    sent = received(world)
    world.inject(QueryUnanswered(query=query))
    read_books(world)
    assert world.position(position_id).state is PositionState.STALLED
    assert received(world) == sent
    assert alerts(world, AlertKind.POSITION_STALLED)


def test_complete_books_without_the_order_stall_an_unanswered_entry() -> None:
    world = registered(faults=(lose(ENTRY),))
    position_id = world.enter().position_id
    world.wait(1)
    read_books(world)
    assert world.position(position_id).state is PositionState.STALLED
    assert is_open_for_entries(world), "the nets agree; the stalled position itself closes its instrument"
    intent_id = world.signal().intent_id or ""
    assert reason_of(world.refused(lambda: world.approve(intent_id))) is RefusalReason.RISK_LIMIT


def test_an_order_that_nobody_heard_of_is_found_with_its_executions_and_its_children() -> None:
    world = registered(faults=(unheard(EVERY_ORDER),))
    position_id = world.enter().position_id
    world.wait(61)
    assert world.position(position_id).state is PositionState.STALLED
    read_books(world)
    found = world.position(position_id)
    assert found.state is PositionState.MANAGED
    assert found.open_quantity == 1_000_000
    assert found.protection is Protection.EXACT
    assert is_open_for_entries(world)


def test_reading_the_same_books_twice_changes_nothing_but_the_time_of_reading() -> None:
    world = registered(faults=(unheard(EVERY_ORDER),))
    position_id = world.enter().position_id
    world.wait(61)
    read_books(world)
    first, booked = world.position(position_id), len(world.payloads(ExecutionPayload))
    world.wait(1)
    read_books(world)
    assert world.position(position_id) == first
    assert len(world.payloads(ExecutionPayload)) == booked


def test_a_line_that_breaks_after_the_send_leaves_nothing_unknown_once_it_is_back() -> None:
    world = registered(faults=(unheard(EVERY_ORDER),))
    position_id = world.enter().position_id
    world.inject(SocketDrop(world.now + timedelta(seconds=1), 3))
    world.wait(10)
    assert world.position(position_id).state is PositionState.MANAGED
    assert is_open_for_entries(world)


def test_a_resting_order_that_complete_books_lack_is_unknown_for_a_human(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(ENTRY),))
    position_id = world.enter().position_id
    world.wait(30)
    read_these_books(world, monkeypatch, as_of=world.now)
    assert leg(world, position_id, LegRole.ENTRY).status is OrderStatus.UNKNOWN
    assert world.position(position_id).state is PositionState.STALLED
    assert not is_open_for_entries(world)


def test_a_child_that_complete_books_lack_makes_protection_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    position_id = world.enter().position_id
    world.wait(30)
    target = in_book(leg(world, position_id, LegRole.TAKE_PROFIT), OrderStatus.WORKING)
    read_these_books(world, monkeypatch, as_of=world.now, completed=(target,), holding=1_000_000)
    assert world.position(position_id).state is PositionState.MANAGED
    assert world.position(position_id).protection is Protection.UNKNOWN
    world.wait(11)
    assert alerts(world, AlertKind.POSITION_UNPROTECTED)


@pytest.mark.parametrize("contradiction", [{"action": Action.SELL}, {"pair": "EURUSD"}, {"quantity": Decimal(7000)}])
def test_an_order_of_another_kind_under_our_reference_stops_entries(
    contradiction: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = registered(faults=(never_fill(ENTRY),))
    position_id = world.enter().position_id
    world.wait(30)
    order = in_book(leg(world, position_id, LegRole.ENTRY), OrderStatus.WORKING)
    read_these_books(world, monkeypatch, as_of=world.now, completed=(replace(order, **contradiction),))  # type: ignore[arg-type]
    assert world.state.flags_for("any")
    assert alerts(world, AlertKind.PERMANENT_ID_CONFLICT)


def test_what_the_books_leave_blank_contradicts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(ENTRY),))
    position_id = world.enter().position_id
    world.wait(30)
    legs = [leg(world, position_id, role) for role in (LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.TAKE_PROFIT)]
    shown = tuple(replace(in_book(order, order.status), reference=None, quantity=Decimal(0)) for order in legs)
    read_these_books(world, monkeypatch, as_of=world.now, completed=shown)
    assert not world.state.flags
    assert is_open_for_entries(world)
    assert world.position(position_id).state is PositionState.SUBMITTED


def test_two_permanent_ids_for_one_reference_stop_entries_once_until_a_human_has_looked() -> None:
    world = registered(faults=(second_permanent_id(ENTRY),))
    world.enter()
    read_books(world)
    read_books(world)
    assert len(alerts(world, AlertKind.PERMANENT_ID_CONFLICT)) == 1
    assert len(world.state.flags_for("any")) == 1
    assert world.signal().refusal is not None


def test_nets_that_differ_keep_entries_closed_and_are_told_in_numbers() -> None:
    world = registered()
    world.inject(HoldingClaimed(pair="GBPUSD", quantity=Decimal(3000), times=1))
    read_books(world)
    assert not is_open_for_entries(world)
    assert "GBPUSD: Phoenix holds 0, the broker holds 3000" in world.state.session.detail
    read_books(world)
    assert is_open_for_entries(world)


def test_executions_that_are_withheld_make_the_nets_differ_and_are_not_invented() -> None:
    world = registered(faults=(unheard(EVERY_ORDER), ExecutionsWithheld(times=2)))
    position_id = world.enter().position_id
    world.wait(61)
    read_books(world)
    assert world.position(position_id).open_quantity == 0
    assert not is_open_for_entries(world)
    read_books(world)
    assert world.position(position_id).open_quantity == 1_000_000
    assert is_open_for_entries(world)
