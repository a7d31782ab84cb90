"""Steps about two executors that reach for the same token at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_bdd import given, then, when

from phoenix.application.inputs import Submit
from phoenix.application.simulation import run_now
from phoenix.application.work import IssuedToken
from phoenix.container import Container
from phoenix.domain.refusals import Refused
from phoenix.ports.errors import StoreConflict
from phoenix.ports.store import Committed
from phoenix.rehearsal.second import second_executor
from phoenix.rehearsal.stores import created_file
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from tests.specs.steps.others import at_the_same_moment


@given("a bead store in a file that two executors share")
def shared_file(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "phoenix.db"
    scene.prepare(store_factory=created_file(path))
    scene.closing.append(lambda: scene.world.container.store().close())
    other, broker = second_executor(scene.world, path)
    scene.closing.append(lambda: other.store().close())
    scene.other_ledgers.append(lambda: [dict(record.as_json()) for record in broker.engine.ledger.records])
    scene.notes["other"] = other


@when("both executors submit the entry at the same moment")
def both_submit(scene: Scene) -> None:
    containers = [scene.world.container, scene.notes["other"]]
    scene.notes["outcomes"] = at_the_same_moment([_submission(container, scene.tokens[-1]) for container in containers])


@when("both executors claim the token on what they saw before, at the same moment")
def both_claim(scene: Scene) -> None:
    containers = [scene.world.container, scene.notes["other"]]
    scene.notes["outcomes"] = at_the_same_moment([_late_claim(container, scene.tokens[-1]) for container in containers])
    scene.is_settled = False


def _submission(container: Container, token: IssuedToken) -> Callable[[], object]:
    executor = container.executor()
    return lambda: run_now(executor.submit_with(token.intent_id, token.token_id, token.secret))


def _late_claim(container: Container, token: IssuedToken) -> Callable[[], object]:
    """The writing of what an executor would write on what it sees now."""
    facts = run_now(container.facts().read(["GBPUSD"]))
    submit = Submit(token.intent_id, token.token_id, token.secret, facts)
    store = container.store()
    proposal = container.kernel().step(store.view(), submit, container.clock().now(), container.ids())
    assert proposal.result.error is None, proposal.result.error
    return lambda: store.transact(lambda _: proposal)


@then(phrase("one of them wins and the other is refused with {reason:Word}"))
def one_wins(scene: Scene, reason: str) -> None:
    outcomes = scene.notes["outcomes"]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert sorted(outcome is None for outcome in outcomes) == [False, True], outcomes
    assert [str(refusal.reason) for refusal in refused] == [reason], outcomes


@then("the database refuses one of them by the end of the token")
def database_refuses(scene: Scene) -> None:
    outcomes = scene.notes["outcomes"]
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, StoreConflict)]
    assert len(conflicts) == 1, outcomes
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 1, outcomes
    assert conflicts[0].kind == "token_end", conflicts


@then(phrase("the two brokers together have received {count:d} entry order"))
def both_brokers_received(scene: Scene, count: int) -> None:
    ledgers = [scene.world.ledger(), *(other() for other in scene.other_ledgers)]
    received = [record for ledger in ledgers for record in ledger if record["kind"] == "ORDER_RECEIVED"]
    assert len([order for order in received if order["parent_reference"] is None]) == count, received
