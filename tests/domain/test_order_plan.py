from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.errors import InvalidValue
from phoenix.domain.order_plan import (
    REFERENCE_LENGTH_MAX,
    EntryTerms,
    Leg,
    OrderPlan,
    action_of,
    bracket_plan,
    leg_reference,
    opposite,
)
from phoenix.domain.vocabulary import Action, LegRole, OrderType, Side, TimeInForce

GROUP = str(UUID(int=7))
LONG = EntryTerms(
    "SIM1", "GBPUSD", Side.LONG, Decimal(5000), OrderType.LIMIT, TimeInForce.DAY, Decimal("1.26"), Decimal("1.25"),
    Decimal("1.28"),
)  # fmt: skip
SHORT = replace(LONG, side=Side.SHORT, stop_price=Decimal("1.27"), target_price=Decimal("1.24"))


def required(leg: Leg | None) -> Leg:
    assert leg is not None
    return leg


def entry_of(plan: OrderPlan) -> Leg:
    return required(plan.entry)


@pytest.mark.parametrize(("terms", "enters", "leaves"), [(LONG, "BUY", "SELL"), (SHORT, "SELL", "BUY")])
def test_a_bracket_enters_on_one_side_and_leaves_on_the_other(terms: EntryTerms, enters: str, leaves: str) -> None:
    plan = bracket_plan(terms, GROUP, 41)
    assert [(leg.role, leg.action) for leg in plan.legs] == [
        (LegRole.ENTRY, enters), (LegRole.TAKE_PROFIT, leaves), (LegRole.STOP_LOSS, leaves),
    ]  # fmt: skip
    assert {leg.quantity for leg in plan.legs} == {terms.quantity}


def test_the_children_stand_at_the_target_and_at_the_stop() -> None:
    plan = bracket_plan(LONG, GROUP, 41)
    target, stop = required(plan.leg(LegRole.TAKE_PROFIT)), required(plan.leg(LegRole.STOP_LOSS))
    assert (target.order_type, target.limit_price, target.stop_price) == (OrderType.LIMIT, Decimal("1.28"), None)
    assert (stop.order_type, stop.limit_price, stop.stop_price) == (OrderType.STOP, None, Decimal("1.25"))


@pytest.mark.parametrize("time_in_force", list(TimeInForce))
def test_the_entry_has_its_own_time_in_force_and_the_children_are_always_gtc(time_in_force: TimeInForce) -> None:
    plan = bracket_plan(replace(LONG, time_in_force=time_in_force), GROUP, 41)
    assert [leg.time_in_force for leg in plan.legs] == [time_in_force, TimeInForce.GTC, TimeInForce.GTC]


def test_a_limit_entry_is_limited_to_the_planned_price_and_a_market_entry_is_not() -> None:
    assert entry_of(bracket_plan(LONG, GROUP, 41)).limit_price == Decimal("1.26")
    assert entry_of(bracket_plan(replace(LONG, order_type=OrderType.MARKET), GROUP, 41)).limit_price is None


@pytest.mark.parametrize("quantity", ["0", "-1000"])
def test_nothing_is_planned_for_no_quantity(quantity: str) -> None:
    with pytest.raises(InvalidValue, match="quantity"):
        bracket_plan(replace(LONG, quantity=Decimal(quantity)), GROUP, 41)


def test_session_order_ids_follow_on_the_first_one() -> None:
    assert [leg.session_order_id for leg in bracket_plan(LONG, GROUP, 41).legs] == [41, 42, 43]


@given(group=st.uuids(), role=st.sampled_from(LegRole))
def test_a_reference_is_short_ascii_that_a_broker_takes(group: UUID, role: LegRole) -> None:
    reference = leg_reference(str(group), role)
    assert reference.isascii()
    assert reference.isprintable()
    assert len(reference) <= REFERENCE_LENGTH_MAX == 32


@given(st.lists(st.tuples(st.uuids(), st.sampled_from(LegRole)), min_size=2, max_size=2, unique=True))
def test_no_two_legs_have_one_reference(legs: list[tuple[UUID, LegRole]]) -> None:
    assert len({leg_reference(str(group), role) for group, role in legs}) == 2


OTHER_TERMS = {
    "account": "SIM2",
    "pair": "EURUSD",
    "side": Side.SHORT,
    "quantity": Decimal(6000),
    "order_type": OrderType.MARKET,
    "time_in_force": TimeInForce.GTC,
    "entry_price": Decimal("1.2601"),
    "stop_price": Decimal("1.2501"),
    "target_price": Decimal("1.2801"),
}


@pytest.mark.parametrize("name", [name for name in LONG.__slots__ if name in OTHER_TERMS])
def test_any_change_of_what_is_submitted_changes_the_order_hash(name: str) -> None:
    changed = replace(LONG, **{name: OTHER_TERMS[name]})  # type: ignore[arg-type]
    assert bracket_plan(changed, GROUP, 41).order_hash() != bracket_plan(LONG, GROUP, 41).order_hash()


def test_every_term_is_among_those_whose_change_is_tried() -> None:
    assert set(LONG.__slots__) == set(OTHER_TERMS)


def test_names_given_on_the_way_out_and_trailing_zeros_do_not_change_the_order_hash() -> None:
    same = bracket_plan(replace(LONG, quantity=Decimal("5000.00")), str(UUID(int=8)), 99)
    assert same.order_hash() == bracket_plan(LONG, GROUP, 41).order_hash()


def test_opening_and_closing_actions_are_opposite() -> None:
    assert (action_of(Side.LONG), action_of(Side.SHORT)) == (Action.BUY, Action.SELL)
    assert [opposite(action) for action in Action] == [Action.SELL, Action.BUY]
