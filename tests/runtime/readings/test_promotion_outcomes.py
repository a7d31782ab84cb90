"""What an approval of a promotion came to, told from the beads at any moment; and which words say so."""

from __future__ import annotations

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.outcomes import exit_code_of
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.vocabulary import DecisionKind
from phoenix.rehearsal.performance import month
from phoenix.rehearsal.world import World
from phoenix.runtime.documents.outcomes import outcome_document, outcome_text
from phoenix.runtime.readings.outcomes import Outcome, outcome_of_decision

NAME = "fvg-retest"


@pytest.fixture
def world() -> World:
    made = World()
    made.register(NAME)
    made.decide(DecisionKind.IMPORT_PERFORMANCE, NAME, detail=month(NAME))
    return made


def told(world: World, kind: DecisionKind) -> Outcome:
    """The outcome of the last decision of a kind."""
    placed = [
        (payload, item.seq)
        for item in world.container.store().read()
        if isinstance(payload := item.bead.payload, DecisionPayload) and payload.kind is kind
    ]
    outcome = outcome_of_decision(world.container.store(), *placed[-1])
    assert outcome is not None
    return outcome


def test_asking_brings_an_intent_about_and_promotes_nothing(world: World) -> None:
    intent_id = world.decide(DecisionKind.PROMOTE, NAME)
    outcome = told(world, DecisionKind.PROMOTE)
    assert (outcome.intent_id, outcome.promotion, outcome.is_settled) == (intent_id, None, True)
    assert outcome_text(outcome) == "asked for: the promotion waits for approval"


def test_an_approval_that_is_not_carried_out_yet_is_not_done(world: World) -> None:
    intent_id = str(world.decide(DecisionKind.PROMOTE, NAME))
    world.approve(intent_id, submit=False)
    outcome = told(world, DecisionKind.APPROVE)
    assert (outcome.is_settled, exit_code_of(outcome)) == (False, ExitCode.NOT_YET_KNOWN)
    assert "still in SHADOW" in outcome_text(outcome)
    world.approve(intent_id)
    again = told(world, DecisionKind.APPROVE)
    assert (again.is_settled, outcome_text(again)) == (True, f"promoted: {NAME} is LIVE")
    assert outcome_document(again)["order"] is None


def test_passing_and_withdrawing_say_that_it_stays_in_shadow(world: World) -> None:
    world.decide(DecisionKind.PASS, str(world.decide(DecisionKind.PROMOTE, NAME)))
    assert outcome_text(told(world, DecisionKind.PASS)) == f"passed: {NAME} stays in SHADOW"
    intent_id = str(world.decide(DecisionKind.PROMOTE, NAME))
    world.approve(intent_id, submit=False)
    world.decide(DecisionKind.WITHDRAW, intent_id, reason="second thoughts")
    withdrawn = told(world, DecisionKind.WITHDRAW)
    assert outcome_text(withdrawn) == f"withdrawn: {NAME} stays in SHADOW (second thoughts)"
    assert told(world, DecisionKind.APPROVE).promotion == withdrawn.promotion


def test_an_import_counts_what_is_new_on_record(world: World) -> None:
    assert told(world, DecisionKind.IMPORT_PERFORMANCE).imported == (20, 20)
    world.decide(DecisionKind.IMPORT_PERFORMANCE, NAME, detail=month(NAME, sessions=22))
    outcome = told(world, DecisionKind.IMPORT_PERFORMANCE)
    assert (outcome.imported, outcome.position_id) == ((2, 2), None)
    assert outcome_text(outcome) == "imported: 2 sessions and 2 autopsies"
