"""What a human can decide next about a position: the decisions that its state allows, without naming any surface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phoenix.domain.numbers import ZERO
from phoenix.domain.position import PROTECTIVE, ActionStage, Position
from phoenix.domain.vocabulary import DecisionKind, PositionState


@dataclass(frozen=True, slots=True)
class Way:
    """A decision that is open, what it is about, and what it would do."""

    decision: DecisionKind
    subject_id: str
    text: str


def ways_on(position: Position) -> tuple[Way, ...]:
    """The decisions that are open, those that settle what is unknown first. The core has the last word on each."""
    return (
        *_settling(position), *_cancelling(position), *_deciding(position), *_adopting(position), *_exiting(position)
    )  # fmt: skip


def _settling(position: Position) -> Iterator[Way]:
    leg = position.leg_in_question
    if leg is None or (position.state is PositionState.SUBMITTED and not leg.is_unborne):
        return
    what = f"the {leg.leg.role.value} order {leg.leg.reference}"
    if leg.is_unborne:
        yield Way(DecisionKind.ATTEST_ABSENT, position.position_id, f"say that the broker never filled {what}")
        return
    yield Way(DecisionKind.ATTEST_ABSENT, position.position_id, f"say that the broker does not have {what}")
    if leg.permanent_id is None:
        yield Way(DecisionKind.BIND, position.position_id, f"say under which permanent id the broker has {what}")


def _cancelling(position: Position) -> Iterator[Way]:
    answered = [leg for leg in position.alive_legs if not leg.is_unanswered]
    resting = [leg for leg in answered if leg.leg.role not in PROTECTIVE]
    is_left_over = position.open_quantity <= ZERO or _has_ended(position)
    legs = resting or (answered if is_left_over else [])
    if legs:
        roles = ", ".join(dict.fromkeys(leg.leg.role.value for leg in legs))
        yield Way(DecisionKind.CANCEL, position.position_id, f"cancel what can still execute: {roles}")


def _deciding(position: Position) -> Iterator[Way]:
    if position.state in (PositionState.PROPOSED, PositionState.APPROVED):
        yield from _of_intent(position.intent_id, "ENTRY", position.state is PositionState.APPROVED)
    for action in position.actions:
        if action.stage in (ActionStage.PROPOSED, ActionStage.APPROVED, ActionStage.CANCELLING):
            yield from _of_intent(action.intent_id, action.kind.value, action.stage is not ActionStage.PROPOSED)


def _of_intent(intent_id: str, what: str, is_approved: bool) -> Iterator[Way]:
    if is_approved:
        yield Way(DecisionKind.WITHDRAW, intent_id, f"take the approval of the {what} back")
        return
    yield Way(DecisionKind.APPROVE, intent_id, f"approve the {what}")
    yield Way(DecisionKind.PASS, intent_id, f"drop the {what}")


def _adopting(position: Position) -> Iterator[Way]:
    is_stray = position.open_quantity < ZERO or (_has_ended(position) and position.open_quantity > ZERO)
    if is_stray and not position.alive_legs and position.unsettled_action is None:
        yield Way(DecisionKind.ADOPT, position.position_id, "make a position of what is held after all")


def _exiting(position: Position) -> Iterator[Way]:
    if position.open_quantity <= ZERO or _has_ended(position) or position.unsettled_action is not None:
        return
    yield Way(DecisionKind.CLOSE, position.position_id, "propose to close it")
    yield Way(DecisionKind.PROTECT, position.position_id, "propose a new stop, and a target")


def _has_ended(position: Position) -> bool:
    return position.state is not None and position.state.is_terminal
