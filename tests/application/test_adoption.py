"""A human says what an adopted thing is for; what it is, the broker's books say. What they deny is told once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.simulation.faults import EVERY_ORDER, HoldingClaimed, Query, QueryUnanswered, never_fill
from phoenix.application.alerts import AlertKind
from phoenix.application.settling import recovery
from phoenix.application.simulation import run_now
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import (
    Action,
    DecisionKind,
    LegRole,
    OrderStatus,
    OrderType,
    PositionState,
    RefusalReason,
)
from phoenix.rehearsal.world import World
from tests.application.acts import alerts, leg, refusals, registered, say
from tests.application.test_human_settlement import adopt, with_stray
from tests.application.words import (
    FOREIGN_ORDER,
    HOLDING,
    acknowledged,
    execution,
    foreign_in_book,
    read_these_books,
    show_foreign_order,
)

PLAN = {name: FOREIGN_ORDER[name] for name in ("what", "strategy_id", "stop_price", "target_price")}
EXECUTION_PLAN = {**HOLDING, "strategy_id": "by-hand"}
WRONG = {"pair": "USDJPY", "side": "SHORT", "quantity": "999", "entry_price": "1.27"}
CONFLICT, UNKNOWN = RefusalReason.CONFLICT, RefusalReason.UNKNOWN_OUTCOME


def refusal(world: World, subject_id: str, detail: dict[str, str]) -> Refused:
    """What an adoption is refused with; it made no position."""
    positions = set(world.state.positions)
    refused = world.refused(lambda: world.decide(DecisionKind.ADOPT, subject_id, detail=detail))
    assert isinstance(refused, Refused)
    assert set(world.state.positions) == positions
    return refused


def why(world: World, subject_id: str, detail: dict[str, str]) -> tuple[RefusalReason, str | None]:
    refused = refusal(world, subject_id, detail)
    return refused.reason, refused.field


# --- what the broker reported counts --------------------------------------------------------------------------------


@pytest.mark.parametrize("field", WRONG)
def test_an_order_is_not_adopted_as_what_the_books_deny(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    refused = refusal(world, "777", {**FOREIGN_ORDER, field: WRONG[field]})
    assert (refused.reason, refused.field) == (CONFLICT, field)
    assert WRONG[field] in refused.detail
    assert refused.remedy


@pytest.mark.parametrize("field", WRONG)
def test_an_execution_is_not_adopted_as_what_the_broker_denies(field: str) -> None:
    world = registered()
    say(world, execution(world, "E1.01", 1000, permanent_id="555"))
    assert why(world, "E1.01", {**EXECUTION_PLAN, field: WRONG[field]}) == (CONFLICT, field)
    adopt(world, "E1.01", EXECUTION_PLAN)


@pytest.mark.parametrize("field", [*WRONG, "strategy_id"])
def test_a_stray_is_not_adopted_as_what_its_executions_deny(field: str) -> None:
    world, former = with_stray(1000)
    assert why(world, former, {**HOLDING, field: WRONG.get(field, "another")}) == (CONFLICT, field)
    adopt(world, former, HOLDING)


def test_a_strategy_is_not_said_to_be_the_brokers_word() -> None:
    """The broker knows no strategies; whose the stray is, Phoenix's own record says."""
    world, former = with_stray(1000)
    with pytest.raises(Refused, match="its former position had"):
        adopt(world, former, {**HOLDING, "strategy_id": "another"})


