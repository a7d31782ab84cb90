"""What is wrong with a position, in words: the same on every surface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.position import ActionStage, LegState, Position
from phoenix.domain.vocabulary import LegRole, OrderStatus, PositionState, Protection

_AT_WORK = frozenset({ActionStage.APPROVED, ActionStage.CANCELLING, ActionStage.SENT})


@dataclass(frozen=True, slots=True)
class Concern:
    """`word` is what a table shows, `text` the whole of it. A concern that is not `is_urgent` is no fault."""

    word: str
    text: str
    is_urgent: bool = True


def concerns_of(position: Position) -> tuple[Concern, ...]:
    """What a human should know about a position, the worst first."""
    return (
        *_stalled(position), *_stray(position), *_unprotected(position), *_orders_in_question(position),
        *_left_over(position), *_silent(position), *_exit_rests(position), *_part_filled(position),
    )  # fmt: skip


def _stalled(position: Position) -> Iterator[Concern]:
    if position.state is PositionState.STALLED:
        yield Concern("STALLED", "nobody knows whether the broker has the entry; it is never sent again by itself")


def _stray(position: Position) -> Iterator[Concern]:
    held, pair = position.open_quantity, position.terms.pair
    if held < ZERO:
        yield Concern("PAST FLAT", f"its exits executed {decimal_text(-held)} {pair} more than was open; adopt that")
    elif held > ZERO and _has_ended(position):
        yield Concern("STRAY", f"it ended and {decimal_text(held)} {pair} are open after all; adopt them")


def _unprotected(position: Position) -> Iterator[Concern]:
    if position.open_quantity <= ZERO or position.protection is Protection.EXACT:
        return
    is_exiting = position.unsettled_action is not None and position.unsettled_action.stage in _AT_WORK
    quantity = f"{decimal_text(position.open_quantity)} {position.terms.pair} open"
    texts = {
        Protection.NONE: ("UNPROTECTED", f"{quantity}, and no stop works at the broker"),
        Protection.UNDER: ("UNDERPROTECTED", f"{quantity}, and the stop covers less"),
        Protection.OVER: ("OVERPROTECTED", f"{quantity}, and the stop covers more"),
        Protection.UNKNOWN: ("UNPROTECTED?", f"{quantity}, and it is not known whether a stop works"),
    }
    word, text = texts[position.protection]
    yield Concern(word, f"{text}{' while an exit or protection is under way' if is_exiting else ''}")


def _orders_in_question(position: Position) -> Iterator[Concern]:
    for leg in position.legs:
        if leg.is_unborne:
            stated, told = decimal_text(leg.filled_reported), decimal_text(leg.executed)
            yield Concern("FILL?", f"{_name(leg)}: the broker states {stated} filled, its executions {told}")
        elif leg.is_alive and leg.status is OrderStatus.UNKNOWN:
            yield Concern("ORDER?", f"{_name(leg)}: it is not in the broker's books any more")
        elif leg.is_alive and not leg.is_acknowledged and position.state is not PositionState.SUBMITTED:
            yield Concern("ORDER?", f"{_name(leg)}: the broker never spoke of it")


def _left_over(position: Position) -> Iterator[Concern]:
    count = len(position.alive_legs)
    if count and (_has_ended(position) or (position.open_quantity <= ZERO and _is_entered(position))):
        over = "it ended" if _has_ended(position) else "nothing is open"
        yield Concern("LEFT OVER", f"{over}, and {count} of its orders can still execute at the broker")


def _silent(position: Position) -> Iterator[Concern]:
    action = position.unsettled_action
    if action is not None and action.is_silent:
        doing = "the cancels before it" if action.stage is ActionStage.CANCELLING else "it"
        yield Concern(f"{action.kind.value} SILENT", f"the broker has not answered {doing}; it is never sent again")


def _exit_rests(position: Position) -> Iterator[Concern]:
    for leg in position.alive_legs:
        if leg.leg.role is LegRole.EXIT and leg.status is OrderStatus.WORKING:
            text = f"{decimal_text(leg.executed)} of {decimal_text(leg.total)} are out, the rest can still fill"
            yield Concern("EXIT RESTS", text, is_urgent=False)


def _part_filled(position: Position) -> Iterator[Concern]:
    entry = position.entry_leg
    if entry is not None and entry.is_alive and ZERO < entry.executed < entry.total:
        text = f"{decimal_text(entry.executed)} of {decimal_text(entry.total)} are filled, the rest can still fill"
        yield Concern("PART-FILLED", text, is_urgent=False)


def _has_ended(position: Position) -> bool:
    return position.state is not None and position.state.is_terminal


def _is_entered(position: Position) -> bool:
    return position.state in (PositionState.FILLED, PositionState.MANAGED)


def _name(leg: LegState) -> str:
    return f"{leg.leg.role.value} order {leg.leg.reference}"
