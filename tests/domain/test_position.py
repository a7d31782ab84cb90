from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from phoenix.domain.executions import FillBook
from phoenix.domain.position import ActionIntent, ActionStage, LegState, Position, protection_of
from phoenix.domain.vocabulary import ExitReason, IntentKind, LegRole, OrderStatus, PositionState, Protection
from tests.support.positions import POSITION, fill, leg

ENTRY, STOP, TARGET, EXIT = LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.TAKE_PROFIT, LegRole.EXIT
WORKING, UNKNOWN = OrderStatus.WORKING, OrderStatus.UNKNOWN


def stop(status: OrderStatus = WORKING, total: int = 1000, name: str = "stop", **changes: Any) -> LegState:
    return leg(STOP, status, total, name, **changes)


def position(*legs: LegState, entered: int = 0, exited: int = 0, **changes: Any) -> Position:
    booked = [fill(entered)] if entered else []
    booked += [fill(exited, STOP, "e2")] if exited else []
    return replace(POSITION, legs=legs, fills=FillBook(tuple(booked)), **changes)


@pytest.mark.parametrize(
    ("legs", "open_quantity", "protection"),
    [
        ((), 1000, Protection.NONE),
        ((), 0, Protection.NONE),
        ((stop(),), 1000, Protection.EXACT),
        ((stop(),), 2000, Protection.UNDER),
        ((stop(),), 500, Protection.OVER),
        ((stop(),), 0, Protection.OVER),
        ((stop(total=400), stop(total=600, name="second")), 1000, Protection.EXACT),
        ((stop(OrderStatus.HELD),), 1000, Protection.NONE),
        ((stop(OrderStatus.PENDING),), 1000, Protection.NONE),
        ((stop(OrderStatus.CANCELLED),), 1000, Protection.NONE),
        ((stop(OrderStatus.REJECTED),), 1000, Protection.NONE),
        ((stop(UNKNOWN),), 1000, Protection.UNKNOWN),
        ((stop(OrderStatus.PENDING_CANCEL),), 1000, Protection.UNKNOWN),
        ((stop(), stop(UNKNOWN, name="second")), 1000, Protection.UNKNOWN),
        ((stop(UNKNOWN, is_void=True),), 1000, Protection.NONE),
        ((leg(TARGET),), 1000, Protection.NONE),
        ((stop(executed=Decimal(400)),), 600, Protection.EXACT),
        ((stop(filled_reported=Decimal(400)),), 1000, Protection.UNDER),
    ],
)
def test_protection_is_the_stop_that_really_works_against_what_is_open(
    legs: tuple[LegState, ...], open_quantity: int, protection: Protection
) -> None:
    assert protection_of(legs, Decimal(open_quantity)) is protection


@pytest.mark.parametrize("status", list(OrderStatus))
def test_an_order_is_alive_until_the_broker_says_that_it_ended(status: OrderStatus) -> None:
    assert leg(status=status).is_alive is (status not in ("CANCELLED", "REJECTED", "FILLED"))


def test_an_order_with_nothing_left_to_fill_is_not_alive() -> None:
    assert not leg(executed=Decimal(1000)).is_alive
    assert not leg(filled_reported=Decimal(1000)).is_alive
    assert leg(executed=Decimal(999)).is_alive


def test_an_order_that_was_never_sent_or_is_absent_is_not_alive_and_bears_no_claim() -> None:
    void = leg(is_void=True, filled_reported=Decimal(500))
    assert not void.is_alive
    assert not void.is_unborne


def test_what_is_left_counts_the_larger_of_status_and_executions_and_follows_a_shrunk_total() -> None:
    assert leg(filled_reported=Decimal(300), executed=Decimal(200)).remaining == 700
    assert leg(filled_reported=Decimal(200), executed=Decimal(300)).remaining == 700
    assert leg(STOP, total=400).remaining == 400, "a sibling's part fill shrank it"


@pytest.mark.parametrize(
    ("permanent_id", "status", "unanswered"),
    [(None, OrderStatus.PENDING, True), ("p", WORKING, False), ("p", UNKNOWN, True), ("p", OrderStatus.FILLED, False)],
)
def test_an_order_is_unanswered_until_it_has_an_id_and_again_when_the_books_lack_it(
    permanent_id: str | None, status: OrderStatus, unanswered: bool
) -> None:
    assert leg(status=status, permanent_id=permanent_id).is_unanswered is unanswered


def test_a_position_is_exited_when_something_was_opened_nothing_is_and_no_order_can_change_that() -> None:
    assert position(entered=1000, exited=1000).is_exited
    assert not position().is_exited
    assert not position(entered=1000, exited=400).is_exited
    assert not position(stop(), entered=1000, exited=1000).is_exited
    assert replace(POSITION, fills=FillBook().without("e1")).is_exited


def test_a_position_leaves_memory_only_when_it_ended_is_flat_and_nothing_of_it_lives() -> None:
    approved = ActionIntent("i", IntentKind.EXIT, Decimal(1), None, None, stage=ActionStage.APPROVED)
    ended = position(entered=1000, exited=1000, state=PositionState.CLOSED)
    assert ended.is_finished
    assert not replace(ended, state=PositionState.MANAGED).is_finished
    assert not replace(ended, state=None).is_finished
    assert not replace(ended, legs=(leg(TARGET),)).is_finished
    assert not replace(ended, actions=(approved,)).is_finished
    assert not position(entered=1000, state=PositionState.CANCELLED).is_finished


def test_what_may_still_be_added_is_what_is_left_of_a_living_entry() -> None:
    assert position(leg(ENTRY, executed=Decimal(400))).in_flight_quantity == 600
    assert position(leg(ENTRY, OrderStatus.CANCELLED)).in_flight_quantity == 0
    assert position(leg(EXIT)).in_flight_quantity == 0


def test_an_exit_is_unseen_while_the_broker_states_more_filled_than_its_executions() -> None:
    assert position(leg(STOP, filled_reported=Decimal(1000))).has_unseen_exit
    assert not position(leg(STOP, filled_reported=Decimal(1000), executed=Decimal(1000))).has_unseen_exit
    assert not position(leg(ENTRY, filled_reported=Decimal(1000))).has_unseen_exit


@pytest.mark.parametrize(
    ("role", "reason"),
    [(STOP, ExitReason.STOP_LOSS), (TARGET, ExitReason.TAKE_PROFIT), (EXIT, ExitReason.MANUAL)],
)
def test_the_exit_reason_is_the_order_that_exited_last(role: LegRole, reason: ExitReason) -> None:
    exited = replace(POSITION, fills=FillBook((fill(1000), fill(400, EXIT, "e2"), fill(600, role, "e3"))))
    assert exited.exit_reason is reason


def test_a_position_whose_only_execution_was_taken_back_is_busted_and_an_open_one_has_no_exit_reason() -> None:
    assert replace(POSITION, fills=FillBook().without("e1")).exit_reason is ExitReason.BUSTED
    assert position(entered=1000).exit_reason is None


def test_the_ratio_is_filled_over_requested() -> None:
    assert position(entered=500).partial_fill_ratio == Decimal("0.5")
    assert position(entered=1500).partial_fill_ratio == Decimal("1.5")


@pytest.mark.parametrize("stage", list(ActionStage))
def test_an_exit_holds_the_position_from_its_approval_to_its_end(stage: ActionStage) -> None:
    action = ActionIntent("exit-1", IntentKind.EXIT, Decimal(1000), None, None, stage=stage)
    held = replace(POSITION, actions=(action,)).unsettled_action
    assert (held is not None) is (stage not in (ActionStage.PROPOSED, ActionStage.ENDED))
