"""Moving positions: the only place where POSITION beads are made."""

from __future__ import annotations

from dataclasses import replace

from phoenix.application.effects import RunAutopsy
from phoenix.application.work import Work
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.trading import PositionPayload
from phoenix.domain.executions import Fill, FillBook
from phoenix.domain.lifecycle import transition
from phoenix.domain.position import Position
from phoenix.domain.profit import realised_pnl
from phoenix.domain.vocabulary import PositionState, Protection, Trigger


def move(
    work: Work, position: Position, trigger: Trigger, *, signer: Signer | None = None, detail: str | None = None,
    decision_id: str | None = None, adopted_from: str | None = None,
) -> Position:  # fmt: skip
    """Carry out a transition and record it. Raises InvalidTransition, having changed nothing."""
    target = transition(position.state, trigger)
    payload = snapshot(position, target, trigger, detail=detail, decision_id=decision_id, adopted_from=adopted_from)
    _record(work, payload, signer)
    if target is PositionState.CLOSED:
        work.then(RunAutopsy(position.position_id))
    return _after(work, position)


def note(work: Work, position: Position, trigger: Trigger, *, detail: str | None = None) -> Position:
    """Record what an execution changed on a position that stays in its state."""
    if position.state is None:
        raise ValueError("a position without a state has nothing to note")
    _record(work, snapshot(position, position.state, trigger, detail=detail), None)
    return _after(work, position)


def progress(work: Work, position: Position) -> Position:
    """Make the moves that what is known by now calls for: protected, or exited."""
    if position.state in (PositionState.FILLED, PositionState.MANAGED) and position.is_exited:
        return move(work, position, Trigger.EXIT_COMPLETED)
    if position.state is PositionState.FILLED and position.protection is Protection.EXACT:
        return move(work, position, Trigger.PROTECTION_EXACT)
    return position


def snapshot(
    position: Position, state: PositionState, trigger: Trigger, *, detail: str | None = None,
    decision_id: str | None = None, adopted_from: str | None = None, adopted: Fill | None = None,
) -> PositionPayload:  # fmt: skip
    """The POSITION payload of a position that is in, or moves to, `state`; with what is `adopted` as its entry."""
    if adopted is not None:
        position = replace(position, fills=FillBook((adopted,)))
    terms, fills, entry = position.terms, position.fills, position.entry_leg
    return PositionPayload(
        position_id=position.position_id, intent_id=position.intent_id, signal_id=position.signal_id,
        token_id=position.token_id, permanent_id=entry.permanent_id if entry is not None else None,
        strategy_id=position.strategy_id, account=terms.account, pair=terms.pair, side=terms.side, state=state,
        previous_state=position.state, trigger=trigger, entry_price=terms.entry_price, stop_price=terms.stop_price,
        target_price=terms.target_price, average_entry_price=fills.average_entry_price,
        average_exit_price=fills.average_exit_price, requested_quantity=terms.quantity,
        filled_quantity=fills.entry_quantity, partial_fill_ratio=position.partial_fill_ratio,
        open_quantity=position.open_quantity, protection=position.protection,
        realised_pnl=realised_pnl(fills, terms.side, position.money_rule),
        exit_reason=position.exit_reason if state is PositionState.CLOSED else None, detail=detail,
        decision_id=decision_id, adopted_from=adopted_from,
    )  # fmt: skip


def _record(work: Work, payload: PositionPayload, signer: Signer | None) -> None:
    if signer is None:
        work.record(payload)
    else:
        work.record(payload, signer=signer)


def _after(work: Work, position: Position) -> Position:
    return work.position(position.position_id) or position
