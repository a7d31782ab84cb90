"""Phoenix's book changed by a human's word: quantities and statuses, never an execution, and always signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from phoenix.application.trading.exits import continue_if_ready
from phoenix.application.trading.matching import Match
from phoenix.application.trading.positions import move, progress, snapshot
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, signed_open
from phoenix.domain.vocabulary import (
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    RefusalReason,
    Side,
    Trigger,
)

NOBODY = "NONE"
"""Named in place of a position: Phoenix's book bears it, and no position does."""

_WAITING = frozenset({PositionState.SUBMITTED, PositionState.STALLED})
_ENDS = {
    OrderStatus.CANCELLED: (OrderEvent.CANCELLED, Trigger.BROKER_CANCELLED),
    OrderStatus.REJECTED: (OrderEvent.REJECTED, Trigger.BROKER_REJECTED),
}


def adjust(
    work: Work, position: Position, quantity: Decimal, signer: Signer, decision: DecisionPayload, *,
    order: str | None = None,
) -> None:  # fmt: skip
    """Add to what is open in a position, in its direction; with nothing open and no order alive, it ends."""
    if position.state is None:
        raise ValueError("a position without a state holds nothing")
    adjusted = replace(position, adjusted=position.adjusted + quantity, adjusted_at=work.now)
    payload = snapshot(
        adjusted, position.state, Trigger.ADJUSTED, detail=decision.reason, decision_id=decision.decision_id
    )
    work.record(replace(payload, adjusted=quantity, adjusted_order=order), signer=signer)
    continue_if_ready(work, progress(work, work.require_position(position.position_id)))


def share_out(
    state: State, pair: str, quantity: Decimal, decision: DecisionPayload
) -> tuple[list[tuple[Position, Decimal]], Decimal]:
    """Who bears a signed change of an instrument's net, each in the direction of its side; and what nobody does.

    The position that `detail` names bears all of it. Unnamed, a change takes from what nobody bears and then from the
    positions on the other side, oldest first; one that adds goes to the only position there is. Raises Refused.
    """
    named = decision.detail.get("position_id") if isinstance(decision.detail, Mapping) else None
    held = sorted(
        (p for p in state.positions.values() if p.terms.pair == pair and p.open_quantity != ZERO),
        key=lambda p: (p.opened_at is not None, p.opened_at, p.position_id),
    )  # fmt: skip
    if quantity == ZERO or named == NOBODY:
        return [], quantity
    if named is not None:
        return [_borne_by(held, str(named), quantity)], ZERO
    unattributed = _taken(state.reconciliation.adjustments.get(pair, ZERO), quantity)
    shares, rest = _reduced(held, quantity - unattributed)
    if rest == quantity and held:
        if len(held) > 1:
            raise _must_be_named(pair, held)
        return [(held[0], _in_direction(held[0], rest))], ZERO
    return shares, unattributed + rest


def take_over_status(
    work: Work, match: Match, status: OrderStatus, signer: Signer, decision: DecisionPayload
) -> None:  # fmt: skip
    """Let an order stand as the broker has it. An entry that ended unfilled ends its position, as the table has it."""
    leg = match.leg
    event, trigger = _ENDS.get(status, (OrderEvent.STATUS, None))
    work.record(
        OrderPayload(
            event=event, order_group_id=leg.order_group_id, intent_id=None, intent_kind=None,
            position_id=match.position.position_id, client_order_id=leg.leg.reference, role=leg.leg.role,
            session_order_id=leg.leg.session_order_id, permanent_id=leg.permanent_id, status=status,
            reason=decision.reason, decision_id=decision.decision_id,
        ),
        signer=signer,
    )  # fmt: skip
    position = work.require_position(match.position.position_id)
    is_waiting = leg.leg.role is LegRole.ENTRY and position.state in _WAITING and position.open_quantity == ZERO
    if trigger is not None and is_waiting:
        position = move(work, position, trigger, signer=signer, detail=decision.reason)
    continue_if_ready(work, progress(work, position))


def _borne_by(held: list[Position], position_id: str, quantity: Decimal) -> tuple[Position, Decimal]:
    position = next((p for p in held if p.position_id == position_id), None)
    if position is None:
        raise Refused(
            RefusalReason.NOT_FOUND, "position_id", f"nothing is open in a position {position_id} of this instrument",
            f"Name one that is open there, or {NOBODY}",
        )  # fmt: skip
    change = _in_direction(position, quantity)
    if position.open_quantity + change < ZERO:
        raise Refused(
            RefusalReason.MALFORMED, "position_id",
            f"{decimal_text(position.open_quantity)} is open in it, a change by {decimal_text(change)} would turn it "
            "over",
            f"Name none, so that others bear the rest, or {NOBODY}",
        )  # fmt: skip
    return position, change


def _must_be_named(pair: str, held: list[Position]) -> Refused:
    ids = ", ".join(position.position_id for position in held)
    return Refused(
        RefusalReason.MALFORMED, "position_id", f"{len(held)} positions are open in {pair}, which of them has more?",
        f"Name one of {ids}, or {NOBODY}",
    )  # fmt: skip


def _reduced(held: list[Position], quantity: Decimal) -> tuple[list[tuple[Position, Decimal]], Decimal]:
    """The positions that a change takes from, oldest first, and what is left of it."""
    shares = []
    for position in held:
        taken = _taken(signed_open(position), quantity)
        if taken:
            shares.append((position, _in_direction(position, taken)))
            quantity -= taken
    return shares, quantity


def _taken(held: Decimal, quantity: Decimal) -> Decimal:
    """How much of a signed change takes from a signed holding without turning it over."""
    if held * quantity >= ZERO:
        return ZERO
    return quantity if abs(quantity) <= abs(held) else -held


def _in_direction(position: Position, signed: Decimal) -> Decimal:
    return signed if position.terms.side is Side.LONG else -signed
