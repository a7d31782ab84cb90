"""Whose order is it: by our reference first, by the broker's permanent id second, and otherwise nobody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phoenix.adapters.simulation.faults import Which, never_fill
from phoenix.application.trading.matching import find_leg
from phoenix.application.work import Work
from phoenix.domain.position import LegState
from phoenix.domain.vocabulary import DecisionKind, LegRole, PositionState
from phoenix.rehearsal.world import World
from tests.application.acts import leg, registered


@pytest.fixture
def world() -> World:
    return registered(faults=(never_fill(Which(role=LegRole.ENTRY)),))


@pytest.fixture
def entries(world: World) -> tuple[LegState, LegState]:
    first, second = (world.enter(risk_percent="0.5").position_id for _ in range(2))
    return leg(world, first, LegRole.ENTRY), leg(world, second, LegRole.ENTRY)


def found(world: World, reference: str | None, permanent_id: str | None) -> str | None:
    """The reference of the order that is found."""
    view = world.container.store().view()
    match = find_leg(Work(world.policy, view, world.now, world.ids), reference, permanent_id)
    return None if match is None else match.leg.leg.reference


def test_our_reference_finds_the_order_whatever_id_comes_with_it(
    world: World, entries: tuple[LegState, LegState]
) -> None:
    first, second = entries
    for permanent_id in (None, "", first.permanent_id, second.permanent_id, "77001"):
        assert found(world, first.leg.reference, permanent_id) == first.leg.reference


@pytest.mark.parametrize("reference", [None, "", "somebody-elses"])
def test_the_permanent_id_finds_the_order_where_the_reference_is_blank_or_not_ours(
    world: World, entries: tuple[LegState, LegState], reference: str | None
) -> None:
    assert found(world, reference, entries[1].permanent_id) == entries[1].leg.reference


@pytest.mark.parametrize(("reference", "permanent_id"), [(None, None), ("", ""), ("nobodys", None), (None, "77001")])
def test_what_names_no_order_of_ours_is_nobodys(
    world: World, entries: tuple[LegState, LegState], reference: str | None, permanent_id: str | None
) -> None:
    assert found(world, reference, permanent_id) is None


def test_an_order_is_found_long_after_its_position_has_left_memory(
    world: World, entries: tuple[LegState, LegState]
) -> None:
    position_id = world.state.position_of_reference[entries[0].leg.reference]
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(5)
    assert world.position(position_id).state is PositionState.CANCELLED
    assert position_id not in world.state.positions
    assert found(world, entries[0].leg.reference, None) == entries[0].leg.reference
    assert found(world, None, entries[0].permanent_id) == entries[0].leg.reference


def test_children_are_found_as_well_as_their_parent(world: World, entries: tuple[LegState, LegState]) -> None:
    position_id = world.state.position_of_reference[entries[0].leg.reference]
    for role in (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT):
        child = leg(world, position_id, role)
        assert replace(child, permanent_id=None) != child
        assert found(world, None, child.permanent_id) == child.leg.reference
