"""Steps about strategies on their way to LIVE: shadow performance, the checklist, the ceremony, two at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Which
from phoenix.application.inputs import Submit
from phoenix.application.simulation import run_now
from phoenix.application.work import IssuedToken
from phoenix.container import Container
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.operations import PromotionPayload, SessionPayload, StrategyPayload
from phoenix.domain.beads.safety import DriftPayload, ReconciliationRunPayload, ResolutionPayload
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload, RefusalPayload
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.vocabulary import (
    AccountMode,
    DecisionKind,
    DriftOrigin,
    DriftType,
    IntentKind,
    LegRole,
    MarketRegime,
    ReconciliationVerdict,
    Resolution,
    SessionEvent,
    Severity,
    StrategyMode,
)
from phoenix.ports.errors import StoreConflict
from phoenix.ports.store import Committed
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.performance import EQUITY, autopsy, month, performance, session
from phoenix.rehearsal.signals import signal_document
from phoenix.rehearsal.world import APPROVERS, ASSISTANT, OPERATOR, TRADER, make_policy
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.context import signal
from tests.specs.steps.others import at_the_same_moment
from tests.specs.steps.signals import leave_in_inbox
from tests.specs.steps.tokens import story

STRATEGY = "fvg-retest"
LIVE = AccountPolicy("U0001", AccountMode.LIVE, "USD", allow_live=True)


def record(scene: Scene, detail: dict[str, Any], strategy_id: str = STRATEGY) -> None:
    """Import performance as an act that may be refused."""
    scene.attempt(
        lambda: scene.world.decide(DecisionKind.IMPORT_PERFORMANCE, strategy_id, signer=OPERATOR, detail=detail)
    )


def ask(scene: Scene, strategy_id: str = STRATEGY, **changes: Any) -> None:
    """Ask for a promotion as an act that may be refused; its intent is remembered."""
    intent_id = scene.attempt(lambda: scene.world.decide(DecisionKind.PROMOTE, strategy_id, **changes))
    if intent_id is not None:
        scene.notes.setdefault("promotions", []).append(str(intent_id))


def intent(scene: Scene, index: int = -1) -> str:
    promotions: list[str] = scene.notes["promotions"]
    return promotions[index]


def approve(scene: Scene, index: int = -1, **changes: Any) -> None:
    token = scene.attempt(lambda: scene.world.approve(intent(scene, index), **changes))
    if isinstance(token, IssuedToken):
        scene.tokens.append(token)


def mode_of(scene: Scene, strategy_id: str = STRATEGY) -> StrategyMode:
    return scene.world.state.strategies[strategy_id].mode


# --- Given: what was recorded ---------------------------------------------------------------------------------------


@given("a live account and the strategy fvg-retest")
def live_account(scene: Scene) -> None:
    scene.prepare(policy=make_policy(account=LIVE))
    scene.strategies.append(STRATEGY)


@given("the account is a live one from now on")
def live_from_now_on(scene: Scene) -> None:
    """The rules of a live account over a simulator's beads: no human can be proven there without a console."""
    kernel = scene.world.container.kernel()
    kernel.policy = replace(kernel.policy, account=LIVE)


@given("complete shadow evidence")
def complete_evidence(scene: Scene) -> None:
    record(scene, month())
    scene.require_nothing_refused()


@given("complete shadow evidence of breakout")
def complete_evidence_of_breakout(scene: Scene) -> None:
    changed = month("breakout")
    for one in changed["autopsies"]:
        one["position_id"] = f"{one['position_id']}-breakout"
    record(scene, changed, "breakout")
    scene.require_nothing_refused()


@given(phrase("shadow evidence of {count:d} sessions"))
def evidence_of_sessions(scene: Scene, count: int) -> None:
    record(scene, month(sessions=count))
    scene.require_nothing_refused()


@given(parsers.re(r"shadow evidence whose sessions are all (?P<regime>TREND|RANGE|UNKNOWN)"))
def evidence_of_one_regime(scene: Scene, regime: str) -> None:
    sessions = [session(number, market_regime=MarketRegime(regime)) for number in range(20)]
    record(scene, performance(sessions, [autopsy(number) for number in range(20)]))
    scene.require_nothing_refused()


