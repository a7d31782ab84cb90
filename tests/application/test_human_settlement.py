"""What a human settles counts once, and nothing that a human asks for leads where no other decision leads out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.simulation.faults import (
    EVERY_ORDER,
    Fault,
    Which,
    fill_after_cancel,
    lose,
    never_fill,
    overfill,
    partial,
    unheard,
)
from phoenix.application.alerts import AlertKind
from phoenix.application.kernel import Kernel
from phoenix.application.simulation import run_now
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import ActionStage
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, LegRole, OrderStatus, PositionState, Protection, RefusalReason
from phoenix.ports.broker_events import OrderStatusReported
from phoenix.rehearsal.world import World
from tests.application.acts import alerts, leg, reason_of, registered, say
from tests.application.words import (
    FOREIGN_ORDER,
    HOLDING,
    acknowledged,
    execution,
    execution_of,
    in_book,
    read_these_books,
    show_foreign_order,
    status,
)

ENTRY, EXIT = Which(role=LegRole.ENTRY), Which(role=LegRole.EXIT)
SHORT_HOLDING = {"what": "HOLDING", "stop_price": "1.27", "target_price": "1.25"}
STOP, TARGET = Which(role=LegRole.STOP_LOSS), Which(role=LegRole.TAKE_PROFIT)


def decided(world: World, kind: DecisionKind, subject_id: str, **changes: Any) -> str:
    """A decision that answers with an id: of a proposed exit, or of a position that was adopted."""
    answer = world.decide(kind, subject_id, **changes)
    assert isinstance(answer, str)
    return answer


def adopt(world: World, subject_id: str, detail: dict[str, str]) -> str:
    return decided(world, DecisionKind.ADOPT, subject_id, reason="mine", detail=detail)


def close(world: World, position_id: str) -> str:
    """The exit of a position, proposed, approved and sent."""
    intent_id = decided(world, DecisionKind.CLOSE, position_id)
    world.approve(intent_id)
    return intent_id


def refusal_of(world: World, kind: DecisionKind, subject_id: str, **changes: Any) -> RefusalReason:
    return reason_of(world.refused(lambda: world.decide(kind, subject_id, **changes)))


def holding(*faults: Fault) -> tuple[World, str]:
    """A world with an open position, three seconds after its entry."""
    world = registered(faults=faults)
    position_id = world.enter().position_id
    world.wait(3)
    return world, position_id


def with_stray(quantity: int) -> tuple[World, str]:
    """A world with a cancelled position whose entry executed all the same."""
    late = fill_after_cancel(ENTRY, 3, Decimal(quantity))
    world = registered(faults=(never_fill(ENTRY), late))
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(10)
    assert world.position(position_id).open_quantity == quantity
    return world, position_id


# --- adoption counts once -------------------------------------------------------------------------------------------


def test_what_was_adopted_cannot_be_closed_twice() -> None:
    world, former = with_stray(1000)
    adopter = adopt(world, former, HOLDING)
    assert world.state.net_quantity("GBPUSD") == 1000
    assert world.position(former).open_quantity == ZERO
    close(world, adopter)
    world.wait(3)
    assert world.position(adopter).state is PositionState.CLOSED
    assert refusal_of(world, DecisionKind.CLOSE, former) is RefusalReason.WRONG_STATE
    assert refusal_of(world, DecisionKind.ADOPT, former, detail=HOLDING) is RefusalReason.NOT_FOUND
    assert world.state.net_quantity("GBPUSD") == ZERO


def test_what_waits_for_adoption_cannot_be_closed_before_it() -> None:
    world, former = with_stray(1000)
    assert refusal_of(world, DecisionKind.CLOSE, former) is RefusalReason.WRONG_STATE


def test_an_execution_that_comes_after_the_adoption_counts_once() -> None:
    world, former = with_stray(1000)
    adopt(world, former, HOLDING)
    say(world, execution_of(world, leg(world, former, LegRole.ENTRY), "LATE.01", 500))
    assert world.state.net_quantity("GBPUSD") == 1500
    second = adopt(world, former, HOLDING)
    assert world.position(second).open_quantity == 500
    assert world.state.net_quantity("GBPUSD") == 1500


def test_an_adopted_execution_is_not_booked_again_once_its_order_is_known() -> None:
    world = registered(faults=(unheard(EVERY_ORDER),))
    position_id = world.enter(order_type="LIMIT").position_id
    entry = leg(world, position_id, LegRole.ENTRY)
    parked = execution(world, "E1.01", 1000, permanent_id="5555")
    say(world, parked)
    adopt(world, "E1.01", {**HOLDING, "strategy_id": "by-hand"})
    say(world, acknowledged(world, "5555", entry), parked)
    say(world, execution(world, "E1.01", 1000, permanent_id="5555", reference=entry.leg.reference))
    assert world.position(position_id).open_quantity == ZERO
    assert world.state.net_quantity("GBPUSD") == 1000
    assert not alerts(world, AlertKind.TRANSITION_REFUSED)


def test_an_adopted_order_with_a_reference_of_somebody_elses_receives_its_executions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    position_id = adopt(world, "777", FOREIGN_ORDER)
    say(world, execution(world, "F1.01", 1000, reference="typed-in-77", permanent_id="777"))
    assert world.position(position_id).open_quantity == 1000
    assert not world.state.parked


@pytest.mark.parametrize("reference", [None, "typed-in-77"])
def test_an_adopted_order_receives_what_it_executed_before_the_adoption(
    reference: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    say(world, execution(world, "F1.01", 400, reference=reference, permanent_id="777"))
    position_id = adopt(world, "777", FOREIGN_ORDER)
    assert world.position(position_id).open_quantity == 400
    say(world, execution(world, "F2.01", 600, reference=reference, permanent_id="777"))
    filled = OrderStatusReported(reference, None, "777", OrderStatus.FILLED, Decimal(1000), ZERO, world.now)
    say(world, filled)
    assert world.position(position_id).open_quantity == 1000
    assert leg(world, position_id, LegRole.ENTRY).status is OrderStatus.FILLED
    assert not world.state.parked


def test_a_second_permanent_id_of_our_own_order_cannot_be_adopted() -> None:
    world = registered(faults=(never_fill(EVERY_ORDER),))
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    say(world, acknowledged(world, "666", leg(world, position_id, LegRole.ENTRY)))
    assert refusal_of(world, DecisionKind.ADOPT, "666", detail=FOREIGN_ORDER) is RefusalReason.CONFLICT
    assert list(world.state.positions) == [position_id]


# --- decisions in which something is wrong --------------------------------------------------------------------------

HOSTILE: tuple[Any, ...] = ("²", " 1", "1e5", "-1", "0", "0.0", "NaN", "Infinity", "1_000", "", None, ["1"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (field, value) for field in ("quantity", "entry_price", "stop_price", "target_price") for value in HOSTILE
        if value is not None or field in ("stop_price", "target_price")
    ],
    ids=repr,
)  # fmt: skip
def test_a_number_that_is_none_is_refused_in_an_adoption(
    field: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    detail = {**FOREIGN_ORDER, field: value}
    refusal = world.refused(lambda: world.decide(DecisionKind.ADOPT, "777", detail=detail))
    assert isinstance(refusal, Refused)
    assert (refusal.reason, refusal.field) == (RefusalReason.MALFORMED, field)
    assert not world.state.positions
    assert not world.state.decisions


@pytest.mark.parametrize("side", ["long", "BUY", "", ["LONG"]], ids=repr)
def test_a_side_that_is_none_is_refused_in_an_adoption(side: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    assert refusal_of(world, DecisionKind.ADOPT, "777", detail={**FOREIGN_ORDER, "side": side}) is (
        RefusalReason.MALFORMED
    )


@pytest.mark.parametrize("value", [value for value in HOSTILE if value is not None], ids=repr)
def test_a_number_that_is_none_is_refused_in_an_exit(value: Any) -> None:
    world, position_id = holding()
    assert refusal_of(world, DecisionKind.CLOSE, position_id, detail={"quantity": value}) is RefusalReason.MALFORMED
    assert refusal_of(world, DecisionKind.PROTECT, position_id, detail={"stop_price": value}) is RefusalReason.MALFORMED


# --- ways out -------------------------------------------------------------------------------------------------------


def test_an_exit_that_rests_can_be_cancelled_by_a_human() -> None:
    world, position_id = holding(partial(EXIT, Decimal(0)))
    close(world, position_id)
    world.wait(100)
    assert leg(world, position_id, LegRole.EXIT).status is OrderStatus.WORKING
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(3)
    assert leg(world, position_id, LegRole.EXIT).status is OrderStatus.CANCELLED
    assert decided(world, DecisionKind.CLOSE, position_id)


def test_a_new_stop_that_is_acknowledged_and_does_not_work_blocks_no_exit() -> None:
    world, position_id = holding(unheard(Which(role=LegRole.STOP_LOSS, nth=2)))
    protection = decided(world, DecisionKind.PROTECT, position_id, detail={"stop_price": "1.25800"})
    world.approve(protection)
    world.wait(3)
    stop = leg(world, position_id, LegRole.STOP_LOSS)
    assert refusal_of(world, DecisionKind.CLOSE, position_id) is RefusalReason.UNSETTLED
    say(world, acknowledged(world, "4242", stop))
    assert world.position(position_id).protection is Protection.NONE
    assert decided(world, DecisionKind.CLOSE, position_id)


def test_children_that_never_answered_are_settled_after_the_end_and_leave_memory() -> None:
    world = registered(faults=(never_fill(ENTRY), lose(STOP), lose(TARGET)))
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(5)
    assert world.position(position_id).state is PositionState.CANCELLED
    assert position_id in world.state.positions
    run_now(world.executor.read_books())
    world.decide(DecisionKind.ATTEST_ABSENT, position_id, reason="looked it up")
    assert position_id not in world.state.positions
    assert world.position(position_id).state is PositionState.CANCELLED


def test_books_older_than_the_send_support_no_attestation(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(lose(EVERY_ORDER),))
    before = world.now
    world.wait(1)
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    read_these_books(world, monkeypatch, as_of=before)
    world.wait(61)
    assert refusal_of(world, DecisionKind.ATTEST_ABSENT, position_id) is RefusalReason.UNKNOWN_OUTCOME
    assert world.position(position_id).state is PositionState.STALLED


def test_what_an_exit_sold_too_much_is_adopted_and_leaves_its_position_flat() -> None:
    world, position_id = holding(overfill(EXIT, Decimal(1000)))
    close(world, position_id)
    world.wait(3)
    assert world.state.net_quantity("GBPUSD") == -1000
    adopter = adopt(world, position_id, SHORT_HOLDING)
    assert world.position(position_id).open_quantity == ZERO
    assert position_id not in world.state.positions
    assert world.state.net_quantity("GBPUSD") == -1000
    close(world, adopter)
    world.wait(3)
    assert world.position(adopter).state is PositionState.CLOSED
    assert world.history(settled=False).ok, world.history(settled=False)


def test_when_stop_and_target_both_fill_the_surplus_is_adopted_and_the_position_ends() -> None:
    world, position_id = holding()
    for role in (LegRole.TAKE_PROFIT, LegRole.STOP_LOSS):
        order = leg(world, position_id, role)
        say(world, execution_of(world, order, f"{role.value}.01", int(order.total)))
    assert world.position(position_id).state is PositionState.MANAGED
    assert world.position(position_id).open_quantity < ZERO
    adopter = adopt(world, position_id, SHORT_HOLDING)
    assert world.position(position_id).state is PositionState.CLOSED
    assert world.position(adopter).open_quantity == leg(world, position_id, LegRole.STOP_LOSS).total
    assert position_id not in world.state.positions


def test_a_stop_of_a_position_past_flat_can_be_cancelled() -> None:
    world, position_id = holding()
    order = leg(world, position_id, LegRole.TAKE_PROFIT)
    say(world, execution_of(world, order, "T1.01", int(order.total) + 1000))
    assert refusal_of(world, DecisionKind.ADOPT, position_id, detail=SHORT_HOLDING) is RefusalReason.WRONG_STATE
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(3)
    adopt(world, position_id, SHORT_HOLDING)
    assert world.position(position_id).state is PositionState.CLOSED


def test_an_entry_that_is_filled_without_executions_is_settled_by_a_human(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(ENTRY),))
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    entry = leg(world, position_id, LegRole.ENTRY)
    say(world, status(world, entry, OrderStatus.FILLED, filled=entry.total))
    assert refusal_of(world, DecisionKind.ATTEST_ABSENT, position_id) is RefusalReason.WRONG_STATE
    world.wait(1)
    read_these_books(world, monkeypatch, as_of=world.now, completed=(in_book(entry, OrderStatus.FILLED),))
    assert world.position(position_id).state is PositionState.STALLED
    world.decide(DecisionKind.ATTEST_ABSENT, position_id, reason="the broker says it never filled")
    position = world.position(position_id)
    assert position.state is PositionState.CANCELLED
    assert not position.has_unborne_fill


def test_an_exit_that_is_filled_without_executions_is_settled_and_exited_anew() -> None:
    world, position_id = holding(never_fill(EXIT))
    close(world, position_id)
    world.wait(1)
    exit_order = leg(world, position_id, LegRole.EXIT)
    say(world, status(world, exit_order, OrderStatus.FILLED, filled=exit_order.total))
    assert refusal_of(world, DecisionKind.ATTEST_ABSENT, position_id) is RefusalReason.UNKNOWN_OUTCOME
    world.wait(1)
    run_now(world.executor.read_books())
    assert world.position(position_id).has_unseen_exit
    world.decide(DecisionKind.ATTEST_ABSENT, position_id, reason="the broker says it never filled")
    position = world.position(position_id)
    assert not position.has_unseen_exit
    assert position.state is PositionState.MANAGED
    assert decided(world, DecisionKind.CLOSE, position_id)


# --- exits that were only proposed ----------------------------------------------------------------------------------


def test_an_exit_that_was_only_proposed_blocks_no_other() -> None:
    world, position_id = holding()
    first = decided(world, DecisionKind.CLOSE, position_id)
    close(world, position_id)
    world.wait(3)
    position = world.position(position_id)
    assert position.state is PositionState.CLOSED
    assert [action.stage for action in position.actions] == [ActionStage.PROPOSED, ActionStage.ENDED]
    assert position.actions[0].intent_id == first


def test_an_exit_that_was_only_proposed_keeps_no_closed_position_in_memory() -> None:
    world, position_id = holding()
    decided(world, DecisionKind.CLOSE, position_id)
    world.price("1.26250")
    world.wait(60)
    assert world.position(position_id).state is PositionState.CLOSED
    assert position_id not in world.state.positions


def test_an_exit_of_a_position_that_is_flat_by_then_is_not_approved() -> None:
    world, position_id = holding(unheard(TARGET))
    intent_id = decided(world, DecisionKind.CLOSE, position_id)
    evidence_hash = world.evidence_hash(intent_id)
    stop = leg(world, position_id, LegRole.STOP_LOSS)
    say(world, execution_of(world, stop, "S1.01", int(stop.total)))
    assert world.position(position_id).open_quantity == ZERO
    refusal = refusal_of(world, DecisionKind.APPROVE, intent_id, evidence_hash=evidence_hash)
    assert refusal is RefusalReason.WRONG_STATE
    assert not world.tokens(intent_id)


def test_a_position_whose_instrument_left_the_configuration_is_closed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    world, position_id = holding()
    monkeypatch.setattr(world.executor, "_kernel", Kernel(replace(world.policy, instruments={})))
    refusal = refusal_of(world, DecisionKind.CLOSE, position_id, detail={"quantity": "1000"})
    assert refusal is RefusalReason.INSTRUMENT_UNKNOWN
    decided(world, DecisionKind.CLOSE, position_id)
