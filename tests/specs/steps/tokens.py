"""Steps about T2 tokens: showing them again, elsewhere, altered, late, twice at once."""

from __future__ import annotations

from datetime import timedelta

from pytest_bdd import given, then, when

from phoenix.adapters.simulation.faults import Which, reject
from phoenix.application.simulation import run_now
from phoenix.application.work import IssuedToken
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.setup import EvidencePayload
from phoenix.domain.vocabulary import DecisionKind, LegRole, TokenEvent
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import approved_proposal, phrase, proposal
from tests.specs.steps.others import ForgetfulStore

UNKNOWN_TOKEN_ID = "00000000-0000-4000-8000-00000000dead"


def show(scene: Scene, token: IssuedToken, intent_id: str, *, secret: str | None = None) -> None:
    """Show a token to the executor, for whatever it was or was not issued for."""
    shown = token.secret if secret is None else secret
    scene.attempt(lambda: run_now(scene.world.executor.submit_with(intent_id, token.token_id, shown)))


def token_of(scene: Scene, index: int) -> IssuedToken:
    """The latest token that was issued for a proposal."""
    return next(token for token in reversed(scene.tokens) if token.intent_id == scene.intent(index))


def story(token: TokenPayload) -> str:
    """A token bead in short: its event and, where it was rejected, why and whether for good."""
    if token.event is not TokenEvent.REJECTED:
        return token.event.value
    reason = "" if token.reason is None else token.reason.value
    return f"REJECTED({reason}, final)" if token.final else f"REJECTED({reason})"


# --- Given ----------------------------------------------------------------------------------------------------------


@given("another approved entry that was not sent yet")
def another_approved(scene: Scene) -> None:
    approved_proposal(scene)


@given("an entry approved 3 times that was not sent yet")
def approved_three_times(scene: Scene) -> None:
    proposal(scene)
    for _ in range(3):
        scene.approve(submit=False)
        scene.require_nothing_refused()


@given("an executor whose memory may lag behind the beads")
def forgetful(scene: Scene) -> None:
    scene.prepare(store_factory=ForgetfulStore)


@given("the entry was submitted, which the executor's memory does not show")
def submitted_and_forgotten(scene: Scene) -> None:
    store = scene.world.container.store()
    assert isinstance(store, ForgetfulStore)
    before = store.view().state
    scene.world.submit(scene.intent())
    store.memory = before


@given("the broker will reject the next order")
def broker_rejects(scene: Scene) -> None:
    scene.world.inject(reject(Which(role=LegRole.ENTRY, nth=1)))


@given(phrase("it is {time:Minutes} minutes later, before any sweep"))
def later_before_any_sweep(scene: Scene, time: timedelta) -> None:
    scene.world.clock.advance_to(scene.world.now + time)


@given("other evidence was frozen behind the approval")
def other_evidence(scene: Scene) -> None:
    shown = scene.world.payloads(EvidencePayload)[-1]
    append_as_another_process(scene.world, shown, bundle={"quantity": "999999"}, bundle_hash="0" * 64)


@given("the approved order was altered behind the approval")
def altered_order(scene: Scene) -> None:
    append_as_another_process(scene.world, scene.world.payloads(EvidencePayload)[-1], order_hash="0" * 64)


@given(phrase("the token of the {mine:Which} was shown for the {other:Which}"))
def was_shown_for(scene: Scene, mine: int, other: int) -> None:
    shown_for(scene, mine, other)
    scene.take_refusal()


@given("the trader approved the proposal again without sending it")
@when("the trader approves the proposal without sending it")
def approves_without_sending(scene: Scene) -> None:
    scene.approve(submit=False)


@given("the trader withdrew the approval")
@when("the trader withdraws the approval")
def withdraws(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.WITHDRAW, scene.intent(), reason="changed my mind"))


# --- When -----------------------------------------------------------------------------------------------------------


@when(phrase("the token of the {which:Which} is shown again"))
def shown_again(scene: Scene, which: int) -> None:
    show(scene, token_of(scene, which), scene.intent(which))


@when(phrase("the token of the {mine:Which} is shown for the {other:Which}"))
def shown_for(scene: Scene, mine: int, other: int) -> None:
    show(scene, token_of(scene, mine), scene.intent(other))


@when("the token of the proposal is shown with a guessed secret")
def shown_with_guess(scene: Scene) -> None:
    show(scene, token_of(scene, -1), scene.intent(), secret="0" * 64)


@when("a token that was never issued is shown for the proposal")
def never_issued(scene: Scene) -> None:
    show(scene, IssuedToken(UNKNOWN_TOKEN_ID, scene.intent(), "0" * 64), scene.intent())


@when("the first token of the proposal is shown")
def first_token_shown(scene: Scene) -> None:
    show(scene, scene.tokens[0], scene.intent())


# --- Then -----------------------------------------------------------------------------------------------------------


@then(phrase("the token beads of the {which:Which} read {stories}"))
def token_beads_read(scene: Scene, which: int, stories: str) -> None:
    found = ", ".join(story(token) for token in scene.world.tokens(scene.intent(which)))
    assert found == stories


@then(phrase("the token beads of the exit read {stories}"))
def exit_token_beads_read(scene: Scene, stories: str) -> None:
    assert ", ".join(story(token) for token in scene.world.tokens(scene.notes["exit"])) == stories


@then(phrase("the token beads of the {which:Which} end with {last}"))
def token_beads_end_with(scene: Scene, which: int, last: str) -> None:
    shown_id = token_of(scene, which).token_id if len(scene.proposals) > 1 else scene.tokens[0].token_id
    found = [token for token in scene.world.payloads(TokenPayload) if token.token_id == shown_id]
    assert story(found[-1]) == last, [story(token) for token in found]


@then(phrase("{count:d} tokens were issued for the proposal"))
def tokens_issued(scene: Scene, count: int) -> None:
    issued = [token for token in scene.world.tokens(scene.intent()) if token.event is TokenEvent.ISSUED]
    assert len(issued) == count
