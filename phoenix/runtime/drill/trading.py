"""Following the drill's position from the broker's first word to its end. No word in time is UNKNOWN."""

from __future__ import annotations

from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidTransition, InvalidValue
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.position import ActionStage, Position
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, ExitReason, PositionState, Protection
from phoenix.runtime.drill.floor import Floor
from phoenix.runtime.drill.gate import approved, refused
from phoenix.runtime.drill.plan import TARGET_LIMIT_S
from phoenix.runtime.drill.steps import Result, failed, ok, unknown
from phoenix.runtime.readings.orders import last_words_of
from phoenix.runtime.readings.reviews import Review

_LOOK = "It is an ordinary position, with its ordinary ways out: phoenix positions show"
_EXITS = {ExitReason.TAKE_PROFIT.value: "the target was hit", ExitReason.STOP_LOSS.value: "the stop was hit"}


async def acknowledged(floor: Floor) -> Result:
    came = await floor.follow(lambda position: _is_acknowledged(position) or _has_ended(position), floor.plan.wait_s)
    position = floor.position
    entry = position.entry_leg
    if not came or entry is None:
        return unknown(f"the broker has not spoken of the entry within {floor.plan.wait_s:g} s", _LOOK)
    if position.state is PositionState.REJECTED or not entry.is_acknowledged:
        return failed(f"the entry is {_state(position)}: {_word(floor, entry.leg.reference)}", _LOOK)
    return ok(
        f"the entry is {entry.status.value} under permanent id {entry.permanent_id}", permanent_id=entry.permanent_id
    )


def _is_acknowledged(position: Position) -> bool:
    return position.entry_leg is not None and position.entry_leg.is_acknowledged


async def filled(floor: Floor) -> Result:
    """Whole, or as much as came in time, with what is still open of the order."""
    await floor.follow(lambda position: _is_filled(position) or _has_ended(position), floor.plan.wait_s)
    position = floor.position
    wanted, got = position.terms.quantity, position.fills.entry_quantity
    figures: dict[str, Json] = {"requested": decimal_text(wanted), "filled": decimal_text(got)}
    if got <= ZERO and _has_ended(position):
        return failed(f"nothing was filled: the position is {_state(position)}", _LOOK, **figures)
    if got <= ZERO:
        return unknown(f"no execution within {floor.plan.wait_s:g} s; the entry may still fill", _LOOK, **figures)
    average = position.fills.average_entry_price
    figures |= {"average": None if average is None else decimal_text(average)}
    how = "whole" if got >= wanted else f"partly, {decimal_text(wanted - got)} of it not"
    return ok(f"{how}: {decimal_text(got)} of {decimal_text(wanted)} at {figures['average']}", **figures)


def _is_filled(position: Position) -> bool:
    return position.fills.entry_quantity >= position.terms.quantity


async def managed(floor: Floor) -> Result:
    came = await floor.follow(_is_managed, floor.plan.wait_s)
    position = floor.position
    figures: dict[str, Json] = {"state": _state(position), "protection": position.protection.value}
    if not came:
        return unknown(
            f"{_state(position)} with protection {position.protection.value} after {floor.plan.wait_s:g} s", _LOOK,
            **figures,
        )  # fmt: skip
    if _has_ended(position):
        return failed("it has ended before its protection was seen", "Look at its story: phoenix positions history",
                      **figures)  # fmt: skip
    return ok("MANAGED, and the stop at the broker is for exactly what is open: EXACT", **figures)


def _is_managed(position: Position) -> bool:
    is_exact = position.state is PositionState.MANAGED and position.protection is Protection.EXACT
    return is_exact or _has_ended(position)


async def exit_(floor: Floor) -> Result:
    """The target, or after a while a human's exit; a stop or target that was hit meanwhile is a way out as well."""
    if floor.plan.until_target:
        limit_s = max(TARGET_LIMIT_S, floor.plan.wait_s)
        if not await floor.follow(_is_exited, limit_s):
            return unknown(f"neither target nor stop was hit within {limit_s:g} s", _LOOK)
    elif not await floor.follow(_is_exited, floor.plan.hold_s):
        return await _by_hand(floor)
    reason = floor.position.exit_reason
    how = "" if reason is None else reason.value
    return ok(_EXITS.get(how, f"it was closed: {how or 'nothing is open any more'}"), exit_reason=how or None)


def _is_exited(position: Position) -> bool:
    return position.open_quantity <= ZERO or _has_ended(position)


async def _by_hand(floor: Floor) -> Result:
    """An exit, proposed, reviewed and approved like everything else."""
    try:
        await floor.decide(DecisionKind.CLOSE, floor.position_id, "the end of a drill")
        proposed = [action for action in floor.position.actions if action.stage is ActionStage.PROPOSED]
        review = floor.read.review(proposed[-1].intent_id)
        assert isinstance(review, Review), "an exit is about a position"
        floor.approver.show(review, floor.quote)
        return await approved(floor, review, _exit_sent)
    except (Refused, InvalidValue, InvalidTransition) as refusal:
        return refused(refusal)


def _exit_sent(floor: Floor, decision: DecisionPayload) -> Result:
    action = floor.position.action(decision.subject_id)
    stage = "ENDED" if action is None else action.stage.value
    return ok(
        f"a human's exit, approved; it is {stage}", exit_reason=ExitReason.MANUAL.value, intent_id=decision.subject_id
    )


async def closed(floor: Floor) -> Result:
    came = await floor.follow(_has_ended, floor.plan.wait_s)
    position = floor.position
    figures: dict[str, Json] = {"state": _state(position), "open_quantity": decimal_text(position.open_quantity)}
    if not came:
        return unknown(
            f"{_state(position)} with {decimal_text(position.open_quantity)} open after {floor.plan.wait_s:g} s", _LOOK,
            **figures,
        )  # fmt: skip
    if position.state is not PositionState.CLOSED:
        return failed(f"it ended as {_state(position)}", "Look at its story: phoenix positions history", **figures)
    entry, exit_price = position.fills.average_entry_price, position.fills.average_exit_price
    ended_at = "" if position.ended_at is None else instant_text(position.ended_at)
    figures |= {"ended_at": ended_at}
    return ok(f"CLOSED: in at {entry}, out at {exit_price}", **figures)


def _has_ended(position: Position) -> bool:
    return position.state is not None and position.state.is_terminal


def _state(position: Position) -> str:
    return "none" if position.state is None else position.state.value


def _word(floor: Floor, reference: str) -> str:
    word = last_words_of(floor.running.parts.store, [floor.position_id]).get(reference)
    return "the broker gave no reason" if word is None else str(word.payload.reason or word.payload.event.value)
