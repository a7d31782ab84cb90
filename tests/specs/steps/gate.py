"""Steps about the human gate: who decides, on what, how it is proven, and what opens the connector."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.store.memory import MemoryStore
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.order_plan import OrderPlan, bracket_plan
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.state import State
from phoenix.domain.vocabulary import AccountMode, DecisionKind, OrderEvent
from phoenix.ports.claims import Claim, ClaimOffice
from phoenix.ports.errors import ClaimRefused
from phoenix.ports.store import BeadStore, Fold
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.world import APPROVERS, ASSISTANT, TRADER, make_policy
from phoenix.testing.scene import Scene
from tests.specs.steps.others import ClaimKeeper

GROUP_ID = "00000000-0000-4000-8000-0000000000aa"


# --- Given ----------------------------------------------------------------------------------------------------------


@given("a paper account")
def paper_account(scene: Scene) -> None:
    scene.prepare(policy=make_policy(account=AccountPolicy("DU0001", AccountMode.PAPER, "USD")))


@given("every claim is kept")
def claims_kept(scene: Scene) -> None:
    def create(fold: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        scene.notes["keeper"] = ClaimKeeper(office)
        return MemoryStore(fold, scene.notes["keeper"])

    scene.prepare(store_factory=create)


@given("the trader passed on the proposal")
def trader_passed(scene: Scene) -> None:
    scene.world.decide(DecisionKind.PASS, scene.intent(), reason="not today")


@given("the trader approved it in another process")
def approved_elsewhere(scene: Scene) -> None:
    shown = scene.world.evidence_hash(scene.intent())
    proof = {"kind": "SIMULATED"}
    decision = DecisionPayload("decided-elsewhere", DecisionKind.APPROVE, scene.intent(), shown, None, {}, proof)
    append_as_another_process(scene.world, decision, TRADER)


# --- When -----------------------------------------------------------------------------------------------------------


@when("the executor catches up")
def catches_up(scene: Scene) -> None:
    run_now(scene.world.executor.catch_up())


@when(parsers.re(r"(?P<somebody>an assistant|a program|a human without a name) approves the proposal"))
def somebody_approves(scene: Scene, somebody: str) -> None:
    scene.approve(signer=APPROVERS[somebody])


@when("an assistant recommends the proposal")
def assistant_recommends(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.RECOMMEND, scene.intent(), signer=ASSISTANT))


@when("an assistant passes on the proposal")
def assistant_passes(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.PASS, scene.intent(), signer=ASSISTANT))


@when("an assistant withdraws the approval")
def assistant_withdraws(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.WITHDRAW, scene.intent(), signer=ASSISTANT))


@when("the trader approves other evidence than is shown")
def approves_other_evidence(scene: Scene) -> None:
    scene.approve(evidence_hash="0" * 64)


@when("the trader approves the proposal without proof")
def approves_without_proof(scene: Scene) -> None:
    scene.approve(proof="")


@when("the trader approves the proposal by typing")
def approves_by_typing(scene: Scene) -> None:
    scene.approve(proof="TYPED")


@when("a program approves the proposal as its trader, with a passkey that nobody verified")
def approves_by_mere_word(scene: Scene) -> None:
    scene.approve(proof="PASSKEY")


@when(parsers.parse("its order is handed to the connector with {claim}"))
def handed_to_connector(scene: Scene, claim: str) -> None:
    plan, shown = _CLAIMS[claim](scene)
    scene.attempt(lambda: run_now(scene.world.broker.submit(plan, shown)))


def _planned(scene: Scene) -> OrderPlan:
    """The order as Phoenix would send it."""
    return bracket_plan(scene.position().terms, GROUP_ID, scene.world.state.next_session_order_id)


def _claim_for(scene: Scene, plan: OrderPlan) -> Claim:
    return Claim("token-1", scene.intent(), plan.order_group_id, plan.order_hash(), 1)


def _no_claim(scene: Scene) -> tuple[OrderPlan, Claim | None]:
    return _planned(scene), None


def _invented(scene: Scene) -> tuple[OrderPlan, Claim | None]:
    plan = _planned(scene)
    return plan, _claim_for(scene, plan)


def _copied(scene: Scene) -> tuple[OrderPlan, Claim | None]:
    plan = _planned(scene)
    return plan, replace(scene.world.container.office().issue(_claim_for(scene, plan)))


def _for_smaller_order(scene: Scene) -> tuple[OrderPlan, Claim | None]:
    smaller = bracket_plan(replace(scene.position().terms, quantity=Decimal(1000)), GROUP_ID, 1)
    return _planned(scene), scene.world.container.office().issue(_claim_for(scene, smaller))


def _used(scene: Scene) -> tuple[OrderPlan, Claim | None]:
    sent = next(o for o in scene.world.payloads(OrderPayload) if o.event is OrderEvent.PREPARED)
    assert sent.plan is not None
    return sent.plan, scene.notes["keeper"].kept[0]


_CLAIMS = {
    "no claim": _no_claim,
    "an invented claim": _invented,
    "a copy of a claim": _copied,
    "a claim for a smaller order": _for_smaller_order,
    "the claim it was sent with": _used,
}


# --- Then -----------------------------------------------------------------------------------------------------------


@then("the connector refuses it")
def connector_refuses(scene: Scene) -> None:
    refusal = scene.take_refusal()
    assert isinstance(refusal, ClaimRefused), repr(refusal)
