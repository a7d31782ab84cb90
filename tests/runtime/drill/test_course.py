"""The course of a drill over the mock broker: what succeeds, what stops it, and that no silence counts as an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from phoenix.adapters.brokers.chaos_mock import broker as mock
from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.configured import ChaosMockOptions
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode, ChaosProfile
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.encoding import Json
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import AccountMode, PositionState
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_facts import ContractDetails, Quote
from phoenix.ports.errors import BrokerUnavailable, ExecutorRunning
from phoenix.runtime.desk import Desk
from phoenix.runtime.drill import Drilled, DrillPlan, Step, Verdict, drill, plan_of, trading
from phoenix.runtime.drill.steps import LOOKING, TRADING, StepName
from phoenix.runtime.home import Home
from phoenix.runtime.readings.reviews import Review
from phoenix.runtime.saying import silently
from tests.runtime.processes import serving
from tests.runtime.rebinding import rebound
from tests.runtime.trading import TRADER

OK, FAILED, UNKNOWN, NOT_DONE = Verdict
AFTER_THE_GATE = TRADING[1:]


class Hand:
    """Approves the first so many reviews, and remembers what was shown."""

    signer = TRADER

    def __init__(self, approves: int = 2) -> None:
        self.approves = approves
        self.shown: list[Review] = []

    def show(self, review: Review, quote: Quote | None) -> None:
        assert quote is not None
        self.shown.append(review)

    async def proof(self, review: Review, limit_s: float) -> Json:
        assert limit_s > 0
        return {"kind": "SIMULATED"} if len(self.shown) <= self.approves else None


def plan(home: Home, wait: str = "5", *, until_target: bool = False) -> DrillPlan:
    return plan_of(home.settings, None, None, Decimal(0), Decimal(wait), until_target=until_target)


def drilled(home: Home, hand: Hand | None = None, wait: str = "5", *, until_target: bool = False) -> Drilled:
    told: list[Step] = []
    done = drill(home, plan(home, wait, until_target=until_target), hand or Hand(), told.append, silently)
    assert tuple(told) == done.steps
    assert [step.name for step in done.steps] == list(StepName)
    return done


def verdicts(done: Drilled) -> Mapping[StepName, Verdict]:
    return {step.name: step.result.verdict for step in done.steps}


def step(done: Drilled, name: StepName) -> Step:
    return next(step for step in done.steps if step.name is name)


def position(done: Drilled) -> Position:
    assert done.position is not None
    return done.position


def orders(home: Home) -> int:
    with Desk(home) as desk:
        return len(list(desk.store.read_of({BeadType.ORDER})))


def stays(home: Home, done: Drilled) -> str:
    """How a drill left the record: the state of its position; the history is clean whatever happened."""
    assert step(done, StepName.RECORD).result.verdict is OK, step(done, StepName.RECORD)
    with Desk(home) as desk:
        return str(desk.read.position(position(done).position_id).state)


def test_a_whole_drill_goes_in_and_out_and_leaves_a_clean_history(home: Home) -> None:
    hand = Hand()
    done = drilled(home, hand)
    assert set(verdicts(done).values()) == {OK}, done
    assert stays(home, done) == PositionState.CLOSED
    assert [review.kind.value for review in hand.shown] == ["ENTRY", "EXIT"]
    assert position(done).terms.quantity == Decimal(1000)
    assert step(done, StepName.GATE).result.figures["token_id"]
    assert step(done, StepName.EXIT).result.figures["exit_reason"] == "MANUAL"


def test_a_second_drill_finds_the_strategy_registered_and_is_a_duplicate_like_any_other(home: Home) -> None:
    assert set(verdicts(drilled(home)).values()) == {OK}
    found = step(drilled(home), StepName.GATE).result
    assert found.figures["reason"] == "RISK_LIMIT"
    with (home.directory / "phoenix.toml").open("a") as file:
        file.write('\n[limits]\nduplicate_window_s = "none"\n')
    assert set(verdicts(drilled(Home.open(home.directory))).values()) == {OK}


def test_a_grid_that_contradicts_the_brokers_fails_and_nothing_is_sent(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def contract(_: ChaosMockBroker, pair: str) -> Answer[ContractDetails]:
        known = ContractDetails(pair, Decimal("0.0001"), Decimal(20_000), Decimal(1), "USD")
        return Complete(known, datetime.now(UTC))

    monkeypatch.setattr(ChaosMockBroker, "contract", contract)
    done = drilled(home)
    found = step(done, StepName.CONTRACT).result
    assert found.verdict is FAILED
    assert "tick 0.00005 does not lie on the broker's 0.0001" in found.answered
    assert "min_size 1000 is below the broker's 20000" in found.answered
    assert {verdicts(done)[name] for name in TRADING} == {NOT_DONE}
    assert (done.position, orders(home)) == (None, 0)


def test_an_unknown_answer_is_unknown_and_never_zero(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_: ChaosMockBroker) -> Answer[tuple[object, ...]]:
        return Unknown("the query timed out")

    monkeypatch.setattr(ChaosMockBroker, "completed_orders", nothing)
    done = drilled(home, wait="0.2")
    found = step(done, StepName.BOOKS).result
    assert (found.verdict, found.answered) == (UNKNOWN, "completed orders: the query timed out")
    assert verdicts(done)[StepName.GATE] is NOT_DONE
    assert orders(home) == 0


def test_without_a_session_nothing_else_is_asked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(_: ChaosMockBroker) -> None:
        raise BrokerUnavailable("connection refused at 127.0.0.1")

    monkeypatch.setattr(ChaosMockBroker, "connect", connect)
    done = drilled(home)
    assert "connection refused at 127.0.0.1" in step(done, StepName.CONNECT).result.answered
    assert {verdicts(done)[name] for name in (*LOOKING[1:], *TRADING, StepName.RECONCILED)} == {NOT_DONE}


def test_a_fill_that_does_not_come_is_unknown_and_the_way_out_is_to_cancel(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: ChaosMockOptions) -> ChaosProfile:
        return replace(PROFILES[ChaosMode.INSTANT], fill_probability=0.0)

    monkeypatch.setattr(ChaosMockOptions, "profile", never)
    done = drilled(home, wait="0.3")
    assert verdicts(done)[StepName.ACKNOWLEDGED] is OK
    assert step(done, StepName.FILLED).result.verdict is UNKNOWN
    assert step(done, StepName.FILLED).result.figures["filled"] == "0"
    assert {verdicts(done)[name] for name in TRADING[3:]} == {NOT_DONE}
    assert verdicts(done)[StepName.RECONCILED] is OK
    assert stays(home, done) == PositionState.SUBMITTED


def test_an_exit_that_nobody_approves_leaves_an_ordinary_position(home: Home) -> None:
    done = drilled(home, Hand(approves=1))
    assert (verdicts(done)[StepName.EXIT], verdicts(done)[StepName.CLOSED]) == (NOT_DONE, NOT_DONE)
    assert stays(home, done) == PositionState.MANAGED
    with Desk(home) as desk:
        assert desk.read.pending() == []


def test_an_entry_that_nobody_approves_is_dropped(home: Home) -> None:
    done = drilled(home, Hand(approves=0))
    assert {verdicts(done)[name] for name in TRADING} == {NOT_DONE}
    assert stays(home, done) == PositionState.CANCELLED
    assert orders(home) == 0


def test_a_kill_flag_refuses_the_entry_with_its_reason(home: Home) -> None:
    with Desk(home) as desk:
        desk.set_kill(None, "the desk is closed", signer=TRADER)
    done = drilled(home)
    found = step(done, StepName.GATE).result
    assert found.verdict is FAILED
    assert found.figures["reason"] == "KILL_FLAG"
    assert "the desk is closed" in found.answered
    assert {verdicts(done)[name] for name in AFTER_THE_GATE} == {NOT_DONE}
    assert orders(home) == 0


def test_a_kill_flag_behind_the_proposal_refuses_the_approval_and_nothing_waits(home: Home) -> None:
    class Halting(Hand):
        async def proof(self, review: Review, limit_s: float) -> Json:
            with Desk(home) as desk:
                desk.set_kill(None, "on second thoughts", signer=TRADER)
            return await super().proof(review, limit_s)

    done = drilled(home, Halting())
    assert step(done, StepName.GATE).result.verdict is FAILED
    assert orders(home) == 0
    with Desk(home) as desk:
        assert desk.read.pending() == []


def test_on_a_paper_account_it_ends_with_the_review_and_leaves_nothing_waiting(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mock, "AccountMode", SimpleNamespace(SIMULATOR=AccountMode.PAPER))
    paper, hand = rebound(home, AccountMode.PAPER), Hand()
    done = drilled(paper, hand)
    assert {verdicts(done)[name] for name in LOOKING} == {OK}, done
    assert {verdicts(done)[name] for name in list(StepName)[6:]} == {NOT_DONE}
    assert "passkey" in step(done, StepName.GATE).result.answered
    assert [review.kind.value for review in hand.shown] == ["ENTRY"]
    assert position(done).state is PositionState.CANCELLED
    assert orders(paper) == 0


def test_the_target_is_waited_for_on_request(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home.directory / "phoenix.toml"
    text = file.read_text().replace('step = "0.00005"', 'step = "0.00200"').replace("interval_s = 5", "interval_s = 1")
    file.write_text(text.replace("seed = 1", "seed = 565"))
    done = drilled(Home.open(home.directory), until_target=True)
    assert set(verdicts(done).values()) == {OK}, done
    assert step(done, StepName.EXIT).result.figures["exit_reason"] == "TAKE_PROFIT"


def test_a_target_that_is_not_hit_in_time_is_unknown(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trading, "TARGET_LIMIT_S", 0.2)
    done = drilled(home, wait="0.2", until_target=True)
    assert (verdicts(done)[StepName.EXIT], verdicts(done)[StepName.CLOSED]) == (UNKNOWN, NOT_DONE)
    assert stays(home, done) == PositionState.MANAGED


def test_beside_another_executor_nothing_is_done_and_the_remedy_is_named(home: Home) -> None:
    with serving(home), pytest.raises(ExecutorRunning, match="end phoenix serve, drill"):
        drilled(home)
