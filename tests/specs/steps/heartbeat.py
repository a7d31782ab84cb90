"""Steps about the executor's heart, and about workers that stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import ClockSkew, Query, QueryUnanswered, SocketDrop, Which
from phoenix.application.inputs import WorkerEnded, WorkerLate
from phoenix.application.watch.workers import Roster, Turn, Worker, WorkerDied
from phoenix.domain.beads.operations import HeartbeatPayload
from phoenix.domain.heartbeat import verdict_of
from phoenix.domain.vocabulary import DecisionKind, LegRole, Severity
from phoenix.rehearsal.world import make_policy
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from tests.application.acts import append, decision
from tests.application.watch.beating import Beating

RUNBOOKS = Path(__file__).parents[3] / "docs" / "runbooks"
ENTRY = Which(role=LegRole.ENTRY)
DEGRADED = "HEARTBEAT_DEGRADED"


def _heart(scene: Scene) -> Beating:
    beating: Beating = scene.notes.setdefault("heart", Beating(scene.world))
    return beating


# --- Given ----------------------------------------------------------------------------------------------------------


@given("the executor's heart beats")
def beats(scene: Scene) -> None:
    """It begins with the first step that lives on."""
    scene.is_settled = False


@given("the session was lost for good")
def lost(scene: Scene) -> None:
    scene.world.inject(SocketDrop(scene.world.now + timedelta(seconds=40), None))


@given("the broker's clock is 9 seconds behind")
def behind(scene: Scene) -> None:
    scene.world.inject(ClockSkew(skew_s=-9))


@given("a session that is open and silent")
def open_and_silent(scene: Scene) -> None:
    for query in Query:
        scene.world.inject(QueryUnanswered(begins_at=scene.world.now, query=query))


@given("no limit on how far clocks may be apart")
def no_clock_limit(scene: Scene) -> None:
    policy = make_policy()
    scene.prepare(policy=replace(policy, limits=replace(policy.limits, clock_skew_max_s=None)))


@given("an order that the broker never answers")
def unanswered(scene: Scene) -> None:
    scene.world.inject(faults.ignore_cancel(ENTRY))
    position = scene.world.enter(order_type="LIMIT", entry="1.25500", stop="1.25400", target="1.25700")
    scene.world.decide(DecisionKind.CANCEL, position.position_id)


@given("a fill that no execution bears out")
def unborne(scene: Scene) -> None:
    scene.world.inject(faults.partial(ENTRY, Decimal("0.5")))
    scene.world.inject(faults.claim_fill(ENTRY, Decimal("0.6")))
    scene.world.enter()


@given("holdings that the broker does not tell")
def untold(scene: Scene) -> None:
    scene.world.wait(270)
    scene.world.inject(QueryUnanswered(query=Query.HOLDINGS))


@given("a decision that nobody acts on")
def unacted(scene: Scene) -> None:
    append(scene.world, decision(DecisionKind.PASS, "some intent"))


# --- When -----------------------------------------------------------------------------------------------------------


@when(phrase("the executor lives for {seconds:d} seconds"))
def lives(scene: Scene, seconds: int) -> None:
    beating, until = _heart(scene), scene.world.now + timedelta(seconds=seconds)
    beaten = scene.notes.setdefault("beats", [])
    while scene.world.now < until:
        beating.beat()
        beaten.append(scene.world.now)


@when("the broker does not tell its time for 2 beats")
def silent(scene: Scene) -> None:
    scene.world.inject(QueryUnanswered(query=Query.SERVER_TIME, times=2))
    for _ in range(3):
        _heart(scene).beat()


@when("a worker had its last turn 31 seconds ago")
def no_turn(scene: Scene) -> None:
    roster = Roster(timedelta(seconds=30), scene.world.now)
    roster.ran([Worker.STALLS], scene.world.now)
    scene.world.wait(31)
    report = roster.report(Worker.STALLS, None)
    scene.notes["report"], scene.notes["kind"] = report, "WORKER_LATE"
    scene.world.executor.tell(WorkerLate(report.worker, report.lateness(scene.world.now)))


@when("a worker dies")
def dies(scene: Scene) -> None:
    roster = Roster(timedelta(seconds=30), scene.world.now)
    with pytest.raises(WorkerDied) as died, Turn(roster, SimulatedClock(scene.world.now), [Worker.STALLS]):
        raise KeyError("nobody thought of this")
    scene.notes["death"], scene.notes["kind"] = died.value, "WORKER_DIED"
    scene.world.executor.tell(WorkerEnded(died.value.worker, died.value.detail))


# --- Then -----------------------------------------------------------------------------------------------------------


@then("every pause between two beats is between 25 and 35 seconds")
def paused(scene: Scene) -> None:
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(scene.notes["beats"])]
    assert all(25 <= pause <= 35 for pause in pauses)
    assert len(set(pauses)) > 10


@then(parsers.re(r"the heart is (?P<verdict>HEALTHY|DEGRADED)"))
def verdict_is(scene: Scene, verdict: str) -> None:
    assert verdict_of(_heart(scene).heart.checks) == verdict
    assert _heart(scene).recorded()[-1].verdict == verdict


@then(parsers.parse('it names "{check}"'))
def names(scene: Scene, check: str) -> None:
    assert check in _heart(scene).signs()
    [alert] = scene.world.raised(DEGRADED)
    assert check in alert.message


@then("there is a HEARTBEAT bead at least every 10 minutes")
def on_record(scene: Scene) -> None:
    instants = [bead.timestamp for bead in scene.world.beads if isinstance(bead.payload, HeartbeatPayload)]
    assert len(instants) >= 6
    assert all(later - earlier <= timedelta(minutes=10) for earlier, later in pairwise(instants))


@then("the HEARTBEAT beads say HEALTHY, DEGRADED, HEALTHY")
def say(scene: Scene) -> None:
    assert [payload.verdict for payload in _heart(scene).recorded()] == ["HEALTHY", "DEGRADED", "HEALTHY"]


@then("no alert of the heart was raised")
def no_alert(scene: Scene) -> None:
    assert scene.world.raised(DEGRADED) == []


@then("one alert of the heart was raised, a WARNING")
def one_alert(scene: Scene) -> None:
    assert [alert.severity for alert in scene.world.raised(DEGRADED)] == [Severity.WARNING]


@then("it is late")
def is_late(scene: Scene) -> None:
    assert scene.notes["report"].is_late(scene.world.now)


@then("that is a CRITICAL alert which names the runbook RB-009-worker-stopped")
def critical(scene: Scene) -> None:
    [alert] = scene.world.raised(scene.notes["kind"])
    assert (alert.severity, alert.runbook) == (Severity.CRITICAL, "RB-009")
    assert (RUNBOOKS / "RB-009-worker-stopped.md").is_file()
    assert scene.world.alerts.notices


@then("whoever drives it is told to end")
def told_to_end(scene: Scene) -> None:
    assert "nothing is sent until an executor starts anew" in str(scene.notes["death"])
