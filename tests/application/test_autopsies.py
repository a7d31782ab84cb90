"""An autopsy is written once; one that is still due when the executor starts is made up for."""

from __future__ import annotations

import pytest

from phoenix.application import kernel
from phoenix.application.simulation import run_now
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.vocabulary import PositionState
from phoenix.testing.world import World
from tests.application.acts import registered


def closed_position(world: World) -> str:
    position_id = world.enter().position_id
    world.wait(1)
    world.price("1.25800")
    world.wait(1)
    assert world.position(position_id).state is PositionState.CLOSED
    return position_id


def test_the_first_autopsy_of_a_position_stands() -> None:
    world = registered()
    position_id = closed_position(world)
    first = world.payloads(AutopsyPayload)
    run_now(world.executor.run_autopsy(position_id))
    assert world.payloads(AutopsyPayload) == first
    assert len(first) == 1


def test_an_autopsy_that_a_dead_process_still_owed_is_made_up_for_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered()
    with monkeypatch.context() as crashing:
        crashing.setattr(kernel, "run_autopsy", lambda *_: None)
        position_id = closed_position(world)
    assert not world.payloads(AutopsyPayload)
    run_now(world.executor.start({"mode": "SIMULATOR"}))
    assert [autopsy.position_id for autopsy in world.payloads(AutopsyPayload)] == [position_id]
    run_now(world.executor.start({"mode": "SIMULATOR"}))
    assert len(world.payloads(AutopsyPayload)) == 1
