"""The kernel: a pure step. The same state, input, instant and ids give the same beads and effects."""

from __future__ import annotations

from functools import reduce

import pytest

from phoenix.adapters.ids import SeededIds
from phoenix.application.inputs import BrokerSaid, ConfigurationLoaded, Decide, Input, SetKillFlag, TimePassed
from phoenix.application.kernel import Kernel
from phoenix.application.simulation import run_now
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.vocabulary import DecisionKind, KillSource, LegRole
from phoenix.rehearsal.world import OPERATOR, TRADER, World
from tests.application.acts import decision, leg, registered
from tests.application.words import cancelled, execution_of


@pytest.fixture
def world() -> World:
    """An open position, and beside it a proposal."""
    world = registered()
    world.enter(risk_percent="0.5")
    world.wait(1)
    world.signal(risk_percent="0.5")
    return world


def inputs(world: World) -> dict[str, Input]:
    """One input of every sort, for the world as it stands."""
    managed, proposed = world.state.positions.values()
    if managed.order_group_id is None:
        managed, proposed = proposed, managed
    stop = leg(world, managed.position_id, LegRole.STOP_LOSS)
    facts = run_now(world.container.facts().read(["GBPUSD"]))
    approve = decision(DecisionKind.APPROVE, proposed.intent_id, world.evidence_hash(proposed.intent_id))
    return {
        "approve": Decide(approve, TRADER, facts, submit=True),
        "close": Decide(decision(DecisionKind.CLOSE, managed.position_id), TRADER, facts, submit=True),
        "refused": Decide(decision(DecisionKind.WITHDRAW, proposed.intent_id), TRADER, facts, submit=True),
        "flag": SetKillFlag(None, "halt", KillSource.MANUAL, OPERATOR, None),
        "broker": BrokerSaid((cancelled(world, stop), execution_of(world, stop, "ab.01", 1000))),
        "time": TimePassed(),
        "configuration": ConfigurationLoaded({"mode": "SIMULATOR"}),
    }


@pytest.mark.parametrize("name", ["approve", "close", "refused", "flag", "broker", "time", "configuration"])
def test_the_same_step_twice_is_the_same_and_changes_neither_state_nor_store(world: World, name: str) -> None:
    kernel, view, step = Kernel(world.policy), world.container.store().view(), inputs(world)[name]
    before, beads = view.state, len(world.beads)
    first, second = (kernel.step(view, step, world.now, SeededIds("twin")) for _ in range(2))
    assert list(first.beads) == list(second.beads)
    assert str(first.result) == str(second.result)
    assert first.result.effects == second.result.effects
    assert view.state == before
    assert len(world.beads) == beads


@pytest.mark.parametrize("name", ["approve", "close", "refused", "flag", "broker", "time", "configuration"])
def test_the_state_that_a_step_proposes_is_the_fold_of_its_beads(world: World, name: str) -> None:
    view = world.container.store().view()
    proposal = Kernel(world.policy).step(view, inputs(world)[name], world.now, SeededIds("twin"))
    assert proposal.state == reduce(evolve, proposal.beads, view.state)


def test_a_step_writes_no_bead_of_another_instant(world: World) -> None:
    view = world.container.store().view()
    for step in inputs(world).values():
        proposal = Kernel(world.policy).step(view, step, world.now, SeededIds("twin"))
        assert {bead.timestamp for bead in proposal.beads} <= {world.now}


def test_two_worlds_of_one_seed_write_the_same_bytes() -> None:
    def live() -> list[bytes]:
        world = registered(seed=11)
        world.enter(risk_percent="0.5")
        world.price("1.26210")
        world.wait(60)
        return [sealed.body for sealed in world.container.store().read()]

    assert live() == live()


def test_the_state_is_the_fold_of_all_beads(world: World) -> None:
    assert reduce(evolve, world.beads, EMPTY) == world.state
