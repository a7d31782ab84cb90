"""Steps about sending once: silence, loss, a dead process, a second attempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_bdd import given, then, when

from phoenix.adapters.simulation.faults import Which, lose, unheard
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.order_plan import bracket_plan
from phoenix.domain.vocabulary import OrderEvent
from phoenix.ports.errors import StoreConflict
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.stores import created_file, opened_file
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from tests.specs.steps.gate import GROUP_ID
from tests.specs.steps.others import MortalStore, ProcessDied


@given("the broker says nothing of the order")
def broker_silent(scene: Scene) -> None:
    scene.world.inject(unheard(Which()))
    scene.is_settled = False


@given("the broker never gets the order")
def broker_never_gets(scene: Scene) -> None:
    scene.world.inject(lose(Which()))
    scene.is_settled = False


@given("a bead store in a file", target_fixture="store_path")
def store_in_file(tmp_path: Path) -> Path:
    return tmp_path / "phoenix.db"


@given("Phoenix keeps its beads there")
def beads_there(scene: Scene, store_path: Path) -> None:
    scene.prepare(store_factory=created_file(store_path))
    scene.closing.append(lambda: scene.world.container.store().close())


@given(phrase("Phoenix was down for {time:Minutes} minutes"))
def was_down(scene: Scene, store_path: Path, time: timedelta) -> None:
    scene.start_again(after=time, store_factory=opened_file(store_path))


@given("a process that dies before the next send")
def mortal_process(scene: Scene, store_path: Path) -> None:
    scene.prepare(store_factory=created_file(store_path, MortalStore))
    scene.closing.append(lambda: scene.world.container.store().close())
    scene.is_settled = False


@given("the trader's approval was recorded when the process died")
def approved_and_died(scene: Scene) -> None:
    with pytest.raises(ProcessDied):
        scene.world.approve(scene.intent())


@given("Phoenix was started again")
def started_again(scene: Scene, store_path: Path) -> None:
    scene.start_again(store_factory=opened_file(store_path))


@when(phrase("Phoenix is started again and {time:Minutes} minutes pass"))
def started_again_and_waits(scene: Scene, store_path: Path, time: timedelta) -> None:
    started_again(scene, store_path)
    scene.world.wait(time.total_seconds())


@when("another process writes a second attempt for the intent")
def second_attempt(scene: Scene) -> None:
    first = next(o for o in scene.world.payloads(OrderPayload) if o.event is OrderEvent.PREPARED)
    plan = bracket_plan(scene.position().terms, GROUP_ID, 100)
    second = replace(first, order_group_id=GROUP_ID, plan=plan, order_hash=plan.order_hash())
    scene.attempt(lambda: append_as_another_process(scene.world, second))


@then("the database refuses it by the attempt")
def refused_by_attempt(scene: Scene) -> None:
    refusal = scene.take_refusal()
    assert isinstance(refusal, StoreConflict), repr(refusal)
    assert refusal.kind == "attempt", refusal
