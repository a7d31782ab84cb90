"""Each autopsy is written once; one that is still due at a start is made up for; none touches a position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic

import pytest

from phoenix.adapters.autopsy import Beside
from phoenix.application.simulation import run_now
from phoenix.domain.autopsy import AutopsyInput, perform
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.change import replace
from phoenix.domain.vocabulary import PositionState
from phoenix.ports.autopsy import Autopsist, Examination
from phoenix.rehearsal.world import World
from tests.application.acts import registered


class Silent(Autopsist):
    """Begins and never finishes, as one whose process has died."""

    def begin(self, closed: AutopsyInput) -> None: ...

    def finished(self) -> Sequence[Examination]:
        return ()


def closed_position(world: World) -> str:
    position_id = world.enter().position_id
    world.wait(1)
    world.price("1.25800")
    world.wait(1)
    assert world.position(position_id).state is PositionState.CLOSED
    return position_id


def pump_until(world: World, is_there: Callable[[], object]) -> None:
    """Let the other thread do its work, and take in what it came to."""
    patience = monotonic() + 10
    while not is_there() and monotonic() < patience:
        run_now(world.executor.pump())


def autopsy_alerts(world: World) -> list[AlertPayload]:
    return world.raised("AUTOPSY_FAILED")


def test_the_first_autopsy_of_a_position_stands() -> None:
    world = registered()
    position_id = closed_position(world)
    first = world.payloads(AutopsyPayload)
    run_now(world.executor.run_autopsy(position_id))
    assert world.payloads(AutopsyPayload) == first
    assert len(first) == 1


def test_an_autopsy_that_a_dead_process_still_owed_is_made_up_for_at_the_start() -> None:
    world = registered(autopsist=Silent())
    position_id = closed_position(world)
    assert not world.payloads(AutopsyPayload)
    world.container.autopsist.override(Beside(perform))
    executor = world.container.executor
    executor.reset()
    run_now(executor().start({"mode": "SIMULATOR"}))
    world.executor = executor()
    pump_until(world, lambda: world.payloads(AutopsyPayload))
    assert [autopsy.position_id for autopsy in world.payloads(AutopsyPayload)] == [position_id]
    run_now(world.executor.start({"mode": "SIMULATOR"}))
    assert len(world.payloads(AutopsyPayload)) == 1


def test_trading_goes_on_while_an_autopsy_is_slow() -> None:
    gate = Event()

    def slow(closed: AutopsyInput) -> AutopsyPayload:
        gate.wait(10)
        return perform(closed)

    world = registered(autopsist=Beside(slow))
    first = closed_position(world)
    second = world.enter(entry="1.25800", stop="1.25700", target="1.26000")
    assert second.state is not None
    assert not world.payloads(AutopsyPayload)
    gate.set()
    pump_until(world, lambda: world.payloads(AutopsyPayload))
    assert [autopsy.position_id for autopsy in world.payloads(AutopsyPayload)] == [first]


def _broken(_: AutopsyInput) -> AutopsyPayload:
    raise ZeroDivisionError("by zero")


def _about_another(closed: AutopsyInput) -> AutopsyPayload:
    return replace(perform(closed), position_id="another")


def _forgetful(_: AutopsyInput) -> AutopsyPayload:
    return None  # type: ignore[return-value]


@pytest.mark.parametrize("examine", [_broken, _about_another, _forgetful])
def test_a_failing_autopsy_is_told_leaves_the_position_and_can_be_run_again(examine: object) -> None:
    assert callable(examine)
    world = registered(autopsist=Beside(examine))
    position_id = closed_position(world)
    pump_until(world, lambda: autopsy_alerts(world))
    assert not world.payloads(AutopsyPayload)
    (alert,) = autopsy_alerts(world)
    assert alert.position_id == position_id
    assert world.position(position_id).state is PositionState.CLOSED
    assert position_id in world.state.autopsies_due
    world.container.autopsist.override(Beside(perform))
    world.container.executor.reset()
    world.executor = world.container.executor()
    run_now(world.executor.run_autopsy(position_id))
    pump_until(world, lambda: world.payloads(AutopsyPayload))
    assert [autopsy.position_id for autopsy in world.payloads(AutopsyPayload)] == [position_id]
    assert position_id not in world.state.autopsies_due


def test_an_autopsy_of_what_is_not_closed_is_told_and_writes_nothing() -> None:
    world = registered()
    position_id = world.enter().position_id
    run_now(world.executor.run_autopsy(position_id))
    assert not world.payloads(AutopsyPayload)
    assert len(autopsy_alerts(world)) == 1
