"""Steps about signals and the context they were made in: age, regime, components, refreshing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.application.simulation import run_now
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.safety import DecayPayload, KillFlagPayload
from phoenix.domain.beads.setup import ConflictPayload, EvidencePayload
from phoenix.domain.vocabulary import DecisionKind, KillEvent, KillSource, Regime
from phoenix.rehearsal.other_process import append_as_another_process, title
from phoenix.rehearsal.world import OPERATOR
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.kills import lift, set_flag

SAME = {"strategy_params": "params-1", "market_snapshot": "market-1"}


def signal(scene: Scene, *, age: timedelta = timedelta(0), **changes: Any) -> None:
    """A signal of now whose context was captured a while ago."""
    scene.signalled(scene.world.signal(captured_at=scene.world.now - age, **changes))


def register(
    scene: Scene, *, age: timedelta = timedelta(0), strategy_id: str = "fvg-retest", **components: str
) -> None:
    """Register a context, as an act that may be refused."""
    anchor = Anchor(scene.world.now - age, Regime.NORMAL, **{**SAME, **components})
    executor = scene.world.executor
    scene.attempt(lambda: run_now(executor.register_anchor(strategy_id, "GBPUSD", anchor, OPERATOR)))


def refresh(scene: Scene, index: int = -1) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.REFRESH, scene.intent(index)))


# --- signals --------------------------------------------------------------------------------------------------------


@when("a signal to buy GBPUSD arrives")
def signal_arrives(scene: Scene) -> None:
    signal(scene)


@when("a signal of breakout to buy GBPUSD arrives")
def signal_of_breakout(scene: Scene) -> None:
    signal(scene, strategy_id="breakout")


@when(phrase("a signal arrives in {regime:Word} with a context that is {age:Minutes} minutes old"))
def signal_with_context(scene: Scene, regime: str, age: timedelta) -> None:
    signal(scene, regime=regime, age=age)


@given(phrase("a proposal in {regime:Word}"))
def proposal_in(scene: Scene, regime: str) -> None:
    signal(scene, regime=regime)
    scene.require_nothing_refused()


@given("another proposal on a new market snapshot")
def proposal_on_new_snapshot(scene: Scene) -> None:
    signal(scene, market_snapshot="market-2")
    scene.require_nothing_refused()


@given(phrase("an approved entry in {regime:Word} with a context that was {age:Minutes} minutes old"))
def approved_in(scene: Scene, regime: str, age: timedelta) -> None:
    signal(scene, regime=regime, age=age)
    scene.approve(submit=False)
    scene.require_nothing_refused()


# --- what changes ---------------------------------------------------------------------------------------------------


@given("the market snapshot changed")
def snapshot_changed(scene: Scene) -> None:
    register(scene, market_snapshot="market-2")


@given("the strategy's parameters changed")
def parameters_changed(scene: Scene) -> None:
    register(scene, strategy_params="params-2")


@given("both the parameters and the market changed")
def both_changed(scene: Scene) -> None:
    register(scene, strategy_params="params-2", market_snapshot="market-2")


@given("a kill flag came and went, so that flags changed")
def flags_changed(scene: Scene) -> None:
    set_flag(scene, None)
    lift(scene)


@given("the decay of the strategy changed")
def strategy_decayed(scene: Scene) -> None:
    append_as_another_process(scene.world, DecayPayload("fvg-retest", Decimal("0.4"), "win rate fell"))


@given("the decay of all strategies changed")
def all_decayed(scene: Scene) -> None:
    append_as_another_process(scene.world, DecayPayload(None, Decimal("0.4"), "win rate fell"))


@given("the same context was captured anew")
def captured_anew(scene: Scene) -> None:
    register(scene)


@given("the context of breakout changed")
def other_context_changed(scene: Scene) -> None:
    register(scene, strategy_id="breakout", market_snapshot="market-2")


@when(phrase("a context that was captured {age:Minutes} minutes ago is registered"))
def older_registered(scene: Scene, age: timedelta) -> None:
    register(scene, age=age, market_snapshot="market-0")


@when(phrase("a context that will be captured in {ahead:Minutes} minutes is registered"))
def future_registered(scene: Scene, ahead: timedelta) -> None:
    register(scene, age=-ahead, market_snapshot="market-2")


# --- what people do -------------------------------------------------------------------------------------------------


@given("the trader refreshed the proposal")
@when("the trader refreshes the proposal")
def refreshes(scene: Scene) -> None:
    refresh(scene)


@given("the trader refreshed both proposals")
def refreshed_both(scene: Scene) -> None:
    refresh(scene, 0)
    refresh(scene, 1)


@when("the trader proposes the signal again")
def proposes_again(scene: Scene) -> None:
    signal_id = scene.proposals[-1].signal_id
    scene.attempt(lambda: scene.world.decide(DecisionKind.REPROPOSE, signal_id))


@given("the trader is looking at its evidence")
def looking_at(scene: Scene) -> None:
    scene.notes["seen"] = scene.world.evidence_hash(scene.intent())


@when("the trader approves what they were looking at")
def approves_what_was_seen(scene: Scene) -> None:
    scene.approve(evidence_hash=scene.notes["seen"])


@given("the trader's approval was refused")
def approval_was_refused(scene: Scene) -> None:
    scene.approve()
    scene.take_refused()


# --- Then -----------------------------------------------------------------------------------------------------------


@then(phrase("a conflict at {phase:Word} is recorded over an age of {age:Minutes} minutes"))
def conflict_recorded(scene: Scene, phase: str, age: timedelta) -> None:
    conflict = scene.world.payloads(ConflictPayload)[-1]
    assert (conflict.phase, conflict.stale, conflict.changed) == (phase, True, ()), conflict
    assert conflict.age_s == Decimal(age // timedelta(microseconds=1)) / 1_000_000, conflict


@then(parsers.re(r"the conflict names (?P<components>[a-z_, ]+)"))
def conflict_names(scene: Scene, components: str) -> None:
    conflict = scene.world.payloads(ConflictPayload)[-1]
    assert (", ".join(conflict.changed), conflict.stale, conflict.kill_flag_id) == (components, False, None), conflict


@then(phrase("{count:d} kill flag is set on {strategy_id} for {life:Minutes} minutes"))
@then(phrase("{count:d} kill flags are set on {strategy_id} for {life:Minutes} minutes"))
def temporary_flags(scene: Scene, count: int, strategy_id: str, life: timedelta) -> None:
    flags = [(bead, bead.payload) for bead in scene.world.beads if isinstance(bead.payload, KillFlagPayload)]
    found = [(bead, flag) for bead, flag in flags if flag.event is KillEvent.SET]
    assert len(found) == count, found
    for bead, flag in found:
        assert (flag.strategy_id, flag.source) == (strategy_id, KillSource.SYSTEM), flag
        assert flag.expires_at == bead.timestamp + life, flag


@then("no temporary kill flag is set")
def no_temporary_flag(scene: Scene) -> None:
    assert not [flag for flag in scene.world.payloads(KillFlagPayload) if flag.source is KillSource.SYSTEM]


@then(phrase("the last beads are {titles}"))
def last_beads(scene: Scene, titles: str) -> None:
    wanted = titles.split(", ")
    assert [title(bead.payload) for bead in scene.world.beads][-len(wanted) :] == wanted


@then(phrase("the evidence says that it goes stale {left:Minutes} minutes from now"))
def evidence_says_stale_at(scene: Scene, left: timedelta) -> None:
    evidence = scene.world.payloads(EvidencePayload)[-1]
    assert evidence.stale_at == scene.world.now + left
    assert isinstance(evidence.bundle, dict)
    anchor = evidence.bundle["anchor"]
    assert isinstance(anchor, dict)
    assert anchor["stale_at"] == (scene.world.now + left).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
