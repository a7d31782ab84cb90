"""Processes that die and what the next one makes of it. Every death here is a real one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import (
    DecisionKind,
    ExecutionEvent,
    KillSource,
    LegRole,
    PositionState,
    RefusalReason,
    TokenEvent,
)
from phoenix.ports.errors import ExecutorRunning
from phoenix.runtime.checkup.proof import ledger_of, prove
from phoenix.runtime.desk import Desk
from phoenix.runtime.faults.points import ANY
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.process.serve import serve
from phoenix.runtime.readings.outcomes import Outcome, OutcomeStatus
from tests.runtime.dying import Died, Script, decide, run, trade_by_hand
from tests.runtime.processes import serving
from tests.runtime.trading import TRADER, proposed, signal

scenarios("sudden_death.feature")

_MOMENTS = {
    "before the claim is durable": "commit.before.T2_TOKEN.USED",
    "after the claim is durable": "commit.after.ORDER.PREPARED",
    "after the order was sent": "broker.submit.after",
    "before a fill is durable": "commit.before.EXECUTION.BOOKED",
}
DEATHS_MAX = 60


@dataclass
class Scene:
    """One home, and what its processes came to."""

    home: Home
    intent_id: str
    evidence_hash: str
    deaths: list[Died] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    fault_point: str | None = None
    step: int = 0
    error: Exception | None = None
    refusal: Refused | None = None
    pid: int | None = None

    def read(self, look: Callable[[Desk], Any]) -> Any:
        with Desk(self.home) as desk:
            return look(desk)

    def received(self) -> Counter[str]:
        """How often the broker received each order."""
        return Counter(record["reference"] for record in self._orders())

    def received_entries(self) -> Counter[str]:
        return Counter(record["reference"] for record in self._orders() if record["parent_reference"] is None)

    def _orders(self) -> list[dict[str, Any]]:
        return [record for record in ledger_of(self.home) or () if record["kind"] == "ORDER_RECEIVED"]


@given("a home with a proposal to buy GBPUSD", target_fixture="scene")
def home_with_proposal(tmp_path: Path) -> Scene:
    made = init(tmp_path / "home", datetime.now(UTC))
    home = Home.open(made.directory, {"commands.linger_s": "0.1"})
    with Desk(home) as desk:
        intent_id = proposed(desk).intent_id
        assert intent_id is not None
        return Scene(home, intent_id, desk.read.review(intent_id).bundle_hash)


@given(parsers.parse("the executor will die {moment}"))
def executor_will_die(scene: Scene, moment: str) -> None:
    scene.fault_point = _MOMENTS[moment]


@given(parsers.parse("every executor will die {steps:d} steps further than the one before"))
def executors_will_die(scene: Scene, steps: int) -> None:
    scene.step = steps


@given("the process that sets a kill flag dies once it is recorded")
def killer_dies(scene: Scene) -> None:
    async def set_flag(running: RunningExecutor) -> None:
        await running.executor.set_kill_flag(None, "enough for today", KillSource.MANUAL, TRADER)

    died = run(scene.home, set_flag, "commit.after.KILL_FLAG.SET")
    assert died.was_killed


@given("an executor that serves")
def executor_serves(scene: Scene, request: pytest.FixtureRequest) -> None:
    stack = ExitStack()
    request.addfinalizer(stack.close)
    scene.pid = stack.enter_context(serving(scene.home)).pid


@when("the trader approves, and another executor takes over")
def approves_and_is_followed(scene: Scene) -> None:
    died = run(scene.home, _approving(scene), scene.fault_point)
    assert died.was_killed is (scene.fault_point is not None)
    scene.deaths.append(died)
    scene.read(lambda desk: desk.catch_up())


def _approving(scene: Scene) -> Script:
    async def script(running: RunningExecutor) -> None:
        await decide(running, DecisionKind.APPROVE, scene.intent_id, scene.evidence_hash)
        await running.stay()

    return script


@when("the trader goes on until the trade is closed")
def goes_on(scene: Scene) -> None:
    script = trade_by_hand(signal())
    for number in range(1, DEATHS_MAX):
        died = run(scene.home, script, f"{ANY}:{number * scene.step}")
        scene.deaths.append(died)
        if not died.was_killed:
            assert died.code == 0
            return
    raise AssertionError("the trade never came to its end")


@when("two processes approve the intent at the same moment")
def two_approve(scene: Scene) -> None:
    def approve_once() -> Outcome:
        with Desk(scene.home) as desk:
            return desk.decide(
                DecisionKind.APPROVE, scene.intent_id, signer=TRADER, evidence_hash=scene.evidence_hash,
                proof={"kind": "TYPED"},
            )  # fmt: skip

    with ThreadPoolExecutor(2) as both:
        scene.outcomes = [done.result() for done in [both.submit(approve_once) for _ in range(2)]]


@when("a second one is started")
def second_is_started(scene: Scene) -> None:
    try:
        asyncio.run(serve(scene.home, lambda _: None))
    except ExecutorRunning as error:
        scene.error = error


@then("no token was used")
def no_token_used(scene: Scene) -> None:
    assert _uses(scene) == 0


@then("one token was used")
def one_token_used(scene: Scene) -> None:
    assert _uses(scene) == 1


def _uses(scene: Scene) -> int:
    return int(scene.read(lambda desk: sum(_is_use(item.bead.payload) for item in desk.beads())))


def _is_use(payload: object) -> bool:
    return isinstance(payload, TokenPayload) and payload.event is TokenEvent.USED


@then("the broker has received no order")
def received_nothing(scene: Scene) -> None:
    assert scene.received() == {}


@then("the broker has received the entry once")
def received_entry_once(scene: Scene) -> None:
    assert list(scene.received_entries().values()) == [1]


@then("the broker has received no order twice")
def received_none_twice(scene: Scene) -> None:
    assert set(scene.received().values()) <= {1}


@then(parsers.parse("the position is {state}"))
def position_is(scene: Scene, state: str) -> None:
    assert scene.read(lambda desk: [position.state for position in desk.read.positions()]) == [PositionState(state)]


@then("the entry's execution was booked once")
def booked_once(scene: Scene) -> None:
    booked = scene.read(lambda desk: [item.bead.payload for item in desk.beads()])
    entries = [bead for bead in booked if isinstance(bead, ExecutionPayload) and bead.role is LegRole.ENTRY]
    assert [bead.event for bead in entries if bead.event is not ExecutionEvent.COMMISSION] == [ExecutionEvent.BOOKED]


@then("every bead that was acknowledged is still there")
def acknowledged_is_there(scene: Scene) -> None:
    assert sum(died.was_killed for died in scene.deaths) >= 3
    stored = scene.read(lambda desk: {item.seq: item.bead_hash.hex() for item in desk.beads()})
    for died in scene.deaths:
        assert died.acknowledged == [(seq, stored.get(seq)) for seq, _ in died.acknowledged]


@then("the history is sound")
def history_is_sound(scene: Scene) -> None:
    report = scene.read(lambda desk: prove(scene.home, desk.store, settled=True))
    assert report.ok, [finding.text() for finding in report.findings]


@then(parsers.parse("the approval was refused for {reason}"))
def approval_refused(scene: Scene, reason: str) -> None:
    beads = scene.read(lambda desk: [item.bead.payload for item in desk.beads()])
    assert RefusalReason(reason) in [getattr(payload, "reason", None) for payload in beads]


@then("one of them learns that it was sent, the other that it was refused")
def one_wins(scene: Scene) -> None:
    assert sorted(outcome.status for outcome in scene.outcomes) == [OutcomeStatus.DONE, OutcomeStatus.REFUSED]


@then("it is refused, naming the first and since when it is at work")
def second_is_refused(scene: Scene) -> None:
    holder = scene.read(lambda desk: desk.executor())
    assert (holder.pid, holder.command) == (scene.pid, "serve")
    assert str(holder) in str(scene.error)