@given(phrase("shadow evidence in which {count:d} trades were not examined"))
def evidence_without_autopsies(scene: Scene, count: int) -> None:
    sessions = [session(number) for number in range(20)]
    record(scene, performance(sessions, [autopsy(number) for number in range(20 - count)]))
    scene.require_nothing_refused()


@given("shadow evidence of 20 sessions without a trade")
def evidence_without_trades(scene: Scene) -> None:
    record(scene, performance([session(n, trades=0, pnl=session(0).pnl * 0, equity=EQUITY) for n in range(20)]))
    scene.require_nothing_refused()


@given("one more session was recorded")
@when("one more session is recorded")
def one_more_session(scene: Scene) -> None:
    recorded = len(scene.world.state.shadow[STRATEGY].sessions)
    record(scene, month(sessions=1, first=recorded))
    scene.require_nothing_refused()


@given("an unresolved drift in EURUSD")
def unresolved_drift(scene: Scene) -> None:
    append_as_another_process(
        scene.world,
        DriftPayload(
            DriftType.POSITION_SIZE, "EURUSD", {"net": "0"}, {"net": "1000"}, DriftOrigin.EXTERNAL, Severity.CRITICAL
        ),
    )
    scene.notes["drift"] = scene.world.beads[-1].bead_id


@given("the drift was resolved")
def drift_resolved(scene: Scene) -> None:
    payload = ResolutionPayload(scene.notes["drift"], Resolution.ACKNOWLEDGED, OPERATOR.identity, "known")
    append_as_another_process(scene.world, payload, OPERATOR)


@given("the books are not compared")
def books_not_compared(scene: Scene) -> None:
    lost = SessionPayload(SessionEvent.RECOVERY_INCOMPLETE, "", None, None, None, "the executions were not complete")
    append_as_another_process(scene.world, lost)


@given("an entry whose order nobody answers for")
def unanswered_entry(scene: Scene) -> None:
    scene.world.inject(faults.unheard(Which(role=LegRole.ENTRY)))
    signal(scene)
    scene.approve()
    scene.require_nothing_refused()
    scene.is_settled = False


@given("a signal that waits on record")
def waits_on_record(scene: Scene) -> None:
    leave_in_inbox(scene, signal_document(at=scene.world.now))


@given("the last comparison of the books came to nothing")
def comparison_unknown(scene: Scene) -> None:
    unknown = ReconciliationRunPayload("SCHEDULE", ReconciliationVerdict.UNKNOWN, 0, "the holdings timed out")
    append_as_another_process(scene.world, unknown)


@given("a difference in EURUSD that is settling")
def settling(scene: Scene) -> None:
    difference = Mismatch(
        "net:EURUSD", DriftType.POSITION_SIZE, "EURUSD", {"net": "0"}, {"net": "1000"}, DriftOrigin.EXTERNAL,
        Severity.CRITICAL, scene.world.now,
    )  # fmt: skip
    run = ReconciliationRunPayload("DEMAND", ReconciliationVerdict.SETTLING, 1, "", mismatches=(difference,))
    append_as_another_process(scene.world, run)


@given("promotion is not configured")
def not_configured(scene: Scene) -> None:
    scene.prepare(policy=make_policy(promotion=None))


@given("the trader asked for the promotion")
@when("the trader asks for the promotion")
def trader_asks(scene: Scene) -> None:
    ask(scene, reason="a month without surprises")


@given("the trader asked for the promotion of breakout")
def trader_asked_for_breakout(scene: Scene) -> None:
    ask(scene, "breakout")
    scene.require_nothing_refused()


@given("another trader asked for the promotion too")
def another_asked(scene: Scene) -> None:
    ask(scene, signer=OPERATOR)
    scene.require_nothing_refused()


@given("the trader approved the promotion without carrying it out")
def approved_only(scene: Scene) -> None:
    approve(scene, submit=False)
    scene.require_nothing_refused()


@given("the trader approved the promotion")
@when("the trader approves the promotion")
def trader_approves_promotion(scene: Scene) -> None:
    approve(scene)