@pytest.mark.parametrize("action", Action)
def test_what_nobody_says_of_an_order_is_taken_from_the_books(action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777", action=action, quantity=Decimal(300), limit_price=Decimal("1.3"))
    position = world.position(adopt(world, "777", PLAN))
    assert (position.terms.quantity, position.terms.entry_price) == (Decimal(300), Decimal("1.3"))
    assert leg(world, position.position_id, LegRole.ENTRY).leg.action is action


def test_a_price_that_the_books_leave_blank_is_the_humans_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777", limit_price=None, order_type=OrderType.MARKET)
    assert why(world, "777", PLAN) == (RefusalReason.MALFORMED, "entry_price")
    position_id = adopt(world, "777", {**PLAN, "entry_price": "1.27"})
    assert world.position(position_id).terms.order_type is OrderType.MARKET


def test_what_is_in_another_account_is_not_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777", account="SIM0002")
    assert why(world, "777", PLAN) == (CONFLICT, "account")
    say(world, execution(world, "E1.01", 1000, permanent_id="555", account="SIM0002"))
    assert why(world, "E1.01", EXECUTION_PLAN) == (CONFLICT, "account")


def test_an_order_is_not_adopted_over_an_execution_that_denies_its_side(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    say(world, execution(world, "E1.01", 100, permanent_id="777", action=Action.SELL))
    show_foreign_order(world, monkeypatch, "777")
    assert why(world, "777", PLAN) == (CONFLICT, "permanent_id")


def test_an_order_that_ended_without_leaving_anything_is_not_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777", status=OrderStatus.CANCELLED)
    assert why(world, "777", PLAN) == (RefusalReason.WRONG_STATE, "permanent_id")


# --- what is not known is not adopted -------------------------------------------------------------------------------


def test_an_order_that_the_books_never_showed_is_not_adopted() -> None:
    world = registered()
    say(world, acknowledged(world, "777"))
    assert why(world, "777", FOREIGN_ORDER) == (UNKNOWN, "permanent_id")


def test_an_order_that_the_books_no_longer_show_is_not_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    read_these_books(world, monkeypatch, as_of=world.now)
    assert why(world, "777", PLAN) == (UNKNOWN, "permanent_id")
    show_foreign_order(world, monkeypatch, "777")
    adopt(world, "777", PLAN)


@pytest.mark.parametrize("query", [Query.OPEN_ORDERS, Query.COMPLETED_ORDERS, Query.EXECUTIONS, Query.HOLDINGS])
def test_nothing_is_adopted_on_books_that_were_not_read_in_full(query: Query) -> None:
    world, former = with_stray(1000)
    say(world, execution(world, "E1.01", 1000, permanent_id="555"))
    world.inject(QueryUnanswered(times=1, query=query))
    run_now(world.executor.read_books())
    assert why(world, former, HOLDING) == (UNKNOWN, "subject_id")
    assert why(world, "E1.01", EXECUTION_PLAN) == (UNKNOWN, "subject_id")
    run_now(world.executor.read_books())
    adopt(world, former, HOLDING)


# --- a contradiction is told once -----------------------------------------------------------------------------------


def told(world: World) -> tuple[int, int]:
    """How many kill flags stand, and how many alerts to a contradiction were raised."""
    return len(world.state.flags), len(alerts(world, AlertKind.PERMANENT_ID_CONFLICT))


CHANGES: dict[str, Any] = {"action": Action.SELL, "pair": "USDJPY", "quantity": Decimal(2000)}


@pytest.mark.parametrize("field", CHANGES)
def test_books_that_deny_an_adopted_order_are_told_once(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    adopt(world, "777", PLAN)
    changed = {field: CHANGES[field]}
    show_foreign_order(world, monkeypatch, "777", **changed)
    assert told(world) == (1, 1)
    assert not world.state.session.is_reconciled
    known = len(world.beads)
    for _ in range(3):
        show_foreign_order(world, monkeypatch, "777", **changed)
    assert [type(bead.payload) for bead in world.beads[known:]] == [SessionPayload] * 3
    world.decide(DecisionKind.KILL_LIFT, next(iter(world.state.flags)), reason="looked at")
    show_foreign_order(world, monkeypatch, "777", **changed)
    assert told(world) == (0, 1)


def test_another_contradiction_of_the_same_order_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    adopt(world, "777", PLAN)
    show_foreign_order(world, monkeypatch, "777", action=Action.SELL)
    show_foreign_order(world, monkeypatch, "777", quantity=Decimal(2000))
    assert told(world) == (2, 2)


def test_an_order_that_ended_as_another_is_stalled_and_attested_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    show_foreign_order(world, monkeypatch, "777")
    position_id = adopt(world, "777", PLAN)
    world.wait(1)
    ended = foreign_in_book("777", action=Action.SELL, status=OrderStatus.FILLED)
    read_these_books(world, monkeypatch, as_of=world.now, completed=(ended,))
    assert world.position(position_id).state is PositionState.STALLED
    world.decide(DecisionKind.ATTEST_ABSENT, position_id, reason="it is another one")
    assert world.position(position_id).state is PositionState.CANCELLED
    read_these_books(world, monkeypatch, as_of=world.now, completed=(ended,))
    assert world.state.session.is_reconciled
    assert told(world) == (1, 1)


def test_somebody_elses_ended_order_under_our_name_leaves_ours_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(EVERY_ORDER),))
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    entry = leg(world, position_id, LegRole.ENTRY)
    ours = foreign_in_book(entry.permanent_id, reference=entry.leg.reference, quantity=entry.total)
    named_alike = replace(ours, permanent_id="666", action=Action.SELL, status=OrderStatus.FILLED)
    read_these_books(world, monkeypatch, as_of=world.now, open_orders=(ours,), completed=(named_alike,))
    assert leg(world, position_id, LegRole.ENTRY).status is OrderStatus.WORKING
    assert told(world) == (1, 1)


# --- whatever else a read of the books tells ------------------------------------------------------------------------


def read_thrice(world: World, monkeypatch: pytest.MonkeyPatch, **books: Any) -> list[Any]:
    """What three reads of the same books record beside themselves, after a first one."""
    read_these_books(world, monkeypatch, as_of=world.now, **books)
    known = len(world.beads)
    for _ in range(3):
        read_these_books(world, monkeypatch, as_of=world.now, **books)
    return [bead.payload for bead in world.beads[known:] if not isinstance(bead.payload, SessionPayload)]


def test_a_difference_is_told_once_until_the_books_agree_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    assert read_thrice(world, monkeypatch, holding=500) == []
    assert len(alerts(world, AlertKind.RECOVERY_INCOMPLETE)) == 1
    read_these_books(world, monkeypatch, as_of=world.now, holding=700)
    assert len(alerts(world, AlertKind.RECOVERY_INCOMPLETE)) == 2
    read_these_books(world, monkeypatch, as_of=world.now)
    read_these_books(world, monkeypatch, as_of=world.now, holding=700)
    assert len(alerts(world, AlertKind.RECOVERY_INCOMPLETE)) == 3


def test_a_difference_is_not_told_anew_by_another_session() -> None:
    world = registered()
    world.inject(HoldingClaimed(pair="GBPUSD", quantity=Decimal(500)))
    for _ in range(3):
        run_now(world.executor.leave("over"))
        run_now(world.executor.start({}))
    assert len(alerts(world, AlertKind.RECOVERY_INCOMPLETE)) == 1


def test_a_word_that_no_rule_allows_for_is_refused_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def impossible(*_: object) -> None:
        raise InvalidTransition("no rule leads there")

    monkeypatch.setattr(recovery, "on_execution", impossible)
    world = registered()
    odd = (execution(world, "E1.01", 1000), execution(world, "E2.01", 1000))
    assert read_thrice(world, monkeypatch, executions=odd) == []
    assert len(refusals(world, RefusalReason.TRANSITION)) == len(odd)
    assert len(alerts(world, AlertKind.TRANSITION_REFUSED)) == len(odd)


def test_an_order_in_both_lists_ended_and_is_not_resurrected_at_each_read(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(EVERY_ORDER),))
    position_id = world.enter(order_type="LIMIT").position_id
    world.wait(1)
    entry = leg(world, position_id, LegRole.ENTRY)
    works = foreign_in_book(entry.permanent_id, reference=entry.leg.reference, quantity=entry.total)
    ended = replace(works, status=OrderStatus.CANCELLED)
    assert read_thrice(world, monkeypatch, open_orders=(works,), completed=(ended,)) == []
    assert world.position(position_id).state is PositionState.CANCELLED
    assert not world.state.flags


def test_one_id_behind_several_of_our_orders_is_told_once_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(EVERY_ORDER),))
    first, second = (world.enter(order_type="LIMIT").position_id for _ in range(2))
    world.wait(1)
    entries = [leg(world, position_id, LegRole.ENTRY) for position_id in (first, second)]
    for _ in range(3):
        say(world, *(acknowledged(world, "999", entry) for entry in entries))
    assert told(world) == (2, 2)
