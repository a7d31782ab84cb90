"""Steps about what stops entries: kill flags and stale context."""

from __future__ import annotations

from pytest_bdd import given, when

from phoenix.application.simulation import run_now
from phoenix.domain.vocabulary import KillSource
from tests.specs.steps.scene import Scene
from tests.support.world import OPERATOR


def set_flag(scene: Scene, strategy_id: str | None) -> None:
    executor = scene.world.executor
    scene.notes["flag"] = run_now(executor.set_kill_flag(strategy_id, "spreads blew out", KillSource.MANUAL, OPERATOR))


@given("the operator set a global kill flag")
@when("the operator sets a global kill flag")
def global_flag(scene: Scene) -> None:
    set_flag(scene, None)