@given("the strategy was promoted")
def was_promoted(scene: Scene) -> None:
    complete_evidence(scene)
    ask(scene)
    scene.require_nothing_refused()
    approve(scene)
    scene.require_nothing_refused()


# --- When -----------------------------------------------------------------------------------------------------------


@when("the trader asks for the promotion of an unknown strategy")
def asks_for_unknown(scene: Scene) -> None:
    ask(scene, "nobody-knows-it")


@when(parsers.re(r"(?P<somebody>an assistant|a program|a human without a name) asks for the promotion"))
def somebody_asks(scene: Scene, somebody: str) -> None:
    ask(scene, signer=APPROVERS[somebody])


@when(parsers.re(r"(?P<somebody>an assistant|a program|a human without a name) approves the promotion"))
def somebody_approves_promotion(scene: Scene, somebody: str) -> None:
    approve(scene, signer=APPROVERS[somebody])


@when("the trader approves the promotion without proof")
def approves_without_proof(scene: Scene) -> None:
    approve(scene, proof="")


@when("the trader approves the promotion by typing")
def approves_by_typing(scene: Scene) -> None:
    approve(scene, proof="TYPED")


@when("the trader approves other evidence than the promotion shows")
def approves_other_evidence(scene: Scene) -> None:
    approve(scene, evidence_hash="0" * 64)


@when("the trader approves the other promotion")
def approves_other(scene: Scene) -> None:
    approve(scene, 0, evidence_hash=_shown(scene, intent(scene, 0)))


@given("the trader passed on the promotion")
@when("the trader passes on the promotion")
def passes(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.PASS, intent(scene), reason="not this one"))


@when("an assistant passes on the promotion")
def assistant_passes(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.PASS, intent(scene), signer=ASSISTANT))


@when("the trader withdraws the approval of the promotion")
def withdraws(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.WITHDRAW, intent(scene), reason="changed my mind"))


@when("the promotion is carried out")
def carried_out(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.submit(intent(scene)))


@when("the promotion is carried out without a token")
def carried_out_without(scene: Scene) -> None:
    scene.attempt(lambda: run_now(scene.world.executor.submit_with(intent(scene), "", "")))


@when("its token is shown once more")
def shown_once_more(scene: Scene) -> None:
    token = scene.tokens[-1]
    scene.attempt(lambda: run_now(scene.world.executor.submit_with(intent(scene), token.token_id, token.secret)))


@when("its token is shown with a guessed secret")
def shown_with_guess(scene: Scene) -> None:
    token = scene.tokens[-1]
    scene.attempt(lambda: run_now(scene.world.executor.submit_with(intent(scene), token.token_id, "0" * 64)))


@when("the token of the entry is shown for the promotion")
def entry_token_shown(scene: Scene) -> None:
    token = scene.tokens[0]
    scene.attempt(lambda: run_now(scene.world.executor.submit_with(intent(scene), token.token_id, token.secret)))


@when(phrase("the promotion is approved and carried out {time:Minutes} minutes later"))
def carried_out_later(scene: Scene, time: timedelta) -> None:
    approve(scene, submit=False)
    scene.world.clock.advance_to(scene.world.now + time)
    carried_out(scene)


@when("both executors carry out a promotion of it at the same moment")
def both_carry_out(scene: Scene) -> None:
    approve(scene, 0, submit=False)
    approve(scene, 1, submit=False)
    scene.require_nothing_refused()
    containers = [scene.world.container, scene.notes["other"]]
    acts = [_carrying_out(container, token) for container, token in zip(containers, scene.tokens[-2:], strict=True)]
    scene.notes["outcomes"] = at_the_same_moment(acts)


def _carrying_out(container: Container, token: IssuedToken) -> Callable[[], object]:
    """The writing of what an executor would write on what it sees now."""
    facts = run_now(container.facts().read(()))
    submit = Submit(token.intent_id, token.token_id, token.secret, facts)
    store = container.store()
    proposal = container.kernel().step(store.view(), submit, container.clock().now(), container.ids())
    assert proposal.result.error is None, proposal.result.error
    return lambda: store.transact(lambda _: proposal)


