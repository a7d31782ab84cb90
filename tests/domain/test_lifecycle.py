"""The lifecycle table of positions, written out a second time: what it holds happens, and nothing else ever does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phoenix.application import decisions
from phoenix.application.trading.positions import move
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.beads.trading import PositionPayload
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.lifecycle import TRANSITIONS, transition
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason, Trigger
from phoenix.rehearsal.world import World

TABLE = {
    ("-", "INTENT_ACCEPTED"): "PROPOSED",
    ("-", "ORDER_ADOPTED"): "SUBMITTED",
    ("-", "HOLDING_ADOPTED"): "FILLED",
    ("PROPOSED", "TOKEN_ISSUED"): "APPROVED",
    ("PROPOSED", "PASSED"): "CANCELLED",
    ("PROPOSED", "SESSION_ENDED"): "CANCELLED",
    ("APPROVED", "ATTEMPT_RECORDED"): "SUBMITTED",
    ("APPROVED", "TOKEN_ENDED"): "EXPIRED",
    ("APPROVED", "WITHDRAWN"): "EXPIRED",
    ("SUBMITTED", "EXECUTION"): "FILLED",
    ("SUBMITTED", "BROKER_REJECTED"): "REJECTED",
    ("SUBMITTED", "BROKER_CANCELLED"): "CANCELLED",
    ("SUBMITTED", "NOT_SENT"): "CANCELLED",
    ("SUBMITTED", "SILENCE"): "STALLED",
    ("SUBMITTED", "RECOVERY_INCONCLUSIVE"): "STALLED",
    ("STALLED", "EXECUTION"): "FILLED",
    ("STALLED", "BROKER_ACKNOWLEDGED"): "SUBMITTED",
    ("STALLED", "BROKER_REJECTED"): "REJECTED",
    ("STALLED", "BROKER_CANCELLED"): "CANCELLED",
    ("STALLED", "ATTESTED_ABSENT"): "CANCELLED",
    ("FILLED", "PROTECTION_EXACT"): "MANAGED",
    ("FILLED", "EXIT_COMPLETED"): "CLOSED",
    ("MANAGED", "EXIT_COMPLETED"): "CLOSED",
}
STATES: list[PositionState | None] = [None, *PositionState]
PAIRS = [(state, trigger) for state in STATES for trigger in Trigger]
INVALID = [(state, trigger) for state, trigger in PAIRS if (state or "-", trigger) not in TABLE]


@pytest.mark.parametrize(("state", "trigger"), [pair for pair in PAIRS if pair not in INVALID])
def test_a_pair_of_the_table_leads_where_the_table_says(state: PositionState | None, trigger: Trigger) -> None:
    assert transition(state, trigger) == TABLE[state or "-", trigger]


@pytest.mark.parametrize(("state", "trigger"), INVALID)
def test_any_other_pair_raises(state: PositionState | None, trigger: Trigger) -> None:
    with pytest.raises(InvalidTransition, match=f"{state or 'none'}.*{trigger}.*nothing was changed"):
        transition(state, trigger)


def test_the_table_has_no_more_rows_than_the_specification() -> None:
    assert len(PAIRS) == 11 * 20
    assert len(TRANSITIONS) == len(TABLE) == len(PAIRS) - len(INVALID) == 23


@pytest.mark.parametrize("state", [state for state in PositionState if state.is_terminal])
def test_nothing_leads_out_of_a_terminal_state(state: PositionState) -> None:
    assert not [trigger for trigger in Trigger if (state, trigger) in TRANSITIONS]


@pytest.fixture(scope="module")
def world() -> World:
    world = World()
    world.register()
    return world


@pytest.fixture(scope="module")
def position_id(world: World) -> str:
    return world.enter().position_id


@pytest.mark.parametrize(("state", "trigger"), INVALID)
def test_the_kernel_records_an_invalid_transition_and_changes_nothing(
    world: World, position_id: str, state: PositionState | None, trigger: Trigger, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_state = replace(world.position(position_id), state=state)
    monkeypatch.setitem(decisions._HANDLERS, DecisionKind.PASS, lambda work, *_: move(work, in_state, trigger))
    positions, count = world.state.positions, len(world.beads)

    refused = world.refused(lambda: world.decide(DecisionKind.PASS, position_id))

    assert isinstance(refused, InvalidTransition)
    decided, recorded = (bead.payload for bead in world.beads[count:])
    assert isinstance(decided, DecisionPayload)
    assert isinstance(recorded, RefusalPayload)
    assert (recorded.reason, recorded.decision_id) == (RefusalReason.TRANSITION, decided.decision_id)
    assert world.state.positions == positions


def test_moving_a_position_leaves_one_position_bead_that_names_both_states(world: World) -> None:
    proposed = world.signal().position_id
    moved = [payload for payload in world.payloads(PositionPayload) if payload.position_id == proposed]
    assert [(payload.previous_state, payload.state) for payload in moved] == [(None, PositionState.PROPOSED)]