@when("the same performance is imported again")
def imported_again(scene: Scene) -> None:
    record(scene, month())


@when("a session on record is imported with another result")
def imported_otherwise(scene: Scene) -> None:
    record(scene, performance([session(0, pnl=session(0).pnl + 1)]))


@when("the trader proposes the signal from before the promotion again")
def proposes_old_signal(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.REPROPOSE, scene.proposals[0].signal_id))


# --- Then -----------------------------------------------------------------------------------------------------------


@then(parsers.re(r"the strategy is (?P<mode>SHADOW|LIVE)"))
def strategy_is(scene: Scene, mode: str) -> None:
    assert mode_of(scene).value == mode


@then("breakout is LIVE too")
def breakout_is_live(scene: Scene) -> None:
    assert mode_of(scene, "breakout") is StrategyMode.LIVE


@then(parsers.re(r"it lists what is missing: (?P<names>.+)"))
def lists_missing(scene: Scene, names: str) -> None:
    detail = scene.world.payloads(RefusalPayload)[-1].detail
    listed = [part.split(":")[0] for part in detail.split("; ") if ":" in part and part.split(":")[0].isupper()]
    assert [name for name in listed if name.replace("_", "").isalpha()] == names.split(", "), detail


@then(parsers.re(r"the refusal cites (?P<words>.+)"))
def refusal_cites(scene: Scene, words: str) -> None:
    cited = scene.notes["flag"] if words == "the kill flag" else words
    assert cited in scene.world.payloads(RefusalPayload)[-1].detail, scene.world.payloads(RefusalPayload)[-1]


@then("no promotion was proposed")
def nothing_proposed(scene: Scene) -> None:
    assert not [one for one in scene.world.payloads(IntentPayload) if one.kind is IntentKind.PROMOTE]


@then(phrase("the promotion beads of the strategy read {events}"))
def promotion_beads_read(scene: Scene, events: str) -> None:
    found = [one.event.value for one in scene.world.payloads(PromotionPayload) if one.strategy_id == STRATEGY]
    assert ", ".join(found) == events


@then(phrase("the token beads of the promotion read {stories}"))
def promotion_tokens_read(scene: Scene, stories: str) -> None:
    assert ", ".join(story(token) for token in scene.world.tokens(intent(scene))) == stories


@then("its evidence holds the whole checklist, every session and the last PERFORMANCE bead")
def evidence_holds(scene: Scene) -> None:
    bundle = scene.world.payloads(EvidencePayload)[-1].bundle
    assert isinstance(bundle, dict)
    shadow = scene.world.state.shadow[STRATEGY]
    assert bundle["complete"] is True
    assert len(bundle["checklist"]) == 11
    assert len(bundle["sessions"]) == len(shadow.sessions)
    assert bundle["performance_bead_id"] == shadow.last_bead_id


@then("the promotion names the trader, the intent and the evidence they saw")
def promotion_names(scene: Scene) -> None:
    (promoted,) = scene.world.payloads(PromotionPayload)
    shown = next(one for one in scene.world.payloads(EvidencePayload) if one.intent_id == intent(scene))
    assert (promoted.approver, promoted.intent_id) == (TRADER.identity, intent(scene))
    assert promoted.evidence_hash == shown.bundle_hash
    live = scene.world.payloads(StrategyPayload)[-1]
    assert (live.mode, live.promotion_intent_id) == (StrategyMode.LIVE, intent(scene))


@then("one of them succeeds, and the database refuses the other")
def one_succeeds(scene: Scene) -> None:
    outcomes = scene.notes["outcomes"]
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 1, outcomes
    (conflict,) = [outcome for outcome in outcomes if isinstance(outcome, StoreConflict)]
    assert conflict.kind in ("promotion", "promotion_end", "token_end"), conflict


@then("no live token is left")
def no_live_token(scene: Scene) -> None:
    assert not scene.world.state.tokens
    issued = {token.token_id for token in scene.world.payloads(TokenPayload)}
    assert issued


def _shown(scene: Scene, intent_id: str) -> str | None:
    shown = [one for one in scene.world.payloads(EvidencePayload) if one.intent_id == intent_id]
    return shown[-1].bundle_hash if shown else None
